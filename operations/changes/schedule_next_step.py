"""Go on with a ramp once one of its steps is taken: the next one waits for its day.

Owns the step that is next. Does not own what takes the one before, nor the end of a ramp (end_ramp.py).
"""

from datetime import datetime

from db.queries.ramps import planned_steps
from db.save.changes import plan_change_moved, plan_change_status
from db.unit_of_work import UnitOfWork
from domain.account import Account
from domain.events import plan_change_event
from domain.events import plan_change_moved as moved_event
from domain.ids import SubscriptionId
from domain.plan_change.verdict import PlanChangeStatus


async def schedule_next_step(
    unit: UnitOfWork, account: Account, subscription_id: SubscriptionId, at: datetime, next_boundary: datetime
) -> None:
    """Schedule the first step that is planned, where there is one: at `next_boundary` where its day is before that."""
    planned = await planned_steps(unit.session, unit.scope, account.id, subscription_id)
    if not planned:
        return
    step, status = planned[0], PlanChangeStatus.SCHEDULED
    await plan_change_status(unit, account.id, step.id, status)
    unit.emit(account.id, plan_change_event(status, step.id, subscription_id, at, {}))
    if step.effective_at < next_boundary:
        await plan_change_moved(unit, account.id, step.id, next_boundary)
        unit.emit(account.id, moved_event(step.id, subscription_id, at, next_boundary))
