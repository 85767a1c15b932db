"""What the operations on a subscription's life ask of it beside itself: its past, and what waits for it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from db import rows
from db.scope import ACTOR, Scope, within
from db.tables import subscriptions
from domain.ids import AccountId, ProductId


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
