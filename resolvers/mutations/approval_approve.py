"""`approvalApprove`: grant a request for approval."""

from domain.commands import AnswerApproval
from operations.approve_approval import ApprovalGranted, approve_approval
from resolvers.asked import Asks
from resolvers.context import RequestContext
from resolvers.mutations.deed import Payload, Wrote, in_one, perform


async def approval_approve(context: RequestContext, input: Asks[AnswerApproval]) -> Payload:
    """Grant; what stands against it today is the payload's decision."""
    return await perform(context, input, "approvalId", in_one(approve_approval), _wrote)


def _wrote(outcome: ApprovalGranted) -> Wrote:
    return Wrote({"approval": ("Approval", outcome.approval_id), "plan_change": ("PlanChange", outcome.change_id)})
