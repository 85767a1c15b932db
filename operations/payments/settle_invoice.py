"""Settle an invoice: all that is due of it came in by bank transfer, as a job that reads the bank's statement tells."""

from datetime import datetime

from db.queries.accounts import account as account_for
from db.queries.settlements import billed_invoices
from db.unit_of_work import UnitOfWork
from domain.errors import NotFound
from domain.ids import AccountId, InvoiceId
from domain.invoice import InvoiceEvent, after
from domain.money import Money
from operations.payments.take_payment import take_payment

_REFERENCE = "Bank transfer"


async def settle_invoice(unit: UnitOfWork, account_id: AccountId, invoice_id: InvoiceId, at: datetime) -> None:
    """Take a payment of what is due, at an instant of the account's own time; the invoice is PAID by it.

    Raises NotFound, and InvalidTransition for an invoice that cannot be paid (any more).
    """
    found = await account_for(unit.session, unit.scope, account_id, for_change=True)
    invoice = (await billed_invoices(unit.session, unit.scope, [invoice_id])).get(invoice_id) if found else None
    if not found or not invoice or invoice.account_id != account_id:
        raise NotFound(invoice_id)
    after(invoice.owed.status, InvoiceEvent.PAID)
    due = Money(invoice.owed.due_minor, invoice.owed.currency)
    await take_payment(unit, found.account, invoice, due, _REFERENCE, at)
