"""What stands beside an invoice's document: credited, applied, paid, returned, what is due, and the status (law L1).

Owns that each figure is the sum of what it is made of. Does not own the ledger's own conservation (ledger.py).
"""

from collections.abc import Iterable, Iterator
from datetime import timedelta
from uuid import UUID

from domain.audit.books import Books
from domain.audit.disagreement import Code, Disagreement, Document
from domain.audit.documents import InvoiceOnFile
from domain.audit.words import amounts, document_of
from domain.credit import CreditEntryKind
from domain.invoice import InvoiceStatus
from domain.payment import PaymentStatus, RefundStatus


def audit_beside(books: Books) -> Iterator[Disagreement]:
    """Figures and statuses of final invoices that do not follow from credit notes, ledger, payments and refunds."""
    credited = _sums((note.invoice_id, note.total_minor) for note in books.notes)
    applied = _sums(
        (entry.invoice_id, -entry.amount_minor)
        for entry in books.entries
        if entry.kind in (CreditEntryKind.APPLIED, CreditEntryKind.RESTORED)
    )
    paid = _sums(
        (payment.invoice_id, payment.amount_minor)
        for payment in books.payments
        if payment.status is PaymentStatus.SUCCEEDED
    )
    returned = returned_of(books)
    for invoice in books.final:
        document = document_of(invoice)
        sums = (
            (Code.CREDITED, "credited", invoice.credited_minor, credited, "its credit notes come to"),
            (Code.APPLIED, "paid by credit", invoice.applied_minor, applied, "the ledger applied"),
            (Code.PAID, "paid", invoice.paid_minor, paid, "its payments come to"),
            (Code.RETURNED, "returned", invoice.returned_minor, returned, "credit notes and refunds returned"),
        )
        for code, field, stored, derived, because in sums:
            if code is Code.PAID and invoice.consolidated_invoice_id is not None:
                continue  # paid through the consolidated invoice, in its payer's books
            if stored != derived.get(invoice.id, 0):
                yield amounts(
                    code, document, f"amount {field}", invoice.currency, stored, derived.get(invoice.id, 0), because
                )
        yield from _status(books, document, invoice)
    yield from _refunded(books)


def returned_of(books: Books) -> dict[UUID | None, int]:
    """What went back of each invoice: of its credit notes what did not lower what was due, and surplus payments."""
    back = _sums((note.invoice_id, note.to_balance_minor + note.to_refund_minor) for note in books.notes)
    for entry in books.entries:
        if entry.kind is CreditEntryKind.GRANTED and entry.credit_note_id is None and entry.invoice_id is not None:
            back[entry.invoice_id] = back.get(entry.invoice_id, 0) + entry.amount_minor
    return back


def _sums(pairs: Iterable[tuple[UUID | None, int]]) -> dict[UUID | None, int]:
    found: dict[UUID | None, int] = {}
    for key, minor in pairs:
        found[key] = found.get(key, 0) + minor
    return found


def _status(books: Books, document: Document, invoice: InvoiceOnFile) -> Iterator[Disagreement]:
    due, status = invoice.due_minor, invoice.status
    derived: InvoiceStatus
    if due < 0:
        yield amounts(Code.DUE, document, "amount due", invoice.currency, due, 0, "it is never less than")
    if status is InvoiceStatus.VOID:
        derived = status if invoice.paid_minor - invoice.returned_minor <= 0 else InvoiceStatus.PAID
    elif due == 0:
        derived = InvoiceStatus.PAID
    else:
        derived = InvoiceStatus.OPEN if status is InvoiceStatus.PAID else status
    if status is not derived:
        says = f"{document.label} is {status}, but with {due} minor units due it is {derived}."
        yield Disagreement(Code.STATUS, document, "status", status, derived, says)
    due_on = invoice.issued_on + timedelta(days=books.account.net_days)
    if invoice.due_on < invoice.issued_on:
        says = f"{document.label} is due on {invoice.due_on}, before it was issued."
        yield Disagreement(Code.STATUS, document, "due on", f"{invoice.due_on}", f"{due_on}", says)


def _refunded(books: Books) -> Iterator[Disagreement]:
    refunded = _sums(
        (refund.payment_id, refund.amount_minor) for refund in books.refunds if refund.status is not RefundStatus.FAILED
    )
    for payment in books.payments:
        derived = refunded.get(payment.id, 0)
        if payment.refunded_minor != derived:
            document = Document("Payment", payment.id)
            currency = books.account.currency
            because = "its refunds come to"
            yield amounts(
                Code.REFUNDED, document, "amount refunded", currency, payment.refunded_minor, derived, because
            )
