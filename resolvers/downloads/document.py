"""The file that a link leads to: the rows of its document in the format that was asked for."""

from dataclasses import dataclass

from resolvers.context import RequestContext
from resolvers.downloads.credit_note import printed_credit_note
from resolvers.downloads.csv_lines import credit_note_csv, invoice_csv
from resolvers.downloads.invoice import printed_invoice
from resolvers.downloads.links import Claim, DownloadFormat
from resolvers.downloads.pdf import pdf
from resolvers.downloads.reading import credit_note_rows, invoice_rows


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
    is_note = claim.type_name == "CreditNote"
    read = credit_note_rows if is_note else invoice_rows
    rows = await read(context, claim.document_id, claim.account_id)
    if rows is None:
        return None
    number = rows.document.number or ""
    match claim.format:
        case DownloadFormat.CSV:
            text = credit_note_csv(rows) if is_note else invoice_csv(rows)
            return Document(text.encode(), "text/csv; charset=utf-8; header=present", number)
        case DownloadFormat.PDF:
            printed = printed_credit_note(rows) if is_note else printed_invoice(rows)
            return Document(await pdf(printed), "application/pdf", number)
