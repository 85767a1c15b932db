"""Discounts that subscriptions have from coupons and agreements, and how often a coupon was redeemed."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from db.tables import coupons, discount_periods, discounts
from db.unit_of_work import UnitOfWork
from domain.account import Account
from domain.discount import Discount
from domain.ids import AccountId, AccountTermsId, CouponId, DiscountId
from domain.invoicing.terms import Coverage


async def new_discount(unit: UnitOfWork, account: Account, coupon_id: CouponId, discount: Discount) -> None:
    """A redeemed coupon, and one redemption more of it; its row is locked by the caller."""
    unit.insert(discounts, _row(account, discount) | {"coupon_id": coupon_id})
    unit.update(coupons, {"id": coupon_id}, {}, plus={"redemptions": 1})


async def new_agreed_discount(unit: UnitOfWork, account: Account, terms_id: AccountTermsId, discount: Discount) -> None:
    """What an agreement takes off a subscription's lines."""
    unit.insert(discounts, _row(account, discount) | {"terms_id": terms_id})


def _row(account: Account, discount: Discount) -> dict[str, Any]:
    terms = discount.terms
    return {
        "account_id": account.id,
        "id": discount.id,
        "subscription_id": discount.subscription_id,
        "coupon_id": None,
        "terms_id": None,
        "code": terms.code,
        "label": terms.name,
        "percent": terms.percent,
        "amount_minor": terms.amount.minor if terms.amount else None,
        "cap_minor": terms.cap.minor if terms.cap else None,
        "currency": account.currency,
        "periods": terms.periods,
        "component": terms.component,
        "redeemed_at": discount.redeemed_at,
        "ended_at": None,
    }


async def discount_ended(unit: UnitOfWork, account_id: AccountId, discount_id: DiscountId, at: datetime) -> None:
    """A discount that covers no further period."""
    unit.update(discounts, {"account_id": account_id, "id": discount_id}, {"ended_at": at})


async def uncovered(unit: UnitOfWork, account_id: AccountId, coverage: Iterable[Coverage]) -> None:
    """Billing periods that discounts do not cover after all."""
    for each in coverage:
        key = {"account_id": account_id, "discount_id": each.discount_id, "period_start": each.period.start}
        unit.delete(discount_periods, key)


async def covered(unit: UnitOfWork, account_id: AccountId, coverage: Iterable[Coverage]) -> None:
    """Billing periods that discounts cover from now on, each once however often it is changed."""
    unit.insert(
        discount_periods,
        *(
            {
                "account_id": account_id,
                "discount_id": each.discount_id,
                "period_start": each.period.start,
                "period_end": each.period.end,
            }
            for each in coverage
        ),
    )
