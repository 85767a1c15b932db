"""The computed field `download` of invoices, credit notes and consolidated invoices."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

from resolvers.downloads.links import Claim, Download, DownloadFormat

if TYPE_CHECKING:
    from resolvers.context import RequestContext


async def invoice_downloads(
    context: "RequestContext", invoice_ids: Sequence[UUID], *, format: DownloadFormat
) -> list[Download | None]:
    """A link to each invoice; None for one out of reach. One statement for all of them."""
    return await _downloads(context, "Invoice", invoice_ids, format)


async def credit_note_downloads(
    context: "RequestContext", note_ids: Sequence[UUID], *, format: DownloadFormat
) -> list[Download | None]:
    """A link to each credit note; None for one out of reach. One statement for all of them."""
    return await _downloads(context, "CreditNote", note_ids, format)


async def consolidated_invoice_downloads(
    context: "RequestContext", document_ids: Sequence[UUID], *, format: DownloadFormat
) -> list[Download | None]:
    """A link to each consolidated invoice; None for one out of reach. One statement for all of them."""
    return await _downloads(context, "ConsolidatedInvoice", document_ids, format)


async def _downloads(
    context: "RequestContext", type_name: str, ids: Sequence[UUID], format: DownloadFormat
) -> list[Download | None]:
    # read again under the caller's scope: the account that is signed is the row's own, not one that was handed in
    rows = await context.rows(context.graph.by_id[type_name]).load_many(ids)
    links = context.links
    return [
        None if row is None or links is None else links.make(_claim(type_name, row, format), context.now)
        for row in rows
    ]


def _claim(type_name: str, row: Any, format: DownloadFormat) -> Claim:
    return Claim(type_name, row._id, row._account_id, format)  # noqa: SLF001 - rows name raw columns so
