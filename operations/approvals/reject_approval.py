"""Turn a request for approval down."""

from dataclasses import dataclass

from db.unit_of_work import UnitOfWork
from domain.approval import ApprovalEvent
from domain.commands import AnswerApproval
from domain.ids import ApprovalId
from domain.rights import is_finance
from domain.texts import one_line
from operations.approvals.asking_of_approval import asked_about, who_answers
from operations.approvals.turn_approval import turn_approval
from operations.asking import KeyReused, NotNow
from operations.asking_of_subscription import AskedAgain
from operations.remembering import remember

MUTATION = "approvalReject"


@dataclass(frozen=True, slots=True)
class ApprovalRejected:
    """The customer has a no, and why. `is_replay`: this very request had rejected it before."""

    approval_id: ApprovalId
    is_replay: bool


async def reject_approval(unit: UnitOfWork, command: AnswerApproval) -> ApprovalRejected | NotNow | KeyReused:
    """Reject a request that waits for its answer.

    Raises InvalidInput naming `answer`, NotFound, Forbidden for all but finance. NotNow as `who_answers` says.
    """
    answer = one_line(command.answer, "answer")
    payload = {"answer": command.answer}
    about = await asked_about(unit, command.approval_id, is_finance, MUTATION, command.idempotency_key, payload)
    if isinstance(about, KeyReused):
        return about
    if isinstance(about, AskedAgain):
        return ApprovalRejected(command.approval_id, is_replay=True)
    person = who_answers(unit.actor, about)
    if isinstance(person, NotNow):
        return person
    approval, request = about.approval, about.request
    rejected = approval.answered(ApprovalEvent.REJECTED, person, answer, request.now)
    await turn_approval(unit, approval, rejected, request.now, reason=answer)
    await remember(unit, request, {"approval": approval.id.hex})
    return ApprovalRejected(approval.id, is_replay=False)
