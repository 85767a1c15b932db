"""Issue a voided invoice again: the same lines, with the parties and the tax of today, linked to what they replace."""

from datetime import datetime

from db.queries.billing_terms import account_terms
from db.queries.debits import debits_by_line
from db.queries.documents import document, items_of
from db.unit_of_work import UnitOfWork
from domain.account import Account
from domain.errors import NotFound
from domain.ids import InvoiceId
from domain.invoicing.documents import Heading
from domain.invoicing.written import reissue
from operations.invoices.write_documents import write_documents


async def reissue_invoice(unit: UnitOfWork, account: Account, void_id: InvoiceId, at: datetime) -> InvoiceId | None:
    """Write it, at an instant of the time of an account whose row is locked and whose invoice has just been voided.

    Its discounts stay as they were given; what it credits of other lines is capped at what they have left. None where
    nothing is left to ask for. Raises NotFound.
    """
    session, scope = unit.session, unit.scope
    void = await document(session, scope, account.id, void_id)
    if void is None:
        raise NotFound(void_id)
    items = await items_of(session, scope, account.id, [line.item_id for line in void.lines if line.item_id])
    credited = {
        line.explanation.credited_line_id: account.id for line in void.lines if line.explanation.credited_line_id
    }
    of = reissue(
        void,
        await account_terms(session, account),
        at,
        items,
        await debits_by_line(session, scope, credited),
    )
    heading = Heading(
        reason=void.reason,
        subscription_id=void.subscription_id,
        period=void.period,
        cause=void.id,
        replaces_invoice_id=void.id,
    )
    documents = await write_documents(unit, account, of, heading)
    return documents.invoice.id if documents.invoice else None
