"""Whole invoices as they were written, for who writes their lines again."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from db import document_rows, rows
from db.among import among
from db.scope import ACTOR, Scope, within
from db.tables import invoice_lines, invoice_taxes, invoices, subscription_items
from domain.ids import AccountId, InvoiceId, ItemId, PriceId
from domain.invoice import Invoice
from domain.subscription import SubscriptionItem


async def document(session: AsyncSession, scope: Scope, account_id: AccountId, invoice_id: InvoiceId) -> Invoice | None:
    """One invoice of the account with its lines and taxes; three statements."""
    of = {ACTOR: scope.actor_id}
    head = (
        await session.execute(
            select(invoices).where(
                invoices.c.account_id == account_id,
                invoices.c.id == invoice_id,
                within(scope.kind, invoices.c.account_id),
            ),
            of,
        )
    ).one_or_none()
    if head is None:
        return None
    lines = await session.execute(
        select(invoice_lines)
        .where(
            invoice_lines.c.account_id == account_id,
            invoice_lines.c.invoice_id == invoice_id,
            within(scope.kind, invoice_lines.c.account_id),
        )
        .order_by(invoice_lines.c.position),
        of,
    )
    taxes = await session.execute(
        select(invoice_taxes)
        .where(
            invoice_taxes.c.account_id == account_id,
            invoice_taxes.c.invoice_id == invoice_id,
            within(scope.kind, invoice_taxes.c.account_id),
        )
        .order_by(invoice_taxes.c.position),
        of,
    )
    return document_rows.invoice(head, lines.all(), taxes.all())


async def items_of(
    session: AsyncSession, scope: Scope, account_id: AccountId, item_ids: Collection[ItemId]
) -> dict[ItemId, SubscriptionItem]:
    """Item versions of the account by id, those that have ended too."""
    item = subscription_items.c
    found = await session.execute(
        select(subscription_items).where(
            item.account_id == account_id, among(item.id, item_ids), within(scope.kind, item.account_id)
        ),
        {ACTOR: scope.actor_id},
    )
    return {
        ItemId(row.id): SubscriptionItem(
            ItemId(row.id),
            row.component,
            PriceId(row.price_id),
            row.quantity,
            rows.utc(row.valid_from),
            rows.maybe_utc(row.valid_until),
        )
        for row in found
    }
