"""Arithmetic of tax: once a rate over all its lines, rounded once, then split over them, losing no unit.

Owns that entries and lines agree with each other and with the percent of their rate. Does not own whether the rate is
the right one of the day (tax_rates.py).
"""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from uuid import UUID

from domain.audit.books import Books, RuleBook
from domain.audit.disagreement import Code, Disagreement, Document
from domain.audit.documents import InvoiceOnFile, LineOnFile, TaxOnFile
from domain.audit.splits import whole_of
from domain.audit.words import amounts, document_of
from domain.money import round_signed_parts
from domain.percent import percent_words
from domain.tax import TaxTreatment

_Group = tuple[UUID | None, bool]


def audit_tax_entries(books: Books, rules: RuleBook) -> Iterator[Disagreement]:
    """Entries that are not their rate over their lines, and lines whose part is not their own."""
    for invoice in books.final:
        yield from _of_invoice(document_of(invoice), invoice, rules)


def _of_invoice(document: Document, invoice: InvoiceOnFile, rules: RuleBook) -> Iterator[Disagreement]:
    lines: dict[_Group, list[LineOnFile]] = {}
    for line in invoice.lines:
        lines.setdefault((line.tax_rate_id, line.tax_inclusive), []).append(line)
    entries: dict[_Group, list[TaxOnFile]] = {}
    for entry in invoice.taxes:
        entries.setdefault((entry.tax_rate_id, entry.is_inclusive), []).append(entry)
    for group in {**lines, **entries}:
        own, said = lines.get(group, []), entries.get(group, [])
        if not own or not said or (len(said) > 1 and group[0] is not None):
            says = f"{document.label}: {len(said)} tax entries stand for {len(own)} lines of one rate."
            yield Disagreement(Code.TAX_ENTRY, document, "tax entries", f"{len(said)}", "1", says)
            continue
        yield from _of_group(document, invoice, own, said, rules)


def _of_group(
    document: Document, invoice: InvoiceOnFile, own: Sequence[LineOnFile], said: Sequence[TaxOnFile], rules: RuleBook
) -> Iterator[Disagreement]:
    first = said[0]
    rate = rules.rates_by_id.get(first.tax_rate_id) if first.tax_rate_id else None
    percent = Fraction(rate.percent) if rate else Fraction(0)
    for entry in said:
        if entry.percent != percent or (entry.treatment is TaxTreatment.STANDARD) != (rate is not None):
            stored, right = percent_words(entry.percent / 100), percent_words(percent / 100)
            says = f"{document.label}: {entry.treatment} tax of {stored} is entered where the tables have {right}."
            yield Disagreement(Code.TAX_ENTRY, document, "tax percent", stored, right, says)
    share = percent / 100
    part = share / (1 + share) if first.is_inclusive else share
    exact = [line.stated_minor * part for line in own] if part else [Fraction(0)] * len(own)
    tax, stated = whole_of(exact), sum(line.stated_minor for line in own)
    because = f"{percent_words(share)} of its lines is"
    if sum(entry.tax_minor for entry in said) != tax:
        found = sum(entry.tax_minor for entry in said)
        yield amounts(Code.TAX_ENTRY, document, "tax", invoice.currency, found, tax, because)
    base = stated - tax if first.is_inclusive else stated
    if sum(entry.base_minor for entry in said) != base:
        found = sum(entry.base_minor for entry in said)
        yield amounts(Code.TAX_ENTRY, document, "base of tax", invoice.currency, found, base, "its lines come to")
    for line, own_tax in zip(own, round_signed_parts(exact), strict=True):
        if line.tax_minor != own_tax:
            field = f"tax of line {line.position}"
            yield amounts(Code.LINE_TAX, document, field, line.currency, line.tax_minor, own_tax, "its part is")
