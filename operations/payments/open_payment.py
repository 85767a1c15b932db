"""Open a payment by a stored method: the first of its two transactions, before anybody is asked for money."""

from datetime import datetime

from db.save import payments as save
from db.unit_of_work import UnitOfWork
from domain.ids import AccountId, AttemptId, ConsolidatedInvoiceId, InvoiceId, PaymentId
from domain.money import Money
from domain.money_events import payment_event
from domain.payment import AttemptStatus, Payment, PaymentAttempt, PaymentKind, PaymentMethod, PaymentStatus
from domain.provider import ChargeRequest
from operations.payments.payment_outcome import PaymentStarted


async def open_payment(
    unit: UnitOfWork,
    account_id: AccountId,
    amount: Money,
    method: PaymentMethod,
    at: datetime,
    poll_at: datetime,
    *,
    invoice_id: InvoiceId | None = None,
    consolidated_id: ConsolidatedInvoiceId | None = None,
) -> PaymentStarted:
    """Write a payment of one document and its attempt, SENT; the caller has seen that none is under way for it.

    From here on the payment answers for itself: at `poll_at` whoever is around asks the provider's books about the
    attempt's key, and charges under that key only. The database refuses a second one under way.
    """
    attempt = PaymentAttempt(AttemptId(unit.ids.new()), 1, AttemptStatus.SENT, at)
    payment = Payment(
        id=PaymentId(unit.ids.new()),
        account_id=account_id,
        invoice_id=invoice_id,
        consolidated_id=consolidated_id,
        method_id=method.id,
        kind=PaymentKind.METHOD,
        status=PaymentStatus.PROCESSING,
        amount=amount,
        refunded=Money.zero(amount.currency),
        attempts=(attempt,),
    )
    await save.new_payments(unit, [payment], at, poll_at=poll_at)
    unit.emit(account_id, payment_event(payment, at))
    return PaymentStarted(account_id, payment.id, attempt.id, ChargeRequest(attempt.key, method.token, amount, at))
