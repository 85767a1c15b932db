"""Invoices for decisions: which of them are open."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from db.scope import ACTOR, Scope, within
from db.tables import invoices
from domain.ids import AccountId, InvoiceId
from domain.invoice import InvoiceStatus


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
