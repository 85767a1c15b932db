"""What finance left to the next invoice: charges and adjustments that wait."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from db import rows
from db.among import among
from db.queries.debits import debits_by_line
from db.scope import ACTOR, Scope, within
from db.tables import charges
from domain.ids import AccountId, ChargeId, LineId, SubscriptionId
from domain.invoice import ChargeKind
from domain.invoicing.waiting import WaitingCharge
from domain.money import Money


async def waiting_charges(
    session: AsyncSession, scope: Scope, account_ids: Collection[AccountId]
) -> dict[AccountId, tuple[WaitingCharge, ...]]:
    """The charges of each account that wait, oldest first; one statement, and three where one adjusts a line.

    An adjustment of a line that is void meanwhile corrects nothing, and is left out.
    """
    charge = charges.c
    found = (
        await session.execute(
            select(charges)
            .where(
                among(charge.account_id, account_ids),
                charge.invoice_id.is_(None),
                within(scope.kind, charge.account_id),
            )
            .order_by(charge.account_id, charge.created_at, charge.id),
            {ACTOR: scope.actor_id},
        )
    ).all()
    adjusted = {LineId(row.line_id): AccountId(row.account_id) for row in found if row.line_id}
    lines = await debits_by_line(session, scope, adjusted)
    waiting: dict[AccountId, tuple[WaitingCharge, ...]] = {}
    for row in found:
        if row.line_id and row.line_id not in lines:
            continue
        each = WaitingCharge(
            ChargeId(row.id),
            ChargeKind(row.kind),
            Money(row.amount_minor, row.currency),
            row.description,
            rows.utc(row.created_at),
            SubscriptionId(row.subscription_id) if row.subscription_id else None,
            lines[LineId(row.line_id)] if row.line_id else None,
        )
        waiting[AccountId(row.account_id)] = (*waiting.get(AccountId(row.account_id), ()), each)
    return waiting


def for_subscription(waiting: Collection[WaitingCharge], subscription_id: SubscriptionId) -> tuple[WaitingCharge, ...]:
    """Those that go on the next invoice of a subscription: its own, and those of no subscription in particular."""
    return tuple(each for each in waiting if each.subscription_id in (None, subscription_id))
