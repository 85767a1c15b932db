"""Coupons and what redeeming one gives a subscription: the terms of a discount, and which billing periods it covers.

Owns the terms, who may redeem them, and coverage. Does not own what a discount comes to on an invoice's lines
(discounting.py).
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from domain.errors import InvalidInput
from domain.ids import DiscountId, ProductId, SubscriptionId
from domain.money import Money
from domain.percent import percent_words, share_of
from domain.periods import Period


@dataclass(frozen=True, slots=True)
class CouponTerms:
    """What a coupon takes off: a `percent`, or a fixed `amount` a billing period, in `periods` billing periods.

    `cap`: the most that a percent takes off a billing period. `periods` None: every period. `component` and
    `product_id` None: all of them. Raises InvalidInput naming the field: an empty code or name, neither or both of
    percent and amount, a percent of 0 or above 100, an amount or cap that is not positive, a cap on a fixed amount,
    fewer than one period.
    """

    code: str
    name: str
    percent: Decimal | None = None
    amount: Money | None = None
    cap: Money | None = None
    periods: int | None = None
    component: str | None = None
    product_id: ProductId | None = None

    def __post_init__(self) -> None:
        for field, text in (("code", self.code), ("name", self.name)):
            if not text.strip():
                raise InvalidInput((field,), f"A coupon has a {field}.", text)
        if self.percent is not None and self.amount is not None:
            raise InvalidInput(("amount",), "A coupon takes off a percent or an amount, not both.", self.amount)
        if self.percent is None and self.amount is None:
            raise InvalidInput(("percent",), "A coupon takes off a percent or an amount.", self.percent)
        if self.percent is not None and share_of(self.percent) == 0:
            raise InvalidInput(("percent",), "A coupon takes off more than nothing.", self.percent)
        if self.amount is not None and self.amount.minor <= 0:
            raise InvalidInput(("amount",), "A coupon takes off more than nothing.", self.amount)
        if self.cap is not None and self.percent is None:
            raise InvalidInput(("cap",), "Only a percent is capped: a fixed amount is its own cap.", self.cap)
        if self.cap is not None and self.cap.minor <= 0:
            raise InvalidInput(("cap",), "A cap is more than nothing.", self.cap)
        if self.periods is not None and not (type(self.periods) is int and self.periods >= 1):
            raise InvalidInput(("periods",), "A coupon covers at least one billing period.", self.periods)
        if self.component is not None and not self.component.strip():
            raise InvalidInput(("component",), "A component has a code; leave it out for all.", self.component)

    @property
    def currency(self) -> str | None:
        """The currency it is in; None: a percent without a cap, good in any."""
        money = self.amount or self.cap
        return money.currency if money else None

    @property
    def words(self) -> str:
        """What it takes off, in a customer's words: "10 % off, at most 20.00 EUR a billing period"."""
        if self.percent is not None:
            cap = f", at most {self.cap.spoken()} a billing period" if self.cap else ""
            return f"{percent_words(share_of(self.percent))} off{cap}"
        return f"{self.amount.spoken()} off a billing period" if self.amount else ""

    def takes_from(self, component: str | None) -> bool:
        """Whether lines of this component are discounted; None: a line of no component (a true-up, a maximum)."""
        return self.component is None or self.component == component


@dataclass(frozen=True, slots=True)
class Discount:
    """A redeemed coupon: from then on its subscription has these terms, whatever becomes of the coupon."""

    id: DiscountId
    subscription_id: SubscriptionId
    terms: CouponTerms
    redeemed_at: datetime


def ensure_redeemable(
    terms: CouponTerms, currency: str, product_id: ProductId, components: Collection[str], field: str = "code"
) -> None:
    """Refuse a coupon that could never take anything off this subscription.

    `components` are the codes that its plan version sells. Raises InvalidInput naming `field` for another currency,
    another product, or a component that the plan does not have.
    """
    if terms.currency not in (None, currency):
        raise InvalidInput((field,), f"The coupon is in {terms.currency}, the account in {currency}.", terms.currency)
    if terms.product_id not in (None, product_id):
        raise InvalidInput((field,), "The coupon is for another product.", terms.product_id)
    if terms.component is not None and terms.component not in components:
        raise InvalidInput((field,), f"The coupon is for “{terms.component}”, which the plan lacks.", terms.component)


def covers(discount: Discount, covered_periods: Sequence[Period], period: Period) -> bool:
    """Whether the discount covers a billing period, given those it has covered so far.

    Ask it when a billing period opens, and when it says yes record the period as covered. A covered period stays so:
    whatever a change adds to it is discounted too, and uses up nothing. It is recognised by its start, because a
    change or a new zone may move its end; a period that a change of interval starts anew is another one. A period not
    covered yet is covered while the discount has any left ("once" and "N periods" count billing periods, not
    invoices), unless it was over before the coupon was redeemed.

    For a change inside an open period ask `is_covered`: a coupon redeemed in the middle begins with the next period.
    """
    if is_covered(covered_periods, period):
        return True
    if period.end <= discount.redeemed_at:
        return False
    periods = discount.terms.periods
    return periods is None or len({covered.start for covered in covered_periods}) < periods


def is_covered(covered_periods: Sequence[Period], period: Period) -> bool:
    """Whether the billing period is among those recorded, its end apart."""
    return any(covered.start == period.start for covered in covered_periods)
