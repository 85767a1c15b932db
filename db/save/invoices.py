"""Invoices: the document with its lines and taxes, once; a draft until it is final; what it uses up beside it."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import delete

from db import rows
from db.numbers import INVOICES
from db.tables import charges, invoice_lines, invoice_taxes, invoices
from db.unit_of_work import UnitOfWork
from domain.account import Account
from domain.ids import AccountId, ChargeId, InvoiceId
from domain.invoice import Invoice, InvoiceStatus


async def new_invoice(
    unit: UnitOfWork, account: Account, invoice: Invoice, next_step_at: datetime | None = None
) -> None:
    """An invoice with its lines and taxes, and a number before the commit unless it is a draft."""
    unit.insert(invoices, rows.invoice_columns(invoice, account) | {"next_step_at": next_step_at})
    _parts(unit, account.id, invoice)
    if invoice.status is not InvoiceStatus.DRAFT:
        unit.number(INVOICES, account, invoice.id)


def _parts(unit: UnitOfWork, account_id: AccountId, invoice: Invoice) -> None:
    unit.insert(invoice_lines, *rows.line_columns(invoice, account_id))
    tax_ids = [unit.ids.new() for _ in invoice.taxes]
    unit.insert(invoice_taxes, *rows.tax_columns(invoice, account_id, tax_ids))


async def final_invoice(
    unit: UnitOfWork,
    account: Account,
    invoice_id: InvoiceId,
    status: InvoiceStatus,
    issued_on: date,
    due_on: date,
    at: datetime,
    next_step_at: datetime | None,
) -> None:
    """A draft that is final from an instant of the account's time on; it gets its number before the commit."""
    changes = {
        "status": status.value,
        "issued_on": issued_on,
        "due_on": due_on,
        "finalised_at": at,
        "finalise_at": None,
        "paid_at": at if status is InvoiceStatus.PAID else None,
        "next_step_at": next_step_at,
    }
    unit.update(invoices, {"account_id": account.id, "id": invoice_id}, changes)
    unit.number(INVOICES, account, invoice_id)


async def billed_charges(
    unit: UnitOfWork, account_id: AccountId, charge_ids: Sequence[ChargeId], invoice_id: InvoiceId
) -> None:
    """Charges that waited are on an invoice now, and wait no more."""
    for charge_id in charge_ids:
        unit.update(charges, {"account_id": account_id, "id": charge_id}, {"invoice_id": invoice_id})


async def moved_draft(unit: UnitOfWork, account: Account, draft: Invoice) -> None:
    """A draft with other lines, taxes and amounts. Nothing refers to a draft's lines, so they are written anew."""
    tax, line = invoice_taxes.c, invoice_lines.c
    await unit.session.execute(delete(invoice_taxes).where(tax.account_id == account.id, tax.invoice_id == draft.id))
    await unit.session.execute(delete(invoice_lines).where(line.account_id == account.id, line.invoice_id == draft.id))
    columns = rows.invoice_columns(draft, account)
    names = ("subtotal_minor", "discount_minor", "tax_minor", "total_minor")
    key = {"account_id": account.id, "id": draft.id}
    unit.update(invoices, key, {name: columns[name] for name in names})
    _parts(unit, account.id, draft)
