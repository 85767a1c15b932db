"""Consolidated invoices, which invoices are on them, and when a payer makes the next."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from db.numbers import CONSOLIDATED_INVOICES
from db.tables import accounts, consolidated_invoices, invoices
from db.unit_of_work import UnitOfWork
from domain.account import Account
from domain.ids import AccountId, ConsolidatedInvoiceId, InvoiceId
from domain.money import Money


@dataclass(frozen=True, slots=True)
class ConsolidatedInvoice:
    """A payer's document over invoices of its children: `total` is what they ask for as it is issued."""

    id: ConsolidatedInvoiceId
    total: Money
    invoices: int
    issued_on: date
    due_on: date
    finalised_at: datetime
    next_step_at: datetime | None


async def new_consolidated(unit: UnitOfWork, payer: Account, document: ConsolidatedInvoice) -> None:
    """The document; it gets its number before the commit."""
    unit.insert(
        consolidated_invoices,
        {
            "account_id": payer.id,
            "id": document.id,
            "legal_entity_id": payer.legal_entity_id,
            "currency": document.total.currency,
            "customer_name": payer.name,
            "customer_address": payer.address,
            "customer_tax_id": payer.tax_id,
            "total_minor": document.total.minor,
            "invoices": document.invoices,
            "issued_on": document.issued_on,
            "due_on": document.due_on,
            "finalised_at": document.finalised_at,
            "next_step_at": document.next_step_at,
        },
    )
    unit.number(CONSOLIDATED_INVOICES, payer, document.id)


async def put_on(
    unit: UnitOfWork,
    account_id: AccountId,
    invoice_ids: Collection[InvoiceId],
    consolidated_id: ConsolidatedInvoiceId,
    due_on: date,
) -> None:
    """The invoices of one child are on this document from now on, and due by it."""
    for invoice_id in invoice_ids:
        unit.update(
            invoices,
            {"account_id": account_id, "id": invoice_id},
            {"consolidated_invoice_id": consolidated_id, "consolidated_due_on": due_on},
        )


async def consolidated_step(
    unit: UnitOfWork,
    account_id: AccountId,
    consolidated_id: ConsolidatedInvoiceId,
    *,
    next_step_at: datetime | None,
    paid_at: datetime | None = None,
) -> None:
    """When an unpaid document asks for attention next, or since when it is paid."""
    key = {"account_id": account_id, "id": consolidated_id}
    unit.update(consolidated_invoices, key, {"next_step_at": next_step_at, "paid_at": paid_at})


async def consolidation(
    unit: UnitOfWork, account_id: AccountId, day: int | None, consolidate_at: datetime | None
) -> None:
    """On which day of the month a payer consolidates, and when it does so next."""
    unit.update(accounts, {"id": account_id}, {"consolidation_day": day, "consolidate_at": consolidate_at})


async def consolidated_child(unit: UnitOfWork, account_id: AccountId, *, is_consolidated: bool) -> None:
    """Whether the invoices of an account wait for its parent's document."""
    unit.update(accounts, {"id": account_id}, {"is_consolidated": is_consolidated})
