"""`policyRolloutSet`: roll an edition of the policy out, or take it back."""

from domain.commands.policy import SetPolicyRollout
from operations.asking_catalog import CatalogDeed
from operations.policy.set_policy_rollout import set_policy_rollout
from resolvers.asked import Asks
from resolvers.context import RequestContext
from resolvers.mutations.deed import Payload, Wrote, in_one, perform


async def policy_rollout_set(context: RequestContext, input: Asks[SetPolicyRollout]) -> Payload:
    """Set; bad input is an entry that names its field."""
    return await perform(context, input, "version", in_one(set_policy_rollout), _wrote)


def _wrote(outcome: CatalogDeed) -> Wrote:
    return Wrote({"rollout": ("PolicyRollout", outcome.subject_id)})
