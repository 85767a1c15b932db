"""Coupons as whoever redeems one needs them, and the discounts that subscriptions have from them."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncSession

from db import rows
from db.scope import ACTOR, Scope, within
from db.tables import coupons, discounts
from domain.discount import CouponTerms
from domain.ids import AccountId, CouponId, DiscountId, ProductId, SubscriptionId
from domain.money import Money


@dataclass(frozen=True, slots=True)
class Coupon:
    """What may be redeemed until when, and how often it has been."""

    id: CouponId
    terms: CouponTerms
    redeem_by: datetime | None
    max_redemptions: int | None
    redemptions: int


@dataclass(frozen=True, slots=True)
class RedeemedDiscount:
    """A subscription's discount; `ended_at` None: it may cover further periods."""

    id: DiscountId
    account_id: AccountId
    subscription_id: SubscriptionId
    coupon_id: CouponId | None
    """None: it comes from an agreement."""
    code: str
    ended_at: datetime | None


async def coupon_to_redeem(session: AsyncSession, code: str) -> Coupon | None:
    """The coupon of a code, its row locked until the transaction ends: who redeems the last one is one."""
    row = (await session.execute(select(coupons).where(coupons.c.code == code).with_for_update())).one_or_none()
    if row is None:
        return None
    currency = row.currency
    terms = CouponTerms(
        code=row.code,
        name=row.name,
        percent=row.percent,
        amount=None if row.amount_minor is None else Money(row.amount_minor, currency),
        cap=None if row.cap_minor is None else Money(row.cap_minor, currency),
        periods=row.periods,
        component=row.component,
        product_id=ProductId(row.product_id) if row.product_id else None,
    )
    return Coupon(CouponId(row.id), terms, rows.maybe_utc(row.redeem_by), row.max_redemptions, row.redemptions)


async def discounts_of(
    session: AsyncSession, scope: Scope, account_id: AccountId, subscription_id: SubscriptionId
) -> list[RedeemedDiscount]:
    """The discounts a subscription has had, those that ended too."""
    return await _given(session, scope, account_id, discounts.c.subscription_id == subscription_id)


async def agreed_discounts(session: AsyncSession, scope: Scope, account_id: AccountId) -> list[RedeemedDiscount]:
    """The discounts that agreements have given an account's subscriptions, those that ended too."""
    return await _given(session, scope, account_id, discounts.c.terms_id.is_not(None))


async def _given(
    session: AsyncSession, scope: Scope, account_id: AccountId, which: ColumnElement[bool]
) -> list[RedeemedDiscount]:
    discount = discounts.c
    found = await session.execute(
        select(discounts)
        .where(discount.account_id == account_id, which, within(scope.kind, discount.account_id))
        .order_by(discount.redeemed_at, discount.id),
        {ACTOR: scope.actor_id},
    )
    return [
        RedeemedDiscount(
            DiscountId(row.id),
            AccountId(row.account_id),
            SubscriptionId(row.subscription_id),
            CouponId(row.coupon_id) if row.coupon_id else None,
            row.code,
            rows.maybe_utc(row.ended_at),
        )
        for row in found
    ]


async def place_of_discount(
    session: AsyncSession, scope: Scope, discount_id: DiscountId
) -> tuple[AccountId, SubscriptionId] | None:
    """Whose discount this is and of which subscription, if the scope reaches it."""
    row = (
        await session.execute(
            select(discounts.c.account_id, discounts.c.subscription_id).where(
                discounts.c.id == discount_id, within(scope.kind, discounts.c.account_id)
            ),
            {ACTOR: scope.actor_id},
        )
    ).one_or_none()
    return (AccountId(row.account_id), SubscriptionId(row.subscription_id)) if row else None
