"""Drop a payment that was never asked for and is no longer owed in full."""

from datetime import datetime

from db.queries import payments
from db.queries.accounts import account as account_for
from db.unit_of_work import UnitOfWork
from domain.errors import NotFound
from domain.ids import AccountId, PaymentId
from domain.payment import Payment, PaymentStatus
from operations.payments.cancel_payment import cancel_payment


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
    return await cancel_payment(unit, payment, at)
