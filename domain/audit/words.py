"""How findings name things: documents by their numbers, amounts with their currency, spans of time by their instants.

Owns the wording that checks share. No name, address or description of a customer is ever part of it.
"""

from datetime import datetime
from uuid import UUID

from domain.audit.disagreement import Code, Disagreement, Document
from domain.audit.documents import InvoiceOnFile, NoteOnFile
from domain.money import MAX_MINOR, Money
from domain.periods import Period


def document_of(invoice: InvoiceOnFile) -> Document:
    """An invoice as findings name it."""
    return Document("Invoice", invoice.id, invoice.number)


def note_of(note: NoteOnFile) -> Document:
    """A credit note as findings name it."""
    return Document("CreditNote", note.id, note.number)


def subscription_of(subscription_id: UUID) -> Document:
    """A subscription as findings name it."""
    return Document("BillingSubscription", subscription_id)


def money(minor: int, currency: str) -> str:
    """An amount as a sentence says it; one that no ledger could hold as bare minor units."""
    return Money(minor, currency).spoken() if abs(minor) <= MAX_MINOR else f"{minor} minor units {currency}"


def instant(at: datetime) -> str:
    """ "2026-03-29T00:00:00Z": to the second, which is what boundaries have; finer only where it is."""
    text = at.isoformat().removesuffix("+00:00")
    return f"{text}Z"


def span(period: Period) -> str:
    """Both ends of a span of time."""
    return f"{instant(period.start)} to {instant(period.end)}"


def plural(count: int, noun: str) -> str:
    """ "1 part", "3 parts"."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def amounts(
    code: Code, document: Document, field: str, currency: str, stored: int, derived: int, because: str
) -> Disagreement:
    """A finding about an amount: "INV-1: the tax is 19.00 EUR, but 19 % of 99.00 EUR is 18.81 EUR."."""
    says, right = money(stored, currency), money(derived, currency)
    return Disagreement(
        code, document, field, says, right, f"{document.label}: the {field} is {says}, but {because} {right}."
    )


def on_line(
    code: Code, document: Document, position: int, field: str, stored: str, derived: str, says: str
) -> Disagreement:
    """A finding about one line: its sentence is "Line 2 of INV-1 …"."""
    sentence = f"Line {position} of {document.label} {says}"
    return Disagreement(code, document, f"line {position} {field}", stored, derived, sentence)
