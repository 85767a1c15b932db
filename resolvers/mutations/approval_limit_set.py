"""`approvalLimitSet`: how much one of us may approve."""

from domain.commands import SetApprovalLimit
from domain.ids import PREFIXES, public_id
from operations.approvals.set_approval_limit import LimitSet, set_approval_limit
from resolvers.amounts import amount
from resolvers.asked import Asks
from resolvers.context import RequestContext
from resolvers.mutations.deed import Payload, Wrote, in_one, perform


async def approval_limit_set(context: RequestContext, input: Asks[SetApprovalLimit]) -> Payload:
    """Set; bad input is an entry that names its field."""
    return await perform(context, input, "userId", in_one(set_approval_limit), _wrote)


def _wrote(outcome: LimitSet) -> Wrote:
    user = public_id(PREFIXES["User"], outcome.user_id)
    return Wrote(values={"user_id": user, "limit": amount(outcome.limit), "until": outcome.until})
