"""Record a payment that came in by hand: a bank transfer that finance has seen, for all that is due or a part."""

from dataclasses import dataclass
from uuid import UUID

from db.queries.settlements import account_of_invoice, billed_invoices
from db.unit_of_work import UnitOfWork
from domain.commands import RecordPayment
from domain.errors import CurrencyMismatch, InvalidInput
from domain.ids import PaymentId
from domain.invoice import InvoiceStatus
from domain.money import Money
from domain.rights import is_finance
from domain.texts import one_line
from operations.asking import KeyReused, NotNow, asked
from operations.payments.start_payment import PAYABLE
from operations.payments.take_payment import take_payment
from operations.remembering import remember

MUTATION = "paymentRecord"


@dataclass(frozen=True, slots=True)
class PaymentRecorded:
    """The money counts. `is_replay`: this very request had recorded it before."""

    payment_id: PaymentId
    is_replay: bool


async def record_payment(unit: UnitOfWork, command: RecordPayment) -> PaymentRecorded | NotNow | KeyReused:
    """Count the money against an open invoice, or one that was written off; PAID when nothing is due any more.

    Raises InvalidInput naming `amount` for none, another currency, or more than is due, `reference` for one that is no
    line of text; NotFound; Forbidden for all but finance. NotNow: ALREADY_PAID, NOT_PAYABLE.
    """
    reference = one_line(command.reference, "reference")
    request = await asked(
        unit,
        await account_of_invoice(unit.session, unit.scope, command.invoice_id),
        command.invoice_id,
        is_finance,
        MUTATION,
        command.idempotency_key,
        {
            "invoice": command.invoice_id.hex,
            "amountMinor": command.amount.minor,
            "currency": command.amount.currency,
            "reference": command.reference,
        },
    )
    if isinstance(request, KeyReused):
        return request
    if request.done is not None:
        return PaymentRecorded(PaymentId(UUID(request.done["payment"])), is_replay=True)
    account, now = request.account, request.now
    invoice = (await billed_invoices(unit.session, unit.scope, [command.invoice_id]))[command.invoice_id]
    owed = invoice.owed
    if owed.status is InvoiceStatus.PAID:
        return NotNow("ALREADY_PAID", owed.status.value, "This invoice is paid.")
    if owed.status not in PAYABLE:
        return NotNow("NOT_PAYABLE", owed.status.value, "Only an open invoice can be paid.")
    due = Money(owed.due_minor, owed.currency)
    ensure_within(command.amount, due, f"{due.spoken()} are due.")
    payment = await take_payment(unit, account, invoice, command.amount, reference, now)
    await remember(unit, request, {"payment": payment.id.hex})
    return PaymentRecorded(payment.id, is_replay=False)


def ensure_within(amount: Money, most: Money, says: str, field: str = "amount") -> None:
    """An amount more than nothing and no more than `most`. Raises InvalidInput naming `field`, with what `says`."""
    try:
        if amount.minor > 0 and amount <= most:
            return
    except CurrencyMismatch:
        raise InvalidInput((field,), f"The amount is in {amount.currency}, not {most.currency}.", amount) from None
    raise InvalidInput((field,), f"An amount is more than nothing. {says}" if amount.minor <= 0 else says, amount)
