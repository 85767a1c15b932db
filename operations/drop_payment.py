"""Drop a payment that is wanted no more: it was never asked for, or waits for a customer who need not pay."""

from dataclasses import replace
from datetime import datetime

from db import audit
from db.queries import payments
from db.queries.accounts import account as account_for
from db.save import payments as save
from db.unit_of_work import UnitOfWork
from domain.errors import NotFound
from domain.ids import AccountId, PaymentId
from domain.money_events import payment_event, payment_state
from domain.payment import Payment, PaymentStatus


async def drop_payment(unit: UnitOfWork, account_id: AccountId, payment_id: PaymentId, at: datetime) -> Payment:
    """Cancel a payment that is still PROCESSING and that the provider's books do not know; else leave it as it is.

    Should the provider answer after all, a success is recorded all the same. Raises NotFound.
    """
    found = await account_for(unit.session, unit.scope, account_id, for_change=True)
    payment = found and await payments.payment(unit.session, unit.scope, account_id, payment_id)
    if not payment or not payment.attempts:
        raise NotFound(payment_id)
    if payment.status is not PaymentStatus.PROCESSING:
        return payment
    return await drop(unit, payment, at)


async def drop(unit: UnitOfWork, payment: Payment, at: datetime) -> Payment:
    """Cancel a payment that is not final, and ask about it no more; its account's row is locked."""
    dropped = replace(payment, status=PaymentStatus.CANCELLED)
    await save.answered(unit, dropped, payment.attempts[-1], at, None)
    unit.emit(payment.account_id, payment_event(dropped, at))
    await unit.audit(
        audit.Entry(
            payment.account_id,
            "payment.drop",
            "Payment",
            payment.id,
            at,
            before={"status": payment.status.value},
            after=payment_state(dropped),
        )
    )
    return dropped
