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


def audit_ledger(books: Books) -> Iterator[Disagreement]:
    """Gaps, a balance that does not run, grants overdrawn, grants that are not what their credit note says."""
    currency, balance = books.account.currency, 0
    left: dict[UUID, int] = {}
    granted_by = {note.id: note.to_balance_minor for note in books.notes if note.to_balance_minor}
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
            derived = granted_by.pop(entry.credit_note_id, 0)
            if derived != entry.amount_minor:
                because = "its credit note puts in"
                yield amounts(Code.GRANT, document, "grant", currency, entry.amount_minor, derived, because)
    for note in books.notes:
        if note.id in granted_by:
            document = Document("CreditNote", note.id, note.number)
            yield amounts(
                Code.GRANT, document, "grant of credit", currency, 0, note.to_balance_minor, "it puts into the balance"
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
