"""The rows a document is made of, read by the loaders like any answer of the graph."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from db.graph.cursors import Cursor
from resolvers.context import RequestContext
from resolvers.fields import paged, related
from resolvers.paging import read_cursor
from resolvers.raw import raw

_A_PAGE: Final = 50


@dataclass(frozen=True, slots=True)
class Rows:
    """A document's row and those it names. Each reads like the graph's type of its name."""

    document: Any
    account: Any
    seller: Any
    lines: Sequence[Any]
    rates: dict[UUID, Any]
    """Tax rates of the lines, by id."""
    taxes: Sequence[Any] = ()
    credit_notes: Sequence[Any] = ()
    invoice: Any = None
    """Of a credit note: the invoice it corrects. Of an invoice: the one it replaces."""
    invoice_lines: dict[UUID, Any] = field(default_factory=dict)
    """Of a credit note: the lines it corrects, by id."""
    invoices: Sequence[Any] = ()
    """Of a consolidated invoice: those it is over, the oldest first."""


async def invoice_rows(context: RequestContext, invoice_id: UUID, account_id: UUID) -> Rows | None:
    """An invoice of this very account with all that stands on it; None for another's, and for none."""
    invoice = await _of_account(context, "Invoice", invoice_id, account_id)
    if invoice is None:
        return None
    lines = await _related(invoice, context, "lines")
    return Rows(
        invoice,
        await _related(invoice, context, "account"),
        await _related(invoice, context, "legal_entity"),
        lines,
        await _rates(context, lines),
        taxes=await _related(invoice, context, "taxes"),
        credit_notes=await _related(invoice, context, "credit_notes"),
        invoice=await _related(invoice, context, "replaces"),
    )


async def credit_note_rows(context: RequestContext, note_id: UUID, account_id: UUID) -> Rows | None:
    """A credit note of this very account with all that stands on it; None for another's, and for none."""
    note = await _of_account(context, "CreditNote", note_id, account_id)
    if note is None:
        return None
    lines = await _related(note, context, "lines")
    corrected = [await _related(line, context, "invoice_line") for line in lines]
    return Rows(
        note,
        await _related(note, context, "account"),
        await _related(note, context, "legal_entity"),
        lines,
        await _rates(context, corrected),
        invoice=await _related(note, context, "invoice"),
        invoice_lines={raw(line, "id"): line for line in corrected},
    )


async def consolidated_rows(context: RequestContext, document_id: UUID, account_id: UUID) -> Rows | None:
    """A consolidated invoice of this very account and those it is over; None for another's, and for none."""
    document = await _of_account(context, "ConsolidatedInvoice", document_id, account_id)
    if document is None:
        return None
    return Rows(
        document,
        await _related(document, context, "account"),
        await _related(document, context, "legal_entity"),
        lines=(),
        rates={},
        invoices=[each async for each in _invoices(context, document)],
    )


async def rows_of_each_invoice(context: RequestContext, rows: Rows) -> list[Rows]:
    """The invoices a consolidated one is over, each with its lines; as many statements as for one of them."""
    found = await asyncio.gather(
        *(invoice_rows(context, raw(each, "id"), raw(each, "account_id")) for each in rows.invoices)
    )
    return [each for each in found if each is not None]


async def _invoices(context: RequestContext, document: Any) -> AsyncIterator[Any]:
    after: Cursor | None = None
    while True:
        page = await paged(
            document,
            context,
            "invoices",
            {},
            first=_A_PAGE,
            last=None,
            after=after,
            before=None,
            order=None,
            filters=(),
        )
        for edge in page.edges:
            yield edge.node
        if not page.page_info.has_next_page:
            return
        after = read_cursor(page.page_info.end_cursor)


async def _of_account(context: RequestContext, type_name: str, uuid: UUID, account_id: UUID) -> Any:
    row = await context.by_id(type_name, uuid)
    return row if row is not None and raw(row, "account_id") == account_id else None


async def _related(row: Any, context: RequestContext, name: str) -> Any:
    found = related(row, context, name, {})
    return await found if isinstance(found, Awaitable) else found


async def _rates(context: RequestContext, lines: Sequence[Any]) -> dict[UUID, Any]:
    found = [await _related(line, context, "tax_rate") for line in lines]
    return {raw(rate, "id"): rate for rate in found if rate is not None}
