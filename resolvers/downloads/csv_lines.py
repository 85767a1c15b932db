"""The lines of a document as CSV (RFC 4180): every line, every digit, and no cell that a spreadsheet would run.

Numbers are written as they are; a text that a spreadsheet would take for a formula gets an apostrophe before it.
"""

import csv
import io
from collections.abc import Iterator, Sequence
from typing import Any, Final

from domain.ids import PREFIXES, public_id
from resolvers.downloads.reading import Rows
from resolvers.raw import raw

_RUNS: Final = frozenset("=+-@\t\r\n|%＝＋－＠")
"""What a spreadsheet begins a formula, a command or a new cell with; full-width twins too."""

COLUMNS: Final = (
    *("document", "number", "customer", "line_id", "position", "kind", "description", "service_start", "service_end"),
    *("quantity", "unit_price", "net_amount", "tax_percent", "tax_amount", "currency", "subscription_id"),
    "explanation",
)


def invoice_csv(rows: Rows) -> str:
    """An invoice's lines, the head first; lines end in CR LF, the last one too."""
    return _written(_invoice_cells(rows))


def consolidated_csv(invoices: Sequence[Rows]) -> str:
    """The lines of all invoices that a consolidated one is over, in their order, in the columns of an invoice's."""
    return _written(cells for rows in invoices for cells in _invoice_cells(rows))


def _invoice_cells(rows: Rows) -> Iterator[Sequence[Any]]:
    invoice = rows.document
    for line in rows.lines:
        yield (
            *("Invoice", cell(invoice.number or ""), cell(invoice.customer_name), line.id, line.position, line.kind),
            *(cell(line.description), line.service_period.start, line.service_period.end, line.quantity),
            *("" if line.unit_price is None else line.unit_price.amount, line.amount.amount, _percent(rows, line)),
            *(line.tax.amount, invoice.currency, _subscription(line), cell(line.explanation.sentence)),
        )


def credit_note_csv(rows: Rows) -> str:
    """A credit note's lines, in the columns of an invoice's."""
    note = rows.document

    def cells(line: Any) -> Sequence[Any]:
        of = rows.invoice_lines[raw(line, "invoice_line_id")]
        period = line.service_period
        return (
            *("CreditNote", cell(note.number or ""), cell(note.customer_name), line.id, line.position, "CREDIT"),
            *(cell(line.description), "" if period is None else period.start, "" if period is None else period.end),
            *("", "", line.amount.amount, _percent(rows, of), line.tax.amount, note.currency, _subscription(of)),
            cell(line.explanation.sentence),
        )

    return _written(cells(line) for line in rows.lines)


def cell(value: str) -> str:
    """A text as a cell: one that would be run, also after spaces, is kept from it by an apostrophe."""
    return f"'{value}" if value.lstrip(" \u00a0\ufeff")[:1] in _RUNS and value.strip() else value


def _percent(rows: Rows, line: Any) -> str:
    rate = rows.rates.get(raw(line, "tax_rate_id"))
    return "" if rate is None else str(rate.percent)


def _subscription(line: Any) -> str:
    uuid = raw(line, "subscription_id")
    return "" if uuid is None else public_id(PREFIXES["BillingSubscription"], uuid)


def _written(lines: Iterator[Sequence[Any]]) -> str:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    writer.writerows(lines)
    return out.getvalue()
