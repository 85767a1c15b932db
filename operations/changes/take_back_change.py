"""Take back a change that waits, whatever it waits for, because another takes its place or nobody wants it any more."""

from datetime import datetime

from db import audit
from db.queries.changes import awaiting_change
from db.save.changes import plan_change_status
from db.unit_of_work import UnitOfWork
from domain.account import Account
from domain.events import plan_change_event
from domain.ids import PlanChangeId, SubscriptionId
from domain.plan_change.verdict import PlanChangeStatus
from operations.changes.end_ramp import end_ramp
from operations.changes.lapse_change import lapse_change


async def take_back_change(
    unit: UnitOfWork,
    account: Account,
    change_id: PlanChangeId,
    subscription_id: SubscriptionId,
    now: datetime,
    *,
    is_replaced: bool,
) -> PlanChangeId | None:
    """Cancel a change that waits for its day or its money, with all steps planned after it; the account is locked.

    Returns the change that waited for its day until now: had again, should what takes its place never be paid for.
    """
    status = PlanChangeStatus.CANCELLED
    awaiting = await awaiting_change(unit.session, unit.scope, account.id, change_id)
    if awaiting is not None:
        await lapse_change(unit, account, awaiting, status, now, is_replaced=is_replaced)
        return awaiting.laid_out.replaced
    await plan_change_status(unit, account.id, change_id, status)
    await end_ramp(unit, account, subscription_id, now)
    unit.emit(account.id, plan_change_event(status, change_id, subscription_id, now, {"replaced": is_replaced}))
    await unit.audit(
        audit.Entry(
            account.id,
            "plan_change.replace" if is_replaced else "plan_change.cancel",
            "PlanChange",
            change_id,
            now,
            before={"status": PlanChangeStatus.SCHEDULED.value},
            after={"status": status.value},
        )
    )
    return change_id
