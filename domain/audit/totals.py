"""Totals of documents: subtotal − discount + tax = total, each the sum of its lines (law L1).

Owns invoices' and consolidated invoices' totals. Does not own credit notes' (notes.py) nor what stands beside a
document (beside.py).
"""

from collections.abc import Iterator

from domain.audit.books import Books
from domain.audit.disagreement import Code, Disagreement, Document
from domain.audit.words import amounts, document_of
from domain.invoice import LineKind


def audit_totals(books: Books) -> Iterator[Disagreement]:
    """Totals that do not follow from the lines and taxes beneath them."""
    for invoice in books.final:
        document = document_of(invoice)
        charged = sum(line.amount_minor for line in invoice.lines if line.kind is not LineKind.DISCOUNT)
        taken = -sum(line.amount_minor for line in invoice.lines if line.kind is LineKind.DISCOUNT)
        tax = sum(line.tax_minor for line in invoice.lines)
        for field, stored, derived, because in (
            ("subtotal", invoice.subtotal_minor, charged, "its lines sum to"),
            ("discount", invoice.discount_minor, taken, "its discounts sum to"),
            ("tax in all", invoice.tax_minor, tax, "the tax of its lines sums to"),
            ("total", invoice.total_minor, charged - taken + tax, "subtotal − discount + tax is"),
        ):
            if stored != derived:
                yield amounts(Code.TOTALS, document, field, invoice.currency, stored, derived, because)
    for consolidated in books.consolidated:
        document = Document("ConsolidatedInvoice", consolidated.id, consolidated.number)
        derived = sum(consolidated.children_minor)
        if consolidated.total_minor != derived:
            yield amounts(
                Code.CONSOLIDATED,
                document,
                "total",
                consolidated.currency,
                consolidated.total_minor,
                derived,
                "the invoices it is over come to",
            )
        if consolidated.invoices != len(consolidated.children_minor):
            said, right = f"{consolidated.invoices}", f"{len(consolidated.children_minor)}"
            says = f"{document.label} says it is over {said} invoices; there are {right}."
            yield Disagreement(Code.CONSOLIDATED, document, "invoices", said, right, says)
