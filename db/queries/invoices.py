"""Invoices for decisions: which of them are open."""

from functools import lru_cache
from typing import Any

from sqlalchemy import Select, bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.scope import ACTOR, Scope, within
from db.tables import invoices
from domain.ids import AccountId, InvoiceId
from domain.invoice import InvoiceStatus


async def open_invoices(session: AsyncSession, scope: Scope, account_id: AccountId) -> list[InvoiceId]:
    """The account's unpaid invoices, oldest first."""
    found = await session.scalars(_open(scope.of_anyone), {ACTOR: scope.actor_id, "of": account_id})
    return [InvoiceId(each) for each in found]


@lru_cache
def _open(scope: Scope) -> Select[Any]:
    return (
        select(invoices.c.id)
        .where(
            invoices.c.account_id == bindparam("of"),
            invoices.c.status == InvoiceStatus.OPEN.value,
            within(scope.kind, invoices.c.account_id),
        )
        .order_by(invoices.c.finalised_at, invoices.c.id)
    )
