"""Issue a credit note: the document, what it does to its invoice, and where the rest of its money goes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from db.queries.credits import ledgers
from db.queries.settlements import BilledInvoice
from db.save import payments as save_payments
from db.save.credits import credit_ledger, new_credit_note
from db.save.settlements import settlement
from db.unit_of_work import UnitOfWork
from domain.account import Account
from domain.credit import CreditNote, CreditNoteLine, CreditNoteReason
from domain.ids import CreditNoteId, RefundId
from domain.invoice import InvoiceStatus
from domain.money import Money
from domain.money_events import credit_event, credit_note_event, invoice_event, refund_event
from domain.payment import Payment, PaymentKind, Refund, RefundStatus
from domain.periods import local_day
from domain.settlement import Owed
from operations.payments.restore_standing import restore_standing


@dataclass(frozen=True, slots=True)
class Correction:
    """What is given back: the lines of a note to be, why, and the money that goes back by payments, if any does.

    `note_id` is also the lines' cause. `after` is the invoice as it then stands; `to_invoice_minor` lowers what is due.
    """

    note_id: CreditNoteId
    lines: tuple[CreditNoteLine, ...]
    reason: CreditNoteReason
    memo: str | None
    after: Owed
    to_invoice_minor: int
    by_payment: Sequence[tuple[Payment, Money]] = ()


async def issue_credit_note(
    unit: UnitOfWork, account: Account, invoice: BilledInvoice, correction: Correction, at: datetime
) -> tuple[CreditNote, tuple[Refund, ...]]:
    """Write it, at an instant of the time of an account whose row is locked.

    What neither lowers the invoice nor goes back by a payment is granted to the credit balance. Refunds by a stored
    method are due at once and asked for outside the transaction (poll_refund); those of money that came in by hand are
    done by hand, and count as done.
    """
    currency = account.currency
    to_refund = Money.total((amount for _, amount in correction.by_payment), currency)
    total = sum(line.amount.minor + line.tax_minor for line in correction.lines)
    note = CreditNote(
        id=correction.note_id,
        invoice_id=invoice.id,
        reason=correction.reason,
        memo=correction.memo,
        currency=currency,
        lines=correction.lines,
        issued_on=local_day(at, account.zone),
        created_at=at,
        to_invoice_minor=correction.to_invoice_minor,
        to_balance_minor=total - correction.to_invoice_minor - to_refund.minor,
        to_refund_minor=to_refund.minor,
    )
    await new_credit_note(unit, account, note)
    await settlement(unit, account.id, invoice.owed, correction.after, at)
    is_paid = correction.after.status is InvoiceStatus.PAID and invoice.owed.status is not InvoiceStatus.PAID
    unit.emit(account.id, credit_note_event(note, at), invoice_event("credited", correction.after, at))
    if is_paid:
        unit.emit(account.id, invoice_event("paid", correction.after, at))
    refunds = tuple(
        [await _refund(unit, account, note, payment, amount, at) for payment, amount in correction.by_payment]
    )
    if note.to_balance_minor:
        ledger = (await ledgers(unit.session, unit.scope, [account]))[account.id]
        granted = ledger.grant(
            Money(note.to_balance_minor, currency), at, unit.ids, credit_note_id=note.id, invoice_id=invoice.id
        )
        await credit_ledger(unit, account.id, granted.entries)
        unit.emit(account.id, *(credit_event(entry, account.id) for entry in granted.entries))
    if is_paid:
        await restore_standing(unit, account, [invoice], at)
    return note, refunds


async def _refund(
    unit: UnitOfWork, account: Account, note: CreditNote, payment: Payment, amount: Money, at: datetime
) -> Refund:
    is_by_hand = payment.kind is PaymentKind.MANUAL
    refund = Refund(
        id=RefundId(unit.ids.new()),
        payment_id=payment.id,
        status=RefundStatus.SUCCEEDED if is_by_hand else RefundStatus.PROCESSING,
        amount=amount,
        credit_note_id=note.id,
    )
    # what is on its way back is not there to be sent back again
    await save_payments.refunded(unit, payment, payment.refunded + amount)
    await save_payments.new_refund(
        unit, account.id, refund, at, poll_at=None if is_by_hand else at, reason=note.memo or note.reason.value
    )
    unit.emit(account.id, refund_event(refund, at))
    return refund
