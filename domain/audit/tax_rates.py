"""Tax rates: each line taxed as the account is on the issue day, a credit as the line it gives back of (law L14).

Owns the choice of the rate. The tables and the treatments are tax.py's, the arithmetic tax_entries.py's.
"""

from collections.abc import Iterator
from uuid import UUID

from domain.audit.case import Case
from domain.audit.disagreement import Code, Disagreement
from domain.audit.documents import InvoiceOnFile, LineOnFile
from domain.audit.words import document_of, on_line
from domain.tax import AppliedTax, TaxProfile, rate_for


def audit_tax_rates(case: Case) -> Iterator[Disagreement]:
    """Lines and entries taxed at another rate, or with another treatment, than the day and the place ask for."""
    by_hand = {charge.id: charge.line_id for charge in case.books.charges if charge.line_id is not None}
    for invoice in case.books.final:
        today = applied(case, invoice)
        if not today:
            continue
        document = document_of(invoice)
        rates = [each.rate_id for each in today]
        is_own = False
        for line in invoice.lines:
            original = _original(case, line, by_hand)
            is_own = is_own or original is None
            allowed = rates if original is None else [original.tax_rate_id]
            if line.tax_rate_id not in allowed:
                stored, derived = _name(case, line.tax_rate_id), _name(case, allowed[-1])
                says = f"is taxed at {stored}, but on {invoice.issued_on} it is {derived}."
                yield on_line(Code.TAX_RATE, document, line.position, "tax rate", stored, derived, says)
        treatments = {entry.treatment for entry in invoice.taxes if entry.tax_rate_id in rates}
        if is_own and invoice.taxes and not treatments & {each.treatment for each in today}:
            stored, derived = ", ".join(sorted(treatments)) or "none", today[-1].treatment.value
            says = f"{document.label} is taxed as {stored}, but on {invoice.issued_on} the account is {derived}."
            yield Disagreement(Code.TAX_RATE, document, "tax treatment", stored, derived, says)


def applied(case: Case, invoice: InvoiceOnFile) -> list[AppliedTax]:
    """How the account was taxed on the issue day of an invoice: as it was when that was drafted, or final.

    Of an unknown seller, or a profile that nothing tells of any more, none: then there is nothing to compare with.
    """
    seller = case.rules.sellers.get(invoice.legal_entity_id)
    found: list[AppliedTax] = []
    instants = dict.fromkeys((invoice.drafted_at, invoice.finalised_at or invoice.drafted_at))
    for known in dict.fromkeys(known for at in instants for known in case.books.account.taxed_by(at)):
        if seller is None or known is None:
            return []
        region, exemption = known
        tax_id = "given" if invoice.has_tax_id else None
        profile = TaxProfile(seller.country, invoice.customer_country, region, exemption, tax_id)
        found.append(rate_for(profile, case.rules.rates, invoice.issued_on))
    return found


def _original(case: Case, line: LineOnFile, by_hand: dict[UUID, UUID]) -> LineOnFile | None:
    """The line that decides how this one is taxed: what it gives back of, corrects, or takes a discount from."""
    of_id = line.discounted_line_id or by_hand.get(line.cause)
    if of_id is None and line.stated_minor <= 0:
        of_id = line.credited_line_id
    return case.books.lines[of_id][1] if of_id is not None and of_id in case.books.lines else None


def _name(case: Case, rate_id: UUID | None) -> str:
    rate = case.rules.rates_by_id.get(rate_id) if rate_id else None
    return "no rate" if rate is None else f"{rate.name} {rate.percent.normalize():f} % from {rate.valid_from}"
