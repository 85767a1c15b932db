"""Which steps unpaid documents have had."""

from collections.abc import Collection, Mapping

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.among import among
from db.scope import ACTOR, Scope, within
from db.tables import dunning_steps
from domain.ids import AccountId, ConsolidatedInvoiceId, InvoiceId

Document = InvoiceId | ConsolidatedInvoiceId


async def steps_taken(
    session: AsyncSession, scope: Scope, account_ids: Collection[AccountId], documents: Collection[Document]
) -> Mapping[Document, list[int]]:
    """The days of the steps each document has had, in order; documents without any are left out."""
    step = dunning_steps.c
    document = func.coalesce(step.invoice_id, step.consolidated_invoice_id).label("document_id")
    found = await session.execute(
        select(document, step.day)
        .where(among(step.account_id, account_ids), document.in_(documents), within(scope.kind, step.account_id))
        .order_by(step.day),
        {ACTOR: scope.actor_id},
    )
    days: dict[Document, list[int]] = {}
    for row in found:
        days.setdefault(row.document_id, []).append(row.day)
    return days
