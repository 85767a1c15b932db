"""Invoices for decisions: status and amounts, not the lines."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from db.scope import ACTOR, Scope, within
from db.tables import invoices
from domain.ids import AccountId, InvoiceId
from domain.invoice import InvoiceStatus
from domain.money import Money


@dataclass(frozen=True, slots=True)
class Payable:
    """What is owed on an invoice, and where it stands."""

    id: InvoiceId
    status: InvoiceStatus
    total: Money


async def payable(session: AsyncSession, scope: Scope, account_id: AccountId, invoice_id: InvoiceId) -> Payable | None:
    """One invoice of the account."""
    row = (
        await session.execute(
            select(invoices.c.id, invoices.c.status, invoices.c.total_minor, invoices.c.currency).where(
                invoices.c.account_id == account_id,
                invoices.c.id == invoice_id,
                within(scope.kind, invoices.c.account_id),
            ),
            {ACTOR: scope.actor_id},
        )
    ).one_or_none()
    return row and Payable(InvoiceId(row.id), InvoiceStatus(row.status), Money(row.total_minor, row.currency))


async def open_invoices(session: AsyncSession, scope: Scope, account_id: AccountId) -> list[InvoiceId]:
    """The account's unpaid invoices, oldest first."""
    found = await session.scalars(
        select(invoices.c.id)
        .where(
            invoices.c.account_id == account_id,
            invoices.c.status == InvoiceStatus.OPEN.value,
            within(scope.kind, invoices.c.account_id),
        )
        .order_by(invoices.c.finalised_at, invoices.c.id),
        {ACTOR: scope.actor_id},
    )
    return [InvoiceId(each) for each in found]
