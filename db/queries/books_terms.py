"""What was agreed beside a plan, for the audit: discounts with the periods they cover, and charges entered by hand."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from db.rows import AnyRow, utc
from db.scope import ACTOR, Scope, within
from db.tables import charges, coupons, discount_periods, discounts
from domain.audit.facts import ChargeOnFile, DiscountOnFile
from domain.discount import CouponTerms
from domain.ids import AccountId
from domain.invoice import ChargeKind
from domain.money import Money
from domain.periods import Period


async def discounts_of(
    session: AsyncSession, scope: Scope, ids: Sequence[AccountId]
) -> dict[UUID, list[DiscountOnFile]]:
    """The discounts of each account, of coupons and agreements, with the billing periods they cover."""
    discount, covered = discounts.c, discount_periods.c
    periods = await session.execute(
        select(covered.discount_id, covered.period_start, covered.period_end)
        .where(covered.account_id.in_(ids), within(scope.kind, covered.account_id))
        .order_by(covered.discount_id, covered.period_start),
        {ACTOR: scope.actor_id},
    )
    by_discount: dict[UUID, list[Period]] = {}
    for row in periods:
        by_discount.setdefault(row.discount_id, []).append(Period(utc(row.period_start), utc(row.period_end)))
    rows = await session.execute(
        select(discounts, coupons.c.product_id)
        .outerjoin(coupons, coupons.c.id == discount.coupon_id)
        .where(discount.account_id.in_(ids), within(scope.kind, discount.account_id))
        .order_by(discount.account_id, discount.redeemed_at, discount.id),
        {ACTOR: scope.actor_id},
    )
    found: dict[UUID, list[DiscountOnFile]] = {}
    for row in rows:
        found.setdefault(row.account_id, []).append(
            DiscountOnFile(
                row.id,
                row.subscription_id,
                _terms(row),
                utc(row.redeemed_at),
                tuple(by_discount.get(row.id, ())),
                is_agreed=row.terms_id is not None,
            )
        )
    return found


def _terms(row: AnyRow) -> CouponTerms:
    return CouponTerms(
        code=row.code,
        name=row.label,
        percent=row.percent,
        amount=None if row.amount_minor is None else Money(row.amount_minor, row.currency),
        cap=None if row.cap_minor is None else Money(row.cap_minor, row.currency),
        periods=row.periods,
        component=row.component,
        product_id=row.product_id,
    )


async def charges_of(session: AsyncSession, scope: Scope, ids: Sequence[AccountId]) -> dict[UUID, list[ChargeOnFile]]:
    """What finance entered by hand for each account."""
    charge = charges.c
    rows = await session.execute(
        select(
            charge.account_id,
            charge.id,
            charge.kind,
            charge.subscription_id,
            charge.line_id,
            charge.amount_minor,
            charge.currency,
            charge.invoice_id,
        )
        .where(charge.account_id.in_(ids), within(scope.kind, charge.account_id))
        .order_by(charge.account_id, charge.id),
        {ACTOR: scope.actor_id},
    )
    found: dict[UUID, list[ChargeOnFile]] = {}
    for row in rows:
        found.setdefault(row.account_id, []).append(
            ChargeOnFile(
                row.id,
                ChargeKind(row.kind),
                row.subscription_id,
                row.line_id,
                row.amount_minor,
                row.currency,
                row.invoice_id,
            )
        )
    return found
