"""A credit note as it is printed: what is given back of which lines, and where it goes."""

from collections.abc import Iterator
from typing import Any

from resolvers.downloads.printed import (
    Printed,
    PrintedLine,
    Total,
    day,
    days,
    is_nothing,
    money,
    party,
    rate_of,
    seller_of,
)
from resolvers.downloads.reading import Rows
from resolvers.raw import raw


def printed_credit_note(rows: Rows) -> Printed:
    """The document as it was issued. The customer's address is that of the invoice it corrects."""
    note, invoice = rows.document, rows.invoice
    country = invoice.customer_country if invoice.customer_address is None else None
    return Printed(
        title="Credit note",
        number=note.number or "Draft",
        mark=None,
        issued_on=raw(note, "issued_on"),
        seller=seller_of(rows),
        customer=party(note.customer_name, invoice.customer_address, invoice.customer_tax_id, country),
        facts=(
            ("Credit note number", note.number or "none yet"),
            ("Date", day(raw(note, "issued_on"))),
            ("For invoice", invoice.number or "a draft"),
            ("Invoice date", day(raw(invoice, "issued_on"))),
        ),
        currency=note.currency,
        lines=tuple(_line(rows, line) for line in rows.lines),
        taxes=(),
        totals=tuple(_totals(note)),
        notes=(note.memo,) if note.memo else (),
    )


def _line(rows: Rows, line: Any) -> PrintedLine:
    has_period = line.service_period is not None
    return PrintedLine(
        description=line.description,
        period=days(raw(line, "service_start"), raw(line, "service_end"), rows.account.time_zone) if has_period else "",
        sentence=line.explanation.sentence,
        quantity="",
        unit_price="",
        tax_rate=rate_of(rows, rows.invoice_lines[raw(line, "invoice_line_id")]),
        amount=money(line.amount),
    )


def _totals(note: Any) -> Iterator[Total]:
    yield Total("Subtotal", money(note.subtotal))
    yield Total("Tax", money(note.tax))
    yield Total(f"Total credited {note.currency}", money(note.total), is_strong=True)
    for label, amount in (
        ("Taken off the invoice", note.to_invoice),
        ("To your credit balance", note.to_balance),
        ("Paid back", note.to_refund),
    ):
        if not is_nothing(amount):
            yield Total(label, money(amount))
