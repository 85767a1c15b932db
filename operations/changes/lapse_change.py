"""A change that waited for its money will not be: its invoice is void, and whatever the waiting took is given back."""

from datetime import datetime

from db import audit
from db.queries.changes import AwaitingChange
from db.queries.credits import applied_credit, ledgers
from db.queries.payments import payment_under_way
from db.queries.settlements import billed_invoices
from db.save.changes import plan_change_status
from db.save.coupons import uncovered
from db.save.credits import credit_ledger
from db.save.settlements import settlement
from db.unit_of_work import UnitOfWork
from domain.account import Account
from domain.events import plan_change_event
from domain.money import Money
from domain.money_events import credit_event, invoice_event, invoice_state
from domain.payment import PaymentStatus
from domain.plan_change.verdict import PlanChangeStatus
from domain.settlement import Owed, lapse
from operations.changes.end_ramp import end_ramp
from operations.changes.restore_change import restore_change
from operations.payments.cancel_payment import cancel_payment

_MEMO = "A payment for a plan change that was not made."


async def lapse_change(
    unit: UnitOfWork,
    account: Account,
    change: AwaitingChange,
    status: PlanChangeStatus,
    at: datetime,
    *,
    is_replaced: bool = False,
    reason: str | None = None,
) -> Owed:
    """End a waiting change as EXPIRED or CANCELLED; the account's row is locked. Its invoice, as it then is.

    The lines it credited are debits again because it is void. Credit it had taken is back on its grants, money that
    came in for a part of it becomes credit, discounts cover no period for it. A payment that waits for the customer is
    dropped; one that is PROCESSING is left to its books, and what comes of it later becomes credit too. What it had
    taken the place of waits for its day again, unless another takes that place now.
    """
    session, scope = unit.session, unit.scope
    owed = (await billed_invoices(session, scope, [change.invoice_id]))[change.invoice_id].owed
    await _drop_action(unit, change, at)
    void, paid_minor = lapse(owed)
    ledger = (await ledgers(session, scope, [account]))[account.id]
    ledger = ledger.restore(await applied_credit(session, scope, account.id, owed.id), owed.id, at, unit.ids)
    if paid_minor:
        ledger = ledger.grant(Money(paid_minor, owed.currency), at, unit.ids, invoice_id=owed.id, memo=_MEMO)
    await settlement(unit, account.id, owed, void, at)
    await credit_ledger(unit, account.id, ledger.entries)
    await uncovered(unit, account.id, change.laid_out.coverage)
    await plan_change_status(unit, account.id, change.id, status)
    await end_ramp(unit, account, change.subscription_id, at)
    if not is_replaced:
        await restore_change(unit, account, change, at)
    unit.emit(account.id, invoice_event("voided", void, at))
    unit.emit(account.id, *(credit_event(entry, account.id) for entry in ledger.entries))
    said = {"replaced": is_replaced}
    unit.emit(account.id, plan_change_event(status, change.id, change.subscription_id, at, said))
    await unit.audit(
        audit.Entry(
            account.id,
            _action(status, is_replaced=is_replaced),
            "PlanChange",
            change.id,
            at,
            before={"status": PlanChangeStatus.AWAITING_PAYMENT.value, "invoice": invoice_state(owed)},
            after={"status": status.value, "invoice": invoice_state(void)},
            reason=reason,
        )
    )
    return void


def _action(status: PlanChangeStatus, *, is_replaced: bool) -> str:
    if status is PlanChangeStatus.EXPIRED:
        return "plan_change.expire"
    return "plan_change.replace" if is_replaced else "plan_change.cancel"


async def _drop_action(unit: UnitOfWork, change: AwaitingChange, at: datetime) -> None:
    """Nobody is asked to do anything for a payment that nobody wants any more."""
    payment = await payment_under_way(unit.session, unit.scope, change.account_id, change.invoice_id)
    if payment and payment.status is PaymentStatus.REQUIRES_ACTION:
        await cancel_payment(unit, payment, at)
