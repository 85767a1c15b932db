"""Hypothesis strategies for the domain's values, and how hard a law is tried.

Drawn values lean towards what breaks billing code: days 28 to 31, zones whose clocks jump at midnight, amounts around
zero. `LAW` is the setting every law test runs under: derandomised, so that a red build is red again on the next run.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any, assert_never
from uuid import UUID

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from domain.ids import PriceId
from domain.money import EXPONENTS, Money
from domain.periods import BillingAnchor, BillingInterval, Period
from domain.pricing.model import Price, PriceModel, PriceTier

LAW = settings(
    max_examples=100, deadline=None, derandomize=True, database=None, suppress_health_check=[HealthCheck.too_slow]
)

# each breaks a different assumption; the comment says which
AWKWARD_ZONES = (
    "UTC",
    "Europe/Paris",
    "America/New_York",
    "America/Sao_Paulo",  # midnight does not exist when summer begins
    "America/Havana",  # midnight comes twice when summer ends
    "America/St_Johns",  # clocks went back from 00:01 to 23:01 of the day before
    "Asia/Beirut",  # midnight does not exist
    "Africa/Cairo",  # midnight does not exist, in some years only
    "Africa/Casablanca",  # summer time is the normal time, and pauses for Ramadan
    "Asia/Kathmandu",  # 5:45 ahead
    "Australia/Lord_Howe",  # summer time of half an hour
    "Pacific/Apia",  # 30 December 2011 does not exist
    "Pacific/Kiritimati",  # 14 hours ahead; 1 January 1995 does not exist
    "Pacific/Pago_Pago",  # 11 hours behind
)

FIRST_DAY, LAST_DAY = date(1975, 1, 1), date(2040, 12, 31)

currencies = st.sampled_from(sorted(EXPONENTS))
minors = st.integers(-(10**15), 10**15)
charges = st.integers(0, 10**9)
exact_minors = st.fractions(min_value=-(10**9), max_value=10**9, max_denominator=10**6)
# sums of these end near halves often enough to matter
parts_of_a_unit = st.builds(Fraction, st.integers(0, 10**6), st.integers(1, 12))
weights = st.one_of(st.integers(0, 10**6), st.fractions(0, 10**4, max_denominator=1000))
weight_lists = st.lists(weights, min_size=1, max_size=40).filter(lambda drawn: sum(drawn) > 0)

zones = st.sampled_from(AWKWARD_ZONES)
intervals = st.sampled_from(BillingInterval)
days = st.one_of(
    st.dates(FIRST_DAY, LAST_DAY),
    st.dates(FIRST_DAY, LAST_DAY).filter(lambda on: on.day >= 29),
    st.sampled_from([date(2024, 2, 29), date(2000, 2, 29), date(2023, 12, 31), date(2011, 12, 30), date(2018, 11, 4)]),
)
anchors = st.builds(BillingAnchor, on=days, zone=zones)
instants = st.datetimes(datetime(1975, 1, 1), datetime(2040, 12, 31), timezones=st.just(UTC))
microseconds = st.integers(1, 400 * 86_400 * 1_000_000)


def moneys(currency: str) -> st.SearchStrategy[Money]:
    """Amounts in one currency, either sign."""
    return minors.map(lambda minor: Money(minor, currency))


@st.composite
def periods(draw: st.DrawFn) -> Period:
    """Any period from a microsecond to more than a year: laws of shares do not need a calendar."""
    start = draw(instants)
    return Period(start, start + timedelta(microseconds=draw(microseconds)))


@st.composite
def instants_in(draw: st.DrawFn, period: Period) -> datetime:
    """An instant of `period`, both ends included."""
    length = (period.end - period.start) // timedelta(microseconds=1)
    return period.start + timedelta(microseconds=draw(st.integers(0, length)))


@st.composite
def cuts_of(draw: st.DrawFn, period: Period, most: int = 6) -> list[datetime]:
    """Instants of `period` in order, as a customer might change plan at them; two may be one instant."""
    return sorted(draw(st.lists(instants_in(period), min_size=1, max_size=most)))


unit_amounts = st.one_of(
    st.integers(0, 10**6).map(Decimal),
    st.integers(0, 10**10).map(lambda millionths: Decimal(millionths) / 10**6),
)


flats = st.one_of(st.just(0), charges)
percents = st.integers(0, 100 * 10**4).map(lambda parts: Decimal(parts) / 10**4)


@st.composite
def tier_lists(draw: st.DrawFn, *, with_flats: bool = True) -> tuple[PriceTier, ...]:
    """One to five tiers that reach every quantity; bounds are small, so that drawn quantities cross them."""
    bounds = sorted(draw(st.sets(st.integers(1, 1000), max_size=4)))
    units = st.one_of(st.none(), unit_amounts)
    return tuple(PriceTier(up_to, draw(units), draw(flats) if with_flats else 0) for up_to in (*bounds, None))


@st.composite
def prices(draw: st.DrawFn, models: Sequence[PriceModel] = tuple(PriceModel)) -> Price:
    """A price of any model, or of one of `models`, in any currency."""
    model = draw(st.sampled_from(models))
    more: dict[str, Any] = {}
    match model:
        case PriceModel.FLAT:
            tiers: tuple[PriceTier, ...] = (PriceTier(None, None, draw(charges)),)
        case PriceModel.PER_UNIT:
            tiers = (PriceTier(None, draw(unit_amounts)),)
        case PriceModel.GRADUATED | PriceModel.VOLUME:
            tiers = draw(tier_lists())
        case PriceModel.PACKAGE:
            tiers = (PriceTier(None, draw(unit_amounts)),)
            more = {"package_size": draw(st.integers(1, 500))}
        case PriceModel.PERCENTAGE:
            tiers = (PriceTier(None, None, draw(flats)),)
            low, high = sorted(draw(st.tuples(charges, charges)))
            more = {
                "percent": draw(percents),
                "minimum_minor": draw(st.sampled_from([None, low])),
                "maximum_minor": draw(st.sampled_from([None, high])),
            }
        case _:
            assert_never(model)
    return Price(PriceId(UUID(int=1)), "seat", draw(currencies), draw(intervals), model, tiers, **more)


measured = st.one_of(
    st.integers(0, 2000).map(Fraction),
    st.integers(0, 2000 * 10**6).map(lambda millionths: Fraction(millionths, 10**6)),
)


def quantities_for(price: Price) -> st.SearchStrategy[Fraction]:
    """Quantities the price is sold in, measured ones too: around the bounds of drawn tiers, and far beyond."""
    if price.model is PriceModel.FLAT:
        return st.just(Fraction(1))
    return st.one_of(measured, st.integers(0, 10**7).map(Fraction))
