"""`approvalRequest`: put a change to approval."""

from domain.commands import RequestApproval
from operations.approvals.request_approval import ApprovalRequested, request_approval
from resolvers.asked import Asks
from resolvers.context import RequestContext
from resolvers.mutations.deed import Payload, Wrote, in_one, perform


async def approval_request(context: RequestContext, input: Asks[RequestApproval]) -> Payload:
    """Ask; a refusal of the policy is the payload's decision."""
    return await perform(context, input, "change", in_one(request_approval), _wrote)


def _wrote(outcome: ApprovalRequested) -> Wrote:
    return Wrote({"approval": ("Approval", outcome.approval_id)})
