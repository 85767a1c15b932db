"""`policyOverrideSet`: one edition of the policy for one account."""

from domain.commands.policy import SetPolicyOverride
from operations.policy.set_policy_override import OverrideSet, set_policy_override
from resolvers.asked import Asks
from resolvers.context import RequestContext
from resolvers.mutations.deed import Payload, Wrote, in_one, perform


async def policy_override_set(context: RequestContext, input: Asks[SetPolicyOverride]) -> Payload:
    """Set; bad input is an entry that names its field."""
    return await perform(context, input, "accountId", in_one(set_policy_override), _wrote)


def _wrote(outcome: OverrideSet) -> Wrote:
    return Wrote({"account": ("Account", outcome.account_id)})
