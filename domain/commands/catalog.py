"""What finance and product people ask of the catalog: a plan, an edition of it, a tax rate, a coupon.

Amounts of an edition are in the main unit of their currency, digit by digit as they were written, because a unit price
may be finer than Money holds. Things are named by their codes, as a price list names them.
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from domain.catalog import ChargeTiming, Segment
from domain.ids import PlanId, ProductId
from domain.money import Money
from domain.periods import BillingInterval
from domain.pricing.model import PriceModel


@dataclass(frozen=True, slots=True)
class CreatePlan:
    """Put a plan on a product's ladder, at `rank`. It is sold once it has an edition; `countries` None: everywhere."""

    product_id: ProductId
    code: str
    name: str
    description: str
    rank: int
    idempotency_key: str
    segment: Segment | None = None
    countries: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class ComponentTerms:
    """A part of the edition sold by quantity, or by what `meter` counts."""

    code: str
    name: str
    minimum: int = 0
    maximum: int | None = None
    timing: ChargeTiming = ChargeTiming.IN_ADVANCE
    meter: str | None = None


@dataclass(frozen=True, slots=True)
class TierTerms:
    """Up to and including `up_to` units, `unit_price` each, `flat_amount` once; None: no end, nothing."""

    up_to: int | None = None
    unit_price: Decimal | None = None
    flat_amount: Decimal | None = None


@dataclass(frozen=True, slots=True)
class PriceTerms:
    """What one component costs in one currency by one interval."""

    component: str
    currency: str
    interval: BillingInterval
    model: PriceModel
    tiers: tuple[TierTerms, ...] = ()
    tax_inclusive: bool = False
    package_size: int | None = None
    percent: Decimal | None = None
    minimum: Decimal | None = None
    maximum: Decimal | None = None


@dataclass(frozen=True, slots=True)
class GrantTerms:
    """What the edition grants of a feature; `limit` None is unlimited."""

    feature: str
    is_enabled: bool = True
    limit: int | None = None
    limit_per_unit: int = 0
    component: str | None = None
    setting: str | None = None


@dataclass(frozen=True, slots=True)
class BoundTerms:
    """The least and the most that a billing period comes to, before discounts and tax."""

    currency: str
    interval: BillingInterval
    minimum: Decimal | None = None
    maximum: Decimal | None = None


@dataclass(frozen=True, slots=True)
class PublishPlanVersion:
    """Sell a plan from now on by these terms, whole. Who has an earlier edition keeps it."""

    plan_id: PlanId
    components: tuple[ComponentTerms, ...]
    prices: tuple[PriceTerms, ...]
    idempotency_key: str
    features: tuple[GrantTerms, ...] = ()
    bounds: tuple[BoundTerms, ...] = ()


@dataclass(frozen=True, slots=True)
class SetTaxRate:
    """Tax a country, or a region of it (then the combined rate), at `percent` from a day on."""

    country: str
    name: str
    percent: Decimal
    valid_from: date
    idempotency_key: str
    region: str | None = None


@dataclass(frozen=True, slots=True)
class CreateCoupon:
    """Let a code be redeemed: for `percent` or `amount` off, in `periods` billing periods (None: for ever)."""

    code: str
    name: str
    idempotency_key: str
    percent: Decimal | None = None
    amount: Money | None = None
    cap: Money | None = None
    periods: int | None = None
    product_id: ProductId | None = None
    component: str | None = None
    redeem_by: datetime | None = None
    max_redemptions: int | None = None
