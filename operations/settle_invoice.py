"""Record that an invoice was paid in full. Until payments exist this is how money comes in."""

from datetime import datetime

from db import audit
from db.queries.accounts import account as account_for
from db.queries.invoices import payable
from db.save import invoices
from db.unit_of_work import UnitOfWork
from domain.errors import NotFound
from domain.events import invoice_paid
from domain.ids import AccountId, InvoiceId
from domain.invoice import InvoiceEvent, after


async def settle_invoice(unit: UnitOfWork, account_id: AccountId, invoice_id: InvoiceId, at: datetime) -> None:
    """Mark an open invoice PAID at an instant of the account's own time. Raises NotFound, InvalidTransition."""
    found = await account_for(unit.session, unit.scope, account_id, for_change=True)
    invoice = found and await payable(unit.session, unit.scope, account_id, invoice_id)
    if not invoice:
        raise NotFound(invoice_id)
    status = after(invoice.status, InvoiceEvent.PAID)
    await invoices.payment(unit, account_id, invoice_id, status, invoice.total.minor, at)
    unit.emit(account_id, invoice_paid(invoice_id, at, invoice.total.minor, invoice.total.currency))
    await unit.audit(
        audit.Entry(
            account_id,
            "invoice.pay",
            "Invoice",
            invoice_id,
            at,
            before={"status": invoice.status.value},
            after={"status": status.value},
        )
    )
