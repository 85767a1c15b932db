"""Prices to test with: a line each, in dollars on a monthly interval unless said otherwise."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from domain.ids import PriceId
from domain.periods import BillingInterval
from domain.pricing.model import Price, PriceModel, PriceTier

TierRow = tuple[int | None, str | None, int]
"""A tier as a table writes it: up to, unit amount in minor units, flat amount in minor units."""


def a_price(model: PriceModel, *tiers: PriceTier, currency: str = "USD", **more: Any) -> Price:
    return Price(PriceId(UUID(int=1)), "seat", currency, BillingInterval.MONTH, model, tiers, **more)


def tiered(model: PriceModel, *rows: TierRow, currency: str = "USD") -> Price:
    return a_price(model, *(tier(*row) for row in rows), currency=currency)


def tier(up_to: int | None, unit: str | None, flat: int = 0) -> PriceTier:
    return PriceTier(up_to, None if unit is None else Decimal(unit), flat)


def flat(fee: int, currency: str = "USD") -> Price:
    return a_price(PriceModel.FLAT, tier(None, None, fee), currency=currency)


def per_unit(unit: str, currency: str = "USD") -> Price:
    return a_price(PriceModel.PER_UNIT, tier(None, unit), currency=currency)


def graduated(*rows: TierRow, currency: str = "USD") -> Price:
    return tiered(PriceModel.GRADUATED, *rows, currency=currency)


def volume(*rows: TierRow, currency: str = "USD") -> Price:
    return tiered(PriceModel.VOLUME, *rows, currency=currency)


def package(size: int, unit: str, currency: str = "USD") -> Price:
    return a_price(PriceModel.PACKAGE, tier(None, unit), currency=currency, package_size=size)


def percentage(
    percent: str, fee: int = 0, minimum: int | None = None, maximum: int | None = None, currency: str = "USD"
) -> Price:
    return a_price(
        PriceModel.PERCENTAGE,
        tier(None, None, fee),
        currency=currency,
        percent=Decimal(percent),
        minimum_minor=minimum,
        maximum_minor=maximum,
    )
