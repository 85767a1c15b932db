"""Invoices that are not final yet: which ones use falls into, and each whole."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import DateTime, Uuid, and_, column, func, literal, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession

from db import document_rows, rows
from db.among import among
from db.scope import ACTOR, Scope, within
from db.tables import invoice_lines, invoice_taxes, invoices, plan_components, prices, subscription_items
from domain.ids import AccountId, InvoiceId, ItemId, MeterId
from domain.invoice import Invoice, InvoiceStatus, LineKind
from domain.subscription import SubscriptionItem


async def drafts_over(
    session: AsyncSession, scope: Scope, uses: Sequence[tuple[AccountId, MeterId, datetime]]
) -> dict[InvoiceId, AccountId]:
    """The drafts with a line over the use of a meter at an instant, and whose they are; one statement."""
    if not uses:
        return {}
    asked = (
        func.unnest(
            literal([account_id for account_id, _, _ in uses], ARRAY(Uuid)),
            literal([meter_id for _, meter_id, _ in uses], ARRAY(Uuid)),
            literal([occurred_at for _, _, occurred_at in uses], ARRAY(DateTime(timezone=True))),
        )
        .table_valued(
            column("account_id", Uuid),
            column("meter_id", Uuid),
            column("occurred_at", DateTime(timezone=True)),
            name="asked",
        )
        .render_derived()
    )
    draft, line = invoices.c, invoice_lines.c
    found = await session.execute(
        select(draft.id, draft.account_id)
        .join(asked, asked.c.account_id == draft.account_id)
        .join(invoice_lines, and_(line.account_id == draft.account_id, line.invoice_id == draft.id))
        .join(prices, prices.c.id == line.price_id)
        .join(
            plan_components,
            and_(
                plan_components.c.plan_version_id == prices.c.plan_version_id,
                plan_components.c.code == prices.c.component,
                plan_components.c.meter_id == asked.c.meter_id,
            ),
        )
        .where(
            draft.finalise_at.is_not(None),
            line.kind == LineKind.USAGE.value,
            line.service_start <= asked.c.occurred_at,
            line.service_end > asked.c.occurred_at,
            within(scope.kind, draft.account_id),
        )
        .distinct(),
        {ACTOR: scope.actor_id},
    )
    return {InvoiceId(row.id): AccountId(row.account_id) for row in found}


@dataclass(frozen=True, slots=True)
class StoredDraft:
    """A draft with its lines and taxes, and the item versions its lines are of."""

    account_id: AccountId
    invoice: Invoice
    items: dict[ItemId, SubscriptionItem]


async def stored_drafts(
    session: AsyncSession, scope: Scope, invoice_ids: Collection[InvoiceId], account_ids: Collection[AccountId]
) -> list[StoredDraft]:
    """Those of these invoices that are drafts still, by id; four statements. Their accounts are locked."""
    of, draft, line, tax, item = (
        {ACTOR: scope.actor_id}, invoices.c, invoice_lines.c, invoice_taxes.c, subscription_items.c,
    )  # fmt: skip
    heads = await session.execute(
        select(invoices)
        .where(
            among(draft.account_id, account_ids),
            among(draft.id, invoice_ids),
            draft.status == InvoiceStatus.DRAFT.value,
            within(scope.kind, draft.account_id),
        )
        .order_by(draft.id),
        of,
    )
    lines = await session.execute(
        select(invoice_lines)
        .where(
            among(line.account_id, account_ids),
            among(line.invoice_id, invoice_ids),
            within(scope.kind, line.account_id),
        )
        .order_by(line.invoice_id, line.position),
        of,
    )
    taxes = await session.execute(
        select(invoice_taxes)
        .where(
            among(tax.account_id, account_ids), among(tax.invoice_id, invoice_ids), within(scope.kind, tax.account_id)
        )
        .order_by(tax.invoice_id, tax.position),
        of,
    )
    lines_of, taxes_of = _grouped(lines.all()), _grouped(taxes.all())
    wanted = {row.item_id for own in lines_of.values() for row in own if row.item_id}
    items = await session.execute(
        select(subscription_items).where(
            among(item.account_id, account_ids), among(item.id, wanted), within(scope.kind, item.account_id)
        ),
        of,
    )
    known = {ItemId(row.id): rows.item(row) for row in items}
    return [
        StoredDraft(
            AccountId(head.account_id),
            document_rows.invoice(head, lines_of.get(head.id, ()), taxes_of.get(head.id, ())),
            {ItemId(row.item_id): known[ItemId(row.item_id)] for row in lines_of.get(head.id, ()) if row.item_id},
        )
        for head in heads
    ]


def _grouped(found: Sequence[rows.AnyRow]) -> dict[object, list[rows.AnyRow]]:
    grouped: dict[object, list[rows.AnyRow]] = {}
    for row in found:
        grouped.setdefault(row.invoice_id, []).append(row)
    return grouped
