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
        if today is None:
            continue
        document = document_of(invoice)
        is_own = False
        for line in invoice.lines:
            original = _original(case, line, by_hand)
            is_own = is_own or original is None
            right = today.rate_id if original is None else original.tax_rate_id
            if line.tax_rate_id != right:
                stored, derived = _name(case, line.tax_rate_id), _name(case, right)
                says = f"is taxed at {stored}, but on {invoice.issued_on} it is {derived}."
                yield on_line(Code.TAX_RATE, document, line.position, "tax rate", stored, derived, says)
        treatments = {entry.treatment for entry in invoice.taxes if entry.tax_rate_id == today.rate_id}
        if is_own and invoice.taxes and today.treatment not in treatments:
            stored, derived = ", ".join(sorted(treatments)) or "none", today.treatment.value
            says = f"{document.label} is taxed as {stored}, but on {invoice.issued_on} the account is {derived}."
            yield Disagreement(Code.TAX_RATE, document, "tax treatment", stored, derived, says)


def applied(case: Case, invoice: InvoiceOnFile) -> AppliedTax | None:
    """How the account was taxed on the issue day of an invoice; None for an unknown seller."""
    seller, account = case.rules.sellers.get(invoice.legal_entity_id), case.books.account
    if seller is None:
        return None
    profile = TaxProfile(
        seller_country=seller.country,
        country=invoice.customer_country,
        region=account.region,
        exemption=account.exemption,
        tax_id="given" if invoice.has_tax_id else None,
    )
    return rate_for(profile, case.rules.rates, invoice.issued_on)


def _original(case: Case, line: LineOnFile, by_hand: dict[UUID, UUID]) -> LineOnFile | None:
    """The line that decides how this one is taxed: what it gives back of, corrects, or takes a discount from."""
    of_id = line.discounted_line_id or by_hand.get(line.cause)
    if of_id is None and line.stated_minor <= 0:
        of_id = line.credited_line_id
    return case.books.lines[of_id][1] if of_id is not None and of_id in case.books.lines else None


def _name(case: Case, rate_id: UUID | None) -> str:
    rate = case.rules.rates_by_id.get(rate_id) if rate_id else None
    return "no rate" if rate is None else f"{rate.name} {rate.percent.normalize():f} % from {rate.valid_from}"
