"""Discounts: what a subscription has been given, and the coupons behind it."""

from typing import TYPE_CHECKING, Annotated

import strawberry

from schema.base import Node, related, stored
from schema.catalog import Product
from schema.scalars import CurrencyCode, DateTime, Decimal
from schema.values import Money

if TYPE_CHECKING:
    from schema.subscription import BillingSubscription


@strawberry.federation.type(keys=["id"], description="What can be redeemed for a discount. Staff only.")
class Coupon(Node):
    code: str = stored("What a customer types in.")
    name: str = stored("What the discount is called on invoices.")
    percent: Decimal | None = stored("The share it takes off, in percent; null for a fixed amount.")
    amount: Money | None = stored("The fixed amount it takes off a billing period; null for a share.")
    cap: Money | None = stored("The most a share takes off in a billing period.")
    currency: CurrencyCode | None = stored("The currency of its amounts; null for a plain share, good in any.")
    periods: int | None = stored("How many billing periods it covers; null is for ever.")
    component: str | None = stored("The one component it takes from, by code; null is all.")
    product: Product | None = related("The one product it is for; null is any.")
    redeem_by: DateTime | None = stored("Until when it can be redeemed.")
    max_redemptions: int | None = stored("How often it can be redeemed in all.")
    redemptions: int = stored("How often it has been.")
    created_at: DateTime = stored("When it was made.")


@strawberry.input(description="Narrows the coupons.")
class CouponFilter:
    search: str | None = strawberry.field(
        default=strawberry.UNSET, description="With these words in the code or the name, in any case."
    )


@strawberry.federation.type(keys=["id"], description="A discount of one subscription, on the terms of its redemption.")
class Discount(Node):
    subscription: Annotated["BillingSubscription", strawberry.lazy("schema.subscription")] = related("Whose it is.")
    code: str = stored("The coupon's code.")
    label: str = stored("What it is called on invoices.")
    percent: Decimal | None = stored("The share it takes off, in percent; null for a fixed amount.")
    amount: Money | None = stored("The fixed amount it takes off a billing period; null for a share.")
    cap: Money | None = stored("The most a share takes off in a billing period.")
    component: str | None = stored("The one component it takes from, by code; null is all.")
    periods: int | None = stored("How many billing periods it covers; null is for ever.")
    periods_covered: int = stored("How many billing periods it has covered, the present one too.")
    periods_left: int | None = stored("How many it has yet to cover; null is for ever.")
    redeemed_at: DateTime = stored("When it was redeemed.")
    ended_at: DateTime | None = stored("When it was ended by hand; null while it was not.")
    coupon: Coupon | None = related("The coupon behind it. Staff only; null for others.")
