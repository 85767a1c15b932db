"""`approvalWithdraw`: take a request for approval back, or what was granted of it."""

from domain.commands import WithdrawApproval
from operations.approvals.withdraw_approval import ApprovalWithdrawn, withdraw_approval
from resolvers.asked import Asks
from resolvers.context import RequestContext
from resolvers.mutations.deed import Payload, Wrote, in_one, perform


async def approval_withdraw(context: RequestContext, input: Asks[WithdrawApproval]) -> Payload:
    """Withdraw; the request is over."""
    return await perform(context, input, "approvalId", in_one(withdraw_approval), _wrote)


def _wrote(outcome: ApprovalWithdrawn) -> Wrote:
    return Wrote({"approval": ("Approval", outcome.approval_id)})
