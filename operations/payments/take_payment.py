"""Take a payment that came in by hand: the payment, what it does to its invoice, and the standing that follows."""

from datetime import datetime

from db import audit
from db.queries.settlements import BilledInvoice
from db.save.payments import new_payments
from db.unit_of_work import UnitOfWork
from domain.account import Account
from domain.ids import PaymentId
from domain.money import Money
from domain.money_events import invoice_state, payment_event
from domain.payment import Payment, PaymentKind, PaymentStatus
from operations.payments.receive_money import receive_money
from operations.payments.restore_standing import restore_standing


async def take_payment(
    unit: UnitOfWork, account: Account, invoice: BilledInvoice, amount: Money, reference: str, at: datetime
) -> Payment:
    """Count money that somebody has seen, no more than is due, for an invoice of an account whose row is locked."""
    payment = Payment(
        id=PaymentId(unit.ids.new()),
        account_id=account.id,
        invoice_id=invoice.id,
        consolidated_id=None,
        method_id=None,
        kind=PaymentKind.MANUAL,
        status=PaymentStatus.SUCCEEDED,
        amount=amount,
        refunded=Money.zero(account.currency),
    )
    await new_payments(unit, [payment], at, reference=reference)
    unit.emit(account.id, payment_event(payment, at))
    received = await receive_money(unit, account, invoice, amount, at, reference)
    await unit.audit(
        audit.Entry(
            account.id,
            "payment.record",
            "Invoice",
            invoice.id,
            at,
            before=invoice_state(invoice.owed),
            after=invoice_state(received.invoice),
            reason=reference,
        )
    )
    if received.invoice.due_minor == 0:
        await restore_standing(unit, account, [invoice], at)
    return payment
