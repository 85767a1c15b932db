"""Cancel a payment that is wanted no more, and ask about it no more."""

from dataclasses import replace
from datetime import datetime

from db import audit
from db.save import payments as save
from db.unit_of_work import UnitOfWork
from domain.money_events import payment_event, payment_state
from domain.payment import Payment, PaymentStatus


async def cancel_payment(unit: UnitOfWork, payment: Payment, at: datetime) -> Payment:
    """Cancel a payment that is not final; its account's row is locked. Money that comes all the same is recorded."""
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
