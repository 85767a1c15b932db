"""`approvalApprove`: grant a request for approval, and have it paid for where that comes first."""

from domain.commands import AnswerApproval
from operations.approvals.approve_and_pay import approve_and_pay
from operations.approvals.approve_approval import ApprovalGranted
from operations.asking import KeyReused, NotAllowed, NotNow
from resolvers.asked import Asks
from resolvers.context import RequestContext
from resolvers.mutations.deed import Payload, Units, Wrote, perform


async def approval_approve(context: RequestContext, input: Asks[AnswerApproval]) -> Payload:
    """Grant; what stands against it today is the payload's decision."""

    async def run(units: Units, command: AnswerApproval) -> ApprovalGranted | NotAllowed | NotNow | KeyReused:
        return await approve_and_pay(units, context.provider, command)

    return await perform(context, input, "approvalId", run, _wrote)


def _wrote(outcome: ApprovalGranted) -> Wrote:
    return Wrote({"approval": ("Approval", outcome.approval_id), "plan_change": ("PlanChange", outcome.change_id)})
