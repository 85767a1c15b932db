"""`approvalReject`: turn a request for approval down."""

from domain.commands import AnswerApproval
from operations.approvals.reject_approval import ApprovalRejected, reject_approval
from resolvers.asked import Asks
from resolvers.context import RequestContext
from resolvers.mutations.deed import Payload, Wrote, in_one, perform


async def approval_reject(context: RequestContext, input: Asks[AnswerApproval]) -> Payload:
    """Reject; the customer reads the answer."""
    return await perform(context, input, "approvalId", in_one(reject_approval), _wrote)


def _wrote(outcome: ApprovalRejected) -> Wrote:
    return Wrote({"approval": ("Approval", outcome.approval_id)})
