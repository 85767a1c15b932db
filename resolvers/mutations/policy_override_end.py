"""`policyOverrideEnd`: the rollouts say again which edition decides for an account."""

from domain.commands.policy import EndPolicyOverride
from operations.policy.end_policy_override import OverrideEnded, end_policy_override
from resolvers.asked import Asks
from resolvers.context import RequestContext
from resolvers.mutations.deed import Payload, Wrote, in_one, perform


async def policy_override_end(context: RequestContext, input: Asks[EndPolicyOverride]) -> Payload:
    """End; what cannot be ended is an entry that says why."""
    return await perform(context, input, "accountId", in_one(end_policy_override), _wrote)


def _wrote(outcome: OverrideEnded) -> Wrote:
    return Wrote({"account": ("Account", outcome.account_id)})
