"""Have again what a change took the place of and what it went by, because it was never paid for and is not made.

Owns which change waits for its day again, and which approval can be used again. Does not own the lapse
(lapse_change.py).
"""

from datetime import datetime

from db import audit
from db.queries import approvals
from db.queries.changes import AwaitingChange
from db.queries.ramps import replaced_steps
from db.save.changes import approval_free, plan_change_status
from db.unit_of_work import UnitOfWork
from domain.account import Account
from domain.approval import ApprovalEvent, ApprovalStatus
from domain.events import plan_change_event
from domain.plan_change.verdict import PlanChangeStatus
from operations.approvals.turn_approval import turn_approval


async def restore_change(unit: UnitOfWork, account: Account, lapsed: AwaitingChange, at: datetime) -> None:
    """Schedule what `lapsed` replaced, with its later steps, where its day has not passed; and give the approval back
    that it used, while that lasts and no other request stands in its place. The account's row is locked.
    """
    # at most one change of a subscription waits: the one that lapsed is out of the way first
    await unit.flush()
    replaced = lapsed.laid_out.replaced
    steps = replaced and await replaced_steps(unit.session, unit.scope, account.id, replaced)
    for number, step in enumerate(steps or ()):
        if number == 0 and step.effective_at < at:
            break
        status = PlanChangeStatus.SCHEDULED if number == 0 else PlanChangeStatus.PLANNED
        await plan_change_status(unit, account.id, step.id, status)
        said = {"restored": True}
        unit.emit(account.id, plan_change_event(status, step.id, step.subscription_id, at, said))
        entry = audit.Entry(
            account.id, "plan_change.restore", "PlanChange", step.id, at, after={"status": status.value}
        )
        await unit.audit(entry)
    await _give_approval_back(unit, account, lapsed, at)


async def _give_approval_back(unit: UnitOfWork, account: Account, lapsed: AwaitingChange, at: datetime) -> None:
    if lapsed.approval_id is None:
        return
    used = await approvals.approval(unit.session, unit.scope, account.id, lapsed.approval_id)
    other = await approvals.open_approval(unit.session, unit.scope, account.id, lapsed.subscription_id)
    if used is None or other is not None or used.status is not ApprovalStatus.USED or used.expires_at <= at:
        return
    await approval_free(unit, account.id, lapsed.id)
    await turn_approval(unit, used, used.moved(ApprovalEvent.GIVEN_BACK), at, verb="given_back")
