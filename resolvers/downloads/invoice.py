"""An invoice as it is printed: parties, lines with their discounts beneath, taxes, sums, what has been settled."""

from collections.abc import Iterator
from typing import Any, Final

from domain.invoice import InvoiceStatus
from resolvers.downloads.printed import (
    Printed,
    PrintedLine,
    PrintedTax,
    Total,
    day,
    days,
    grouped,
    is_nothing,
    money,
    negative,
    party,
    rate_of,
    seller_of,
)
from resolvers.downloads.reading import Rows
from resolvers.raw import raw

_MARKS: Final = {InvoiceStatus.DRAFT: "DRAFT", InvoiceStatus.VOID: "VOID"}
_STATUSES: Final = {
    InvoiceStatus.DRAFT: "Draft: this is not an invoice yet",
    InvoiceStatus.OPEN: "Open",
    InvoiceStatus.PAID: "Paid",
    InvoiceStatus.VOID: "Void: nothing is owed",
    InvoiceStatus.UNCOLLECTIBLE: "Open",
}


def printed_invoice(rows: Rows) -> Printed:
    """The document as it was issued, with where it stands today."""
    invoice = rows.document
    status = InvoiceStatus(invoice.status)
    country = invoice.customer_country if invoice.customer_address is None else None
    return Printed(
        title="Invoice",
        number=invoice.number or "Draft",
        mark=_MARKS.get(status),
        issued_on=raw(invoice, "issued_on"),
        seller=seller_of(rows),
        customer=party(invoice.customer_name, invoice.customer_address, invoice.customer_tax_id, country),
        facts=tuple(_facts(rows, status)),
        currency=invoice.currency,
        lines=tuple(_lines(rows)),
        taxes=tuple(PrintedTax(each.label, money(each.base), money(each.tax), each.sentence) for each in rows.taxes),
        totals=tuple(_totals(rows)),
        notes=(),
    )


def _facts(rows: Rows, status: InvoiceStatus) -> Iterator[tuple[str, str]]:
    invoice = rows.document
    yield "Invoice number", invoice.number or "none yet"
    yield "Date", day(raw(invoice, "issued_on"))
    yield "Due", day(raw(invoice, "due_on"))
    if invoice.period is not None:
        yield "Billing period", days(raw(invoice, "period_start"), raw(invoice, "period_end"), rows.account.time_zone)
    if rows.invoice is not None:
        yield "In place of", rows.invoice.number
    yield "Status", _STATUSES[status]


def _lines(rows: Rows) -> Iterator[PrintedLine]:
    """Each line followed by its discounts, whatever their positions are."""
    beneath: dict[Any, list[Any]] = {}
    for line in rows.lines:
        beneath.setdefault(raw(line, "discounted_line_id"), []).append(line)
    for line in beneath.get(None, ()):
        yield _line(rows, line)
        for discount in beneath.get(raw(line, "id"), ()):
            yield _line(rows, discount, is_beneath=True)


def _line(rows: Rows, line: Any, *, is_beneath: bool = False) -> PrintedLine:
    price = "" if line.unit_price is None else grouped(line.unit_price.amount)
    return PrintedLine(
        description=line.description,
        period=days(raw(line, "service_start"), raw(line, "service_end"), rows.account.time_zone),
        sentence=line.explanation.sentence,
        quantity="" if is_beneath else grouped(line.quantity),
        unit_price=f"{price} incl. tax" if price and line.tax_inclusive else price,
        tax_rate=rate_of(rows, line),
        amount=money(line.amount),
        is_beneath=is_beneath,
    )


def _totals(rows: Rows) -> Iterator[Total]:
    """The two equations, a row a term: what the document says, then what stands beside it."""
    invoice = rows.document
    yield Total("Subtotal", money(invoice.subtotal))
    if not is_nothing(invoice.discount_total):
        yield Total("Discounts", negative(invoice.discount_total))
    yield Total("Tax", money(invoice.tax))
    yield Total(f"Total {invoice.currency}", money(invoice.total), is_strong=True)
    if InvoiceStatus(invoice.status) is InvoiceStatus.DRAFT:
        return
    if not is_nothing(invoice.amount_credited):
        numbers = ", ".join(
            note.number for note in rows.credit_notes if not is_nothing(note.to_invoice) and note.number
        )
        yield Total(f"Credit notes {numbers}".rstrip(), negative(invoice.amount_credited))
    if not is_nothing(invoice.credit_applied):
        yield Total("Credit balance", negative(invoice.credit_applied))
    if not is_nothing(invoice.amount_paid):
        yield Total("Paid", negative(invoice.amount_paid))
    if not is_nothing(invoice.amount_returned):
        yield Total("Returned", money(invoice.amount_returned))
    yield Total(f"Amount due {invoice.currency}", money(invoice.amount_due), is_strong=True)
