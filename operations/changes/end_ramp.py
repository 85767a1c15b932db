"""End a ramp with everything that it still plans: the step before will not be taken, or there is none any more.

Owns the steps that are planned. Does not own the change that waits, nor what takes it back.
"""

from datetime import datetime

from db.queries.ramps import planned_steps
from db.save.changes import plan_change_status
from db.unit_of_work import UnitOfWork
from domain.account import Account
from domain.events import plan_change_event
from domain.ids import SubscriptionId
from domain.plan_change.verdict import PlanChangeStatus


async def end_ramp(unit: UnitOfWork, account: Account, subscription_id: SubscriptionId, at: datetime) -> None:
    """Cancel every step that is planned: the step before will not be taken."""
    status = PlanChangeStatus.CANCELLED
    for step in await planned_steps(unit.session, unit.scope, account.id, subscription_id):
        await plan_change_status(unit, account.id, step.id, status)
        unit.emit(account.id, plan_change_event(status, step.id, subscription_id, at, {"replaced": False}))
