"""The file that a link leads to: the rows of its document in the format that was asked for."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from resolvers.context import RequestContext
from resolvers.downloads.consolidated import printed_consolidated
from resolvers.downloads.credit_note import printed_credit_note
from resolvers.downloads.csv_lines import consolidated_csv, credit_note_csv, invoice_csv
from resolvers.downloads.invoice import printed_invoice
from resolvers.downloads.links import Claim, DownloadFormat
from resolvers.downloads.pdf import pdf
from resolvers.downloads.printed import Printed
from resolvers.downloads.reading import Rows, consolidated_rows, credit_note_rows, invoice_rows, rows_of_each_invoice


@dataclass(frozen=True, slots=True)
class Document:
    """A file: its content, what kind it is, and the document's number to name it by."""

    content: bytes
    media_type: str
    number: str


async def document(context: RequestContext, claim: Claim) -> Document | None:
    """The document of a claim; None when it is not there, or not its account's.

    Raises PdfNotInstalled and NoFont for one that cannot be printed here.
    """
    kind = _KINDS[claim.type_name]
    rows = await kind.read(context, claim.document_id, claim.account_id)
    if rows is None:
        return None
    number = rows.document.number or ""
    match claim.format:
        case DownloadFormat.CSV:
            text = await kind.lines(context, rows)
            return Document(text.encode(), "text/csv; charset=utf-8; header=present", number)
        case DownloadFormat.PDF:
            return Document(await pdf(kind.printed(rows)), "application/pdf", number)


async def _invoice_lines(context: RequestContext, rows: Rows) -> str:
    return invoice_csv(rows)


async def _credit_note_lines(context: RequestContext, rows: Rows) -> str:
    return credit_note_csv(rows)


async def _consolidated_lines(context: RequestContext, rows: Rows) -> str:
    return consolidated_csv(await rows_of_each_invoice(context, rows))


@dataclass(frozen=True, slots=True)
class _Kind:
    """How a type of document is read, printed, and written line by line."""

    read: Callable[[RequestContext, UUID, UUID], Awaitable[Rows | None]]
    printed: Callable[[Rows], Printed]
    lines: Callable[[RequestContext, Rows], Awaitable[str]]


_KINDS: Final[Mapping[str, _Kind]] = {
    "Invoice": _Kind(invoice_rows, printed_invoice, _invoice_lines),
    "CreditNote": _Kind(credit_note_rows, printed_credit_note, _credit_note_lines),
    "ConsolidatedInvoice": _Kind(consolidated_rows, printed_consolidated, _consolidated_lines),
}
