"""Begin to pay for a change that waits for its money, by the method the account pays by anyway."""

from datetime import datetime

from db.queries.changes import AcceptedChange
from db.queries.payments import active_methods
from db.queries.settlements import billed_invoices
from db.unit_of_work import UnitOfWork
from domain.account import Account
from domain.money import Money
from domain.plan_change.verdict import PlanChangeStatus
from operations.payments.open_payment import open_payment
from operations.payments.payment_outcome import PaymentStarted
from operations.payments.start_payment import ANSWERS_WITHIN


async def start_paying(
    unit: UnitOfWork, account: Account, change: AcceptedChange, now: datetime
) -> PaymentStarted | None:
    """Write a payment of what the change's invoice asks for, in the transaction that accepted it.

    None where the change does not wait, or the account has no default method: then whoever asked is told what to pay.
    """
    if change.status is not PlanChangeStatus.AWAITING_PAYMENT or change.invoice_id is None:
        return None
    methods = (await active_methods(unit.session, unit.scope, [account.id])).get(account.id, ())
    default = next((method for method in methods if method.is_default), None)
    if default is None:
        return None
    owed = (await billed_invoices(unit.session, unit.scope, [change.invoice_id]))[change.invoice_id].owed
    due, until = Money(owed.due_minor, owed.currency), now + ANSWERS_WITHIN
    return await open_payment(unit, account.id, due, default, now, until, invoice_id=change.invoice_id)
