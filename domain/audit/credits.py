"""Credits: the unused share of what a line debited, and never more than it had left (laws L13 and L14).

Owns credits on invoices and on credit notes alike, by the line they give back of. Does not own that the time they
give back was unused (charged_time.py), nor amounts that finance chose, but for their bound.
"""

from collections.abc import Iterator
from fractions import Fraction

from domain.audit.case import SHARE_RULES, Case, Credit
from domain.audit.disagreement import Code, Disagreement
from domain.audit.documents import LineOnFile
from domain.audit.words import amounts, document_of, money, on_line, span
from domain.invoice import InvoiceStatus
from domain.taxing import credited_tax


def audit_credits(case: Case) -> Iterator[Disagreement]:
    """Credits of more than a line has left, of another share, of another tax, and of what no line asked for."""
    lines = case.books.lines
    for line_id, given_back in case.credits.items():
        if line_id not in lines:
            for credit in given_back:
                says = f"{credit.document.label} gives back of a line that is not there."
                yield Disagreement(Code.CREDIT, credit.document, "credited line", f"{line_id}", "a line", says)
            continue
        invoice, line = lines[line_id]
        given = sum(credit.minor for credit in given_back)
        debited = case.debited(line)
        if given > debited:
            because = "it debited"
            field = f"credit of line {line.position}"
            yield amounts(Code.OVER_CREDITED, document_of(invoice), field, line.currency, given, debited, because)
        yield from _void(case, line, given_back)
        yield from _shares(line, debited, given_back)
        yield from _tax(case, line, debited, given_back)


def _void(case: Case, line: LineOnFile, given_back: tuple[Credit, ...]) -> Iterator[Disagreement]:
    invoice, _ = case.books.lines[line.id]
    if invoice.status is not InvoiceStatus.VOID:
        return
    for credit in given_back:
        if credit.kind is None and invoice.voided_at is not None and credit.at < invoice.voided_at:
            continue  # a credit note that lowered what was due, before the invoice was voided
        stored = money(credit.minor, line.currency)
        says = f"gives back {stored} of {document_of(invoice).label}, which is void."
        yield on_line(Code.VOID_CREDITED, credit.document, credit.position, "credit", stored, "nothing", says)


def _shares(line: LineOnFile, debited: int, given_back: tuple[Credit, ...]) -> Iterator[Disagreement]:
    """A credit of unused service: the debited amount, for the unused part of the line's own service."""
    for place, credit in enumerate(given_back):
        # what one deed gives back for two reasons is unused service first
        left = debited - sum(each.minor for each in given_back[:place] if each.at < credit.at or each.is_unused)
        if not credit.is_unused or credit.arithmetic.rule not in SHARE_RULES or credit.service is None:
            continue
        if not line.service.covers(credit.service):
            stored, right = span(credit.service), span(line.service)
            says = f"gives back {stored} of a line that is for {right}."
            yield on_line(Code.CREDIT, credit.document, credit.position, "service", stored, right, says)
            continue
        share = credit.service.seconds / line.service.seconds
        exact = min(debited * share, Fraction(left))
        if abs(credit.arithmetic.exact_minor) != exact:
            stored, right = f"{abs(credit.arithmetic.exact_minor)} minor units", f"{exact} minor units"
            of = money(debited, line.currency)
            says = f"gives back {stored}, but {share} of the {of} that its line debited are {right}."
            yield on_line(Code.CREDIT, credit.document, credit.position, "amount", stored, right, says)


def _tax(case: Case, line: LineOnFile, debited: int, given_back: tuple[Credit, ...]) -> Iterator[Disagreement]:
    """The tax that comes back: the line's own, by the share of the amount, all of it with the last unit (law L14).

    A credit note rounds it cumulatively: of unused service by the stated amount, of what finance chose by the amount
    with tax. A credit on an invoice is taxed together with the other lines of its rate. Where two ways meet on one
    line, each may be a unit off the other's path.
    """
    tax = case.debited_tax(line)
    gross = debited if line.tax_inclusive else debited + tax
    before: list[Credit] = []
    for credit in given_back:
        if credit.tax_inclusive is not line.tax_inclusive:
            stored, right = f"inclusive: {credit.tax_inclusive}", f"inclusive: {line.tax_inclusive}"
            says = "treats tax another way than the line it gives back of."
            yield on_line(Code.NOTE_TAX, credit.document, credit.position, "tax", stored, right, says)
        elif credit.kind is None:
            is_share = credit.arithmetic.rule in SHARE_RULES
            whole = debited if is_share else gross
            given = sum(each.minor if is_share else each.gross_minor for each in before)
            more = credit.minor if is_share else credit.gross_minor
            others = sum(
                each.kind is not None or (each.arithmetic.rule in SHARE_RULES) is not is_share for each in before
            )
            if 0 <= more <= whole - given:
                derived = credited_tax(whole, tax, given, sum(each.tax_minor for each in before), more)
                if abs(derived - credit.tax_minor) > others:
                    field, because = f"tax of line {credit.position}", "its part is"
                    yield amounts(
                        Code.NOTE_TAX, credit.document, field, line.currency, credit.tax_minor, derived, because
                    )
        before.append(credit)
