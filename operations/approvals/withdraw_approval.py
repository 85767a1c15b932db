"""Withdraw a request for approval: by whoever asked, or, once it is granted, by whoever may grant."""

from dataclasses import dataclass

from db.unit_of_work import UnitOfWork
from domain.actor import Actor, Role
from domain.approval import OPEN, Approval, ApprovalEvent, ApprovalStatus
from domain.commands import WithdrawApproval
from domain.errors import Forbidden
from domain.ids import ApprovalId
from domain.rights import acts_for_the_account, is_finance, may_withdraw
from domain.texts import one_line
from operations.approvals.asking_of_approval import asked_about
from operations.approvals.turn_approval import turn_approval
from operations.asking import KeyReused, NotNow
from operations.asking_of_subscription import AskedAgain
from operations.remembering import remember

MUTATION = "approvalWithdraw"


@dataclass(frozen=True, slots=True)
class ApprovalWithdrawn:
    """Nothing is asked any more, or granted. `is_replay`: this very request had withdrawn it before."""

    approval_id: ApprovalId
    is_replay: bool


async def withdraw_approval(unit: UnitOfWork, command: WithdrawApproval) -> ApprovalWithdrawn | NotNow | KeyReused:
    """Withdraw an open request, or what was granted and is not used.

    Raises InvalidInput naming `reason`, NotFound, Forbidden for who may not (ensure_may_withdraw). NotNow:
    NOT_WITHDRAWABLE for one that is over, or that finance would rather reject.
    """
    reason = one_line(command.reason, "reason")
    about = await asked_about(
        unit, command.approval_id, may_withdraw, MUTATION, command.idempotency_key, {"reason": command.reason}
    )
    if isinstance(about, KeyReused):
        return about
    if isinstance(about, AskedAgain):
        return ApprovalWithdrawn(command.approval_id, is_replay=True)
    approval, request = about.approval, about.request
    if about.status not in OPEN:
        return NotNow("NOT_WITHDRAWABLE", about.status, "This request is not open any more.")
    if is_finance(unit.actor, request.role) and about.status is ApprovalStatus.REQUESTED:
        return NotNow("NOT_WITHDRAWABLE", about.status, "Nothing is granted yet: reject it instead.")
    ensure_may_withdraw(unit.actor, request.role, approval)
    await turn_approval(unit, approval, approval.moved(ApprovalEvent.WITHDRAWN), request.now, reason=reason)
    await remember(unit, request, {"approval": approval.id.hex})
    return ApprovalWithdrawn(approval.id, is_replay=False)


def ensure_may_withdraw(actor: Actor, role: Role | None, approval: Approval) -> None:
    """The account's own people take anything back that is asked for it, support its own proposals, finance a grant.

    Raises Forbidden.
    """
    if acts_for_the_account(actor, role) or is_finance(actor, role) or approval.was_asked_by(actor):
        return
    raise Forbidden(approval.id)
