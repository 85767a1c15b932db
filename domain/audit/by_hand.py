"""What finance entered: every charge that was billed is on its invoice once, with its amount, and no other is.

Owns one-off charges and adjustments by hand. Does not own adjustments for late use (usage.py).
"""

from collections.abc import Iterator

from domain.audit.case import Case
from domain.audit.disagreement import Code, Disagreement, Document
from domain.audit.words import amounts, document_of, plural
from domain.invoice import InvoiceStatus, LineKind

_RULES = frozenset({"ONE_OFF", "ADJUSTMENT", "REMAINDER"})


def audit_by_hand(case: Case) -> Iterator[Disagreement]:
    """Charges that are on no invoice or on two, lines that no charge asks for, and other amounts than were entered."""
    lines = [
        (invoice, line)
        for invoice in case.books.invoices
        for line in invoice.lines
        if line.kind is LineKind.ONE_OFF or (line.kind is LineKind.ADJUSTMENT and line.arithmetic.rule in _RULES)
    ]
    charges = {charge.id: charge for charge in case.books.charges}
    for invoice, line in lines:
        charge = charges.get(line.cause)
        document = document_of(invoice)
        if charge is None:
            if invoice.replaces_invoice_id is None and invoice.is_final:
                says = f"Line {line.position} of {document.label} is a charge that nobody entered."
                yield Disagreement(Code.BY_HAND, document, f"line {line.position}", "a charge", "none", says)
            continue
        is_capped = line.arithmetic.rule == "REMAINDER" and charge.amount_minor <= line.stated_minor <= 0
        if invoice.is_final and line.stated_minor != charge.amount_minor and not is_capped:
            field = f"amount of line {line.position}"
            yield amounts(
                Code.BY_HAND, document, field, line.currency, line.stated_minor, charge.amount_minor, "finance entered"
            )
    for charge in case.books.charges:
        own = [(invoice, line) for invoice, line in lines if line.cause == charge.id]
        standing = [each for each in own if each[0].status is not InvoiceStatus.VOID]
        is_on_its_invoice = any(invoice.id == charge.invoice_id for invoice, _ in own)
        if charge.invoice_id is not None and (len(standing) > 1 or not is_on_its_invoice):
            document = document_of(own[0][0]) if own else Document("Account", case.books.account.id)
            says = f"A charge that finance entered is on {plural(len(standing), 'invoice')}."
            yield Disagreement(Code.BY_HAND, document, "charge", f"{len(standing)}", "1", says)
