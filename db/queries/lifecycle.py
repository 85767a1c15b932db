"""What the operations on a subscription's life ask of it beside itself: its past, and what waits for it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from db import rows
from db.scope import ACTOR, Scope, within
from db.tables import plan_changes, subscriptions
from domain.ids import AccountId, PlanChangeId, ProductId, SubscriptionId
from domain.plan_change.verdict import PlanChangeStatus


@dataclass(frozen=True, slots=True)
class ProductHistory:
    """Whether an account has a product, and when it last gave one up; None: never."""

    is_live: bool
    ended_at: datetime | None


async def product_history(
    session: AsyncSession, scope: Scope, account_id: AccountId, product_id: ProductId
) -> ProductHistory:
    """The account's subscriptions of a product in short; one statement. The caller has locked the account."""
    subscription = subscriptions.c
    row = (
        await session.execute(
            select(
                func.coalesce(func.bool_or(subscription.ended_at.is_(None)), False).label("is_live"),
                func.max(subscription.ended_at).label("ended_at"),
            ).where(
                subscription.account_id == account_id,
                subscription.product_id == product_id,
                within(scope.kind, subscription.account_id),
            ),
            {ACTOR: scope.actor_id},
        )
    ).one()
    return ProductHistory(row.is_live, rows.maybe_utc(row.ended_at))


async def waiting_change(
    session: AsyncSession, scope: Scope, account_id: AccountId, subscription_id: SubscriptionId
) -> PlanChangeId | None:
    """The plan change scheduled for this subscription, whenever that is; there is one at most."""
    change = plan_changes.c
    found = await session.scalar(
        select(change.id).where(
            change.account_id == account_id,
            change.subscription_id == subscription_id,
            change.status == PlanChangeStatus.SCHEDULED.value,
            within(scope.kind, change.account_id),
        ),
        {ACTOR: scope.actor_id},
    )
    return PlanChangeId(found) if found else None
