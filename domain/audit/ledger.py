"""The credit ledger: its numbers have no gap, its balance runs, and no grant gives more than was in it.

Owns the ledger alone. That it agrees with invoices is beside.py's.
"""

from collections.abc import Iterator
from uuid import UUID

from domain.audit.books import Books
from domain.audit.disagreement import Code, Disagreement, Document
from domain.audit.facts import EntryOnFile
from domain.audit.words import amounts
from domain.credit import CreditEntryKind
from domain.payment import RefundStatus


def audit_ledger(books: Books) -> Iterator[Disagreement]:
    """Gaps, a balance that does not run, grants overdrawn, grants that are not what their credit note says."""
    currency, balance = books.account.currency, 0
    left: dict[UUID, int] = {}
    granted_by = {note.id: note.to_balance_minor for note in books.notes if note.to_balance_minor}
    for refund in books.refunds:
        # money that could not go back where it came from
        if refund.status is RefundStatus.FAILED and refund.credit_note_id is not None:
            granted_by[refund.credit_note_id] = granted_by.get(refund.credit_note_id, 0) + refund.amount_minor
    put_in: dict[UUID, int] = {}
    for place, entry in enumerate(sorted(books.entries, key=lambda each: each.sequence), start=1):
        document = Document("CreditEntry", entry.id)
        if entry.sequence != place:
            says = f"Entry {entry.sequence} of the credit ledger stands in place {place}."
            yield Disagreement(Code.LEDGER_SEQUENCE, document, "sequence", f"{entry.sequence}", f"{place}", says)
        balance += entry.amount_minor
        if entry.balance_minor != balance:
            yield amounts(
                Code.LEDGER_BALANCE,
                document,
                f"balance after entry {entry.sequence}",
                currency,
                entry.balance_minor,
                balance,
                "the entries so far sum to",
            )
        yield from _grant(document, entry, left, currency)
        if entry.kind is CreditEntryKind.GRANTED and entry.credit_note_id is not None:
            put_in[entry.credit_note_id] = put_in.get(entry.credit_note_id, 0) + entry.amount_minor
    for note in books.notes:
        stored, derived = put_in.get(note.id, 0), granted_by.get(note.id, 0)
        if stored != derived:
            document = Document("CreditNote", note.id, note.number)
            yield amounts(
                Code.GRANT, document, "grant of credit", currency, stored, derived, "it puts into the balance"
            )


def _grant(document: Document, entry: EntryOnFile, left: dict[UUID, int], currency: str) -> Iterator[Disagreement]:
    if entry.kind is CreditEntryKind.GRANTED:
        left[entry.id] = entry.amount_minor
    elif entry.grant_id not in left:
        says = f"Entry {entry.sequence} of the credit ledger draws on a grant that was not there."
        yield Disagreement(Code.GRANT, document, "grant", f"{entry.grant_id}", "an earlier grant", says)
    else:
        left[entry.grant_id] += entry.amount_minor
        if left[entry.grant_id] < 0:
            because = "a grant never has less than"
            yield amounts(Code.GRANT, document, "rest of its grant", currency, left[entry.grant_id], 0, because)
