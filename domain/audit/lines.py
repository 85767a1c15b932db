"""Arithmetic of invoices' lines: each again from its own explanation, splits together (law L8).

Owns the terms, the stated amount and the split. Does not own tax (tax_entries.py), totals (totals.py), nor whether the
explanation is the right one, which only the facts can tell.
"""

from collections.abc import Iterator
from uuid import UUID

from domain.audit.books import Books
from domain.audit.disagreement import Code, Disagreement, Document
from domain.audit.documents import InvoiceOnFile, LineOnFile
from domain.audit.splits import whole_of
from domain.audit.words import amounts, document_of, money, plural
from domain.invoice import LineKind
from domain.money import round_half_away, round_signed_parts
from domain.pricing.rated import exact_sum


def audit_lines(books: Books) -> Iterator[Disagreement]:
    """Lines whose terms, amount, split or currency are not right, of every final invoice."""
    for invoice in books.final:
        document = document_of(invoice)
        yield from _currency(document, "invoice", invoice.currency, books.account.currency)
        for line in invoice.lines:
            yield from _currency(document, f"line {line.position}", line.currency, invoice.currency)
            yield from _terms(document, line)
            yield from _alone(document, line)
        for members in splits_of(invoice):
            yield from _split(document, members)


def splits_of(invoice: InvoiceOnFile) -> list[list[LineOnFile]]:
    """The lines of an invoice that are parts of one amount, together, in their order.

    Parts of a change have one kind and cause; those of a discount one discount and billing period.
    """
    found: dict[tuple[LineKind, UUID | None, object], list[LineOnFile]] = {}
    for line in invoice.lines:
        if line.arithmetic.split_minor is not None:
            is_discount = line.kind is LineKind.DISCOUNT
            key = (line.kind, line.discount_id, line.service) if is_discount else (line.kind, line.cause, None)
            found.setdefault(key, []).append(line)
    return list(found.values())


def _currency(document: Document, what: str, stored: str, right: str) -> Iterator[Disagreement]:
    if stored != right:
        says = f"{document.label}: the {what} is in {stored}, and should be in {right}."
        yield Disagreement(Code.CURRENCY, document, f"{what} currency", stored, right, says)


def _terms(document: Document, line: LineOnFile) -> Iterator[Disagreement]:
    terms, basis = line.arithmetic.terms, line.arithmetic.basis_minor
    if terms and exact_sum(terms) != basis:
        says = f"Line {line.position} of {document.label}: its steps come to {exact_sum(terms)}, its basis is {basis}."
        yield Disagreement(
            Code.LINE_TERMS, document, f"line {line.position} basis", f"{basis}", f"{exact_sum(terms)}", says
        )


def _alone(document: Document, line: LineOnFile) -> Iterator[Disagreement]:
    derived = round_half_away(line.arithmetic.exact_minor)
    if line.arithmetic.split_minor is None and derived != line.stated_minor:
        yield stated(Code.LINE_AMOUNT, document, line, derived, "its explanation comes to")


def _split(document: Document, members: list[LineOnFile]) -> Iterator[Disagreement]:
    exact = [line.arithmetic.exact_minor for line in members]
    whole = whole_of(exact)
    for line, derived in zip(members, round_signed_parts(exact), strict=True):
        if line.arithmetic.split_minor != whole:
            yield amounts(
                Code.LINE_SPLIT,
                document,
                f"whole that line {line.position} is a part of",
                line.currency,
                line.arithmetic.split_minor or 0,
                whole,
                f"its {plural(len(members), 'part')} come to",
            )
        if derived != line.stated_minor:
            yield stated(Code.LINE_SPLIT, document, line, derived, f"its part of {money(whole, line.currency)} is")


def stated(code: Code, document: Document, line: LineOnFile, derived: int, because: str) -> Disagreement:
    """A finding about what a line states."""
    return amounts(
        code, document, f"amount of line {line.position}", line.currency, line.stated_minor, derived, because
    )
