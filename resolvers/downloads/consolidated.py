"""A consolidated invoice as it is printed: a row an invoice, whose it is, and what is to be paid for all of them."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from resolvers.downloads.printed import (
    Printed,
    PrintedLine,
    Total,
    day,
    grouped,
    money,
    party,
    seller_of,
)
from resolvers.downloads.reading import Rows
from resolvers.raw import raw


def printed_consolidated(rows: Rows) -> Printed:
    """The document as it was issued, with whether it is paid today."""
    document = rows.document
    return Printed(
        title="Consolidated invoice",
        number=document.number or "Draft",
        mark=None,
        issued_on=raw(document, "issued_on"),
        seller=seller_of(rows),
        customer=party(document.customer_name, document.customer_address, document.customer_tax_id),
        facts=(
            ("Number", document.number or "none yet"),
            ("Date", day(raw(document, "issued_on"))),
            ("Due", day(raw(document, "due_on"))),
            ("Status", "Open" if raw(document, "paid_at") is None else "Paid"),
        ),
        currency=document.currency,
        lines=tuple(_line(each) for each in rows.invoices),
        taxes=(),
        totals=tuple(_totals(rows)),
        notes=("Taxes stand on each invoice.",),
    )


def _line(invoice: Any) -> PrintedLine:
    return PrintedLine(
        description=f"Invoice {invoice.number}",
        period=day(raw(invoice, "issued_on")),
        sentence=invoice.customer_name,
        quantity="",
        unit_price="",
        tax_rate="",
        amount=money(invoice.total),
    )


def _totals(rows: Rows) -> Iterator[Total]:
    document = rows.document
    issued = sum((Decimal(each.total.amount) for each in rows.invoices), Decimal())
    before = issued - Decimal(document.total.amount)
    if before:
        yield Total("Invoices", grouped(str(issued)))
        yield Total("Credits used before", grouped(str(-before)))
    yield Total(f"Total {document.currency}", money(document.total), is_strong=True)
