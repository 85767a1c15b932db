"""Invoices: the document with its lines, once; payments beside it."""

from datetime import datetime

from db import rows
from db.numbers import INVOICES
from db.tables import invoice_lines, invoices
from db.unit_of_work import UnitOfWork
from domain.account import Account
from domain.events import invoice_finalised, invoice_paid
from domain.ids import AccountId, InvoiceId, SubscriptionId
from domain.invoice import Invoice, InvoiceStatus


async def new_invoice(unit: UnitOfWork, account: Account, subscription_id: SubscriptionId, invoice: Invoice) -> None:
    """A finalised invoice with its lines, its events, and a number before the commit."""
    columns = rows.invoice_columns(invoice, account, subscription_id, paid_minor=0)
    unit.insert(invoices, columns)
    unit.insert(invoice_lines, *rows.line_columns(invoice, account.id))
    unit.emit(account.id, invoice_finalised(invoice))
    if invoice.status is InvoiceStatus.PAID:
        unit.emit(account.id, invoice_paid(invoice.id, invoice.finalised_at, invoice.total.minor, invoice.currency))
    unit.number(INVOICES, account, invoice.id)


async def payment(
    unit: UnitOfWork, account_id: AccountId, invoice_id: InvoiceId, status: InvoiceStatus, paid_minor: int, at: datetime
) -> None:
    """What was paid, and the status that follows; the document itself stays as it is."""
    changes = {"status": status.value, "paid_minor": paid_minor, "paid_at": at}
    unit.update(invoices, {"account_id": account_id, "id": invoice_id}, changes)
