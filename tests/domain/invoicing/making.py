"""Makers of invoicing: plans of any components, terms with tax and discounts, measured use."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from domain.account import Account, LegalEntity
from domain.catalog import BASE, ChargeTiming, Component, Plan, PlanBound, PlanVersion
from domain.discount import CouponTerms, Discount
from domain.ids import (
    DiscountId,
    ItemId,
    LegalEntityId,
    MeterId,
    PlanId,
    PlanVersionId,
    PriceId,
    ProductId,
    SubscriptionId,
    TaxRateId,
)
from domain.invoicing.arrears import HeldItem, UsageSlice, usage_slices, usage_windows
from domain.invoicing.terms import BillingTerms
from domain.money import Money
from domain.periods import BillingInterval, Period
from domain.pricing.model import Price, PriceModel, PriceTier
from domain.subscription import BillingSubscription
from domain.tax import TaxRate
from domain.usage import Aggregation
from tests.make import ACCOUNT, MONTH, an_id

ARREARS = ChargeTiming.IN_ARREARS
MAY = Period(datetime(2026, 5, 1, tzinfo=UTC), datetime(2026, 6, 1, tzinfo=UTC))


@dataclass(frozen=True)
class Part:
    """A component and its price by the month (ten months by the year, three by the quarter)."""

    code: str
    tiers: tuple[PriceTier, ...]
    model: PriceModel = PriceModel.PER_UNIT
    timing: ChargeTiming = ChargeTiming.IN_ADVANCE
    aggregation: Aggregation | None = None
    package_size: int | None = None


def flat(minor: int, code: str = BASE, timing: ChargeTiming = ChargeTiming.IN_ADVANCE) -> Part:
    """A fee for the thing itself."""
    return Part(code, (PriceTier(None, None, minor),), PriceModel.FLAT, timing)


def each(code: str, unit: int | str, timing: ChargeTiming = ChargeTiming.IN_ADVANCE) -> Part:
    """So much a unit, in minor units."""
    return Part(code, (PriceTier(None, Decimal(unit)),), PriceModel.PER_UNIT, timing)


def used(code: str, unit: int | str, aggregation: Aggregation = Aggregation.SUM) -> Part:
    """So much a unit used."""
    return Part(code, (PriceTier(None, Decimal(unit)),), PriceModel.PER_UNIT, ARREARS, aggregation)


def tiered(code: str, *tiers: tuple[int | None, int], model: PriceModel = PriceModel.GRADUATED) -> Part:
    """Units used, by tiers of (up to, minor units each)."""
    made = tuple(PriceTier(up_to, Decimal(unit)) for up_to, unit in tiers)
    return Part(code, made, model, ARREARS, Aggregation.SUM)


def a_plan(
    *parts: Part,
    code: str = "plan",
    rank: int = 1,
    currency: str = "USD",
    tax_inclusive: bool = False,
    bound: tuple[int | None, int | None] | None = None,
    intervals: Mapping[BillingInterval, int] = {MONTH: 1, BillingInterval.QUARTER: 3, BillingInterval.YEAR: 10},
) -> PlanVersion:
    """A plan version of these components; one without a base gets a free one."""
    if all(part.code != BASE for part in parts):
        parts = (flat(0), *parts)
    return PlanVersion(
        id=PlanVersionId(an_id(f"{code} version")),
        plan=Plan(PlanId(an_id(code)), ProductId(an_id("product")), code, code.capitalize(), rank),
        number=1,
        components=tuple(
            Component(
                part.code,
                part.code.capitalize(),
                1 if part.code == BASE else 0,
                1 if part.code == BASE else None,
                part.timing,
                MeterId(an_id(f"meter {part.code}")) if part.aggregation else None,
                part.aggregation,
            )
            for part in parts
        ),
        prices=tuple(
            Price(
                id=PriceId(an_id(f"{code} {part.code} {interval}")),
                component=part.code,
                currency=currency,
                interval=interval,
                model=part.model,
                tiers=tuple(_times(tier, months) for tier in part.tiers),
                tax_inclusive=tax_inclusive,
                package_size=part.package_size,
            )
            for part in parts
            for interval, months in intervals.items()
        ),
        features=(),
        bounds=() if bound is None else tuple(PlanBound(currency, interval, *bound) for interval in intervals),
    )


def _times(tier: PriceTier, months: int) -> PriceTier:
    return PriceTier(tier.up_to, None if tier.unit is None else tier.unit * months, tier.flat * months)


def a_discount(
    percent: int | str | None = None,
    *,
    amount: int | None = None,
    cap: int | None = None,
    periods: int | None = None,
    component: str | None = None,
    currency: str = "USD",
    name: str = "welcome",
    redeemed_at: datetime = datetime(2020, 1, 1, tzinfo=UTC),
) -> Discount:
    """A redeemed coupon of a percent, or of a fixed amount in minor units."""
    terms = CouponTerms(
        name.upper(),
        name.capitalize(),
        percent=None if percent is None else Decimal(percent),
        amount=None if amount is None else Money(amount, currency),
        cap=None if cap is None else Money(cap, currency),
        periods=periods,
        component=component,
    )
    return Discount(DiscountId(an_id(f"discount {name}")), SubscriptionId(an_id("subscription")), terms, redeemed_at)


SELLER = LegalEntity(LegalEntityId(an_id("legal entity")), "EU", "Hub GmbH", "DE", grace=timedelta(hours=24))


def terms(
    *discounts: Discount, account: Account = ACCOUNT, tax: int | str | None = None, seller: LegalEntity = SELLER
) -> BillingTerms:
    """The terms of an account; `tax` is the percent of its country's one rate."""
    rates: tuple[TaxRate, ...] = ()
    if tax is not None:
        account = replace(account, country="DE")
        rates = (TaxRate(TaxRateId(an_id("rate")), "DE", None, "VAT", Decimal(tax), date(2000, 1, 1)),)
    return BillingTerms(account, seller, rates, discounts)


def held_items(subscription: BillingSubscription, version: PlanVersion | None = None) -> tuple[HeldItem, ...]:
    """The subscription's items with their version."""
    return tuple(HeldItem(item, version or subscription.version) for item in subscription.items)


def measure(
    items: Sequence[HeldItem], period: Period, events: Mapping[str, Sequence[tuple[datetime, int | str]]]
) -> tuple[UsageSlice, ...]:
    """What the meters of a period counted, given each component's events: the database's part, in plain values."""
    return usage_slices(
        [
            (window, _figure(window.aggregation, window.window, events.get(window.component.code, ())))
            for window in usage_windows(items, period)
        ]
    )


def _figure(aggregation: Aggregation, window: Period, events: Sequence[tuple[datetime, int | str]]) -> Decimal:
    values = [Decimal(value) for at, value in sorted(events, key=lambda event: event[0]) if window.contains(at)]
    match aggregation:
        case Aggregation.COUNT:
            return Decimal(len(values))
        case Aggregation.UNIQUE:
            return Decimal(len(set(values)))
        case Aggregation.SUM:
            return sum(values, Decimal(0))
        case Aggregation.MAX:
            return max(values, default=Decimal(0))
        case Aggregation.LATEST:
            return values[-1] if values else Decimal(0)


def item_id(component: str, subscription: str = "subscription") -> ItemId:
    """The id that `a_subscription` gives an item."""
    return ItemId(an_id(f"{subscription} {component}"))
