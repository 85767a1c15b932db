"""Arithmetic of credit notes: each line from its explanation, splits together, and totals (laws L1 and L8).

A net credit is spread over a note for each invoice it corrects, so a split may be spread over several notes. Owns the
arithmetic. Does not own what a line may give back (credits.py).
"""

from collections.abc import Iterator
from uuid import UUID

from domain.audit.books import Books
from domain.audit.disagreement import Code, Disagreement
from domain.audit.documents import NoteLineOnFile, NoteOnFile
from domain.audit.splits import is_shared_out, whole_of
from domain.audit.words import amounts, money, note_of
from domain.money import round_half_away


def audit_notes(books: Books) -> Iterator[Disagreement]:
    """Lines and totals of credit notes that do not recompute."""
    splits: dict[UUID, list[tuple[NoteOnFile, NoteLineOnFile]]] = {}
    for note in books.notes:
        yield from _totals(note)
        for line in note.lines:
            if line.arithmetic.split_minor is not None:
                splits.setdefault(line.cause, []).append((note, line))
                continue
            derived = abs(round_half_away(line.arithmetic.exact_minor))
            if derived != line.stated_minor:
                yield _stated(note, line, derived, "its explanation comes to")
    for members in splits.values():
        yield from _split(members)


def _stated(note: NoteOnFile, line: NoteLineOnFile, derived: int, because: str) -> Disagreement:
    field = f"amount of line {line.position}"
    return amounts(Code.NOTE_LINE, note_of(note), field, note.currency, line.stated_minor, derived, because)


def _split(members: list[tuple[NoteOnFile, NoteLineOnFile]]) -> Iterator[Disagreement]:
    exact = [abs(line.arithmetic.exact_minor) for _, line in members]
    whole = whole_of(exact)
    said = {abs(line.arithmetic.split_minor or 0) for _, line in members}
    note, first = members[0]
    if said != {whole} or not is_shared_out(exact, [line.stated_minor for _, line in members]):
        stored = " and ".join(money(line.stated_minor, note.currency) for _, line in members)
        right = money(whole, note.currency)
        says = f"{note_of(note).label}: {stored} are not how {right} are shared out over its parts."
        yield Disagreement(Code.NOTE_LINE, note_of(note), f"split of line {first.position}", stored, right, says)


def _totals(note: NoteOnFile) -> Iterator[Disagreement]:
    net = sum(line.amount_minor for line in note.lines)
    tax = sum(line.tax_minor for line in note.lines)
    goes = note.to_invoice_minor + note.to_balance_minor + note.to_refund_minor
    for field, stored, derived, because in (
        ("subtotal", note.subtotal_minor, net, "its lines sum to"),
        ("tax", note.tax_minor, tax, "the tax of its lines sums to"),
        ("total", note.total_minor, net + tax, "subtotal + tax is"),
        ("amount that goes somewhere", goes, note.total_minor, "its total is"),
    ):
        if stored != derived:
            yield amounts(Code.NOTE_TOTALS, note_of(note), field, note.currency, stored, derived, because)
