"""What a coupon may be, who may redeem it, and which billing periods its discount covers."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from domain.discount import CouponTerms, Discount, covers, ensure_redeemable, is_covered
from domain.errors import InvalidInput
from domain.ids import DiscountId, ProductId, SubscriptionId
from domain.money import Money
from domain.periods import Period

CRM, SERVICE = ProductId(UUID(int=1)), ProductId(UUID(int=2))


def day(month: int, on: int = 1) -> datetime:
    return datetime(2026, month, on, tzinfo=UTC)


def month(number: int) -> Period:
    return Period(day(number), day(number + 1))


def a_discount(redeemed_at: datetime, periods: int | None = None) -> Discount:
    terms = CouponTerms("TEN", "Ten percent", percent=Decimal(10), periods=periods)
    return Discount(DiscountId(UUID(int=1)), SubscriptionId(UUID(int=2)), terms, redeemed_at)


@pytest.mark.parametrize(
    ("says", "given", "field"),
    [
        ("no code", {"code": " ", "percent": Decimal(10)}, "code"),
        ("no name", {"name": "", "percent": Decimal(10)}, "name"),
        ("neither percent nor amount", {}, "percent"),
        ("both", {"percent": Decimal(10), "amount": Money(100, "EUR")}, "amount"),
        ("nothing off", {"percent": Decimal(0)}, "percent"),
        ("less than nothing off", {"percent": Decimal(-10)}, "percent"),
        ("more than all", {"percent": Decimal("100.0001")}, "percent"),
        ("too fine a percent", {"percent": Decimal("0.00001")}, "percent"),
        ("a float", {"percent": 10.0}, "percent"),
        ("an amount of nothing", {"amount": Money(0, "EUR")}, "amount"),
        ("a negative amount", {"amount": Money(-1, "EUR")}, "amount"),
        ("a cap of nothing", {"percent": Decimal(10), "cap": Money(0, "EUR")}, "cap"),
        ("a capped amount", {"amount": Money(100, "EUR"), "cap": Money(50, "EUR")}, "cap"),
        ("no period", {"percent": Decimal(10), "periods": 0}, "periods"),
        ("half a period", {"percent": Decimal(10), "periods": Decimal("0.5")}, "periods"),
        ("a component without a code", {"percent": Decimal(10), "component": ""}, "component"),
    ],
)
def test_terms_that_are_none_are_refused_by_their_name(says: str, given: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        CouponTerms(**{"code": "TEN", "name": "Ten", **given})
    assert refused.value.path == (field,), says


@pytest.mark.parametrize(
    ("says", "terms", "words"),
    [
        ("a percent", {"percent": Decimal("12.5000")}, "12.5 % off"),
        ("all", {"percent": Decimal(100)}, "100 % off"),
        (
            "capped",
            {"percent": Decimal(10), "cap": Money(2000, "EUR")},
            "10 % off, at most 20.00 EUR a billing period",
        ),
        ("an amount", {"amount": Money(1000, "JPY")}, "1000 JPY off a billing period"),
    ],
)
def test_terms_say_what_they_take_off(says: str, terms: dict[str, Any], words: str) -> None:
    assert CouponTerms("TEN", "Ten", **terms).words == words, says


@pytest.mark.parametrize(
    ("says", "terms", "fits"),
    [
        ("a percent, good in any currency", {"percent": Decimal(10)}, True),
        ("an amount in the account's currency", {"amount": Money(100, "EUR")}, True),
        ("a coupon in another currency", {"amount": Money(100, "USD")}, False),
        ("a cap in another currency", {"percent": Decimal(10), "cap": Money(100, "USD")}, False),
        ("for this product", {"percent": Decimal(10), "product_id": CRM}, True),
        ("for another product", {"percent": Decimal(10), "product_id": SERVICE}, False),
        ("for a component it has", {"percent": Decimal(10), "component": "seats"}, True),
        ("for a component it lacks", {"percent": Decimal(10), "component": "contacts"}, False),
    ],
)
def test_a_coupon_that_could_take_nothing_off_is_refused(says: str, terms: dict[str, Any], fits: bool) -> None:
    coupon = CouponTerms("TEN", "Ten", **terms)
    if fits:
        ensure_redeemable(coupon, "EUR", CRM, ("base", "seats"))
        return
    with pytest.raises(InvalidInput) as refused:
        ensure_redeemable(coupon, "EUR", CRM, ("base", "seats"))
    assert refused.value.path == ("code",), says


@pytest.mark.parametrize(
    ("says", "periods", "redeemed_at", "covered", "period", "answer"),
    [
        ("forever, for the first time", None, day(1), [], month(1), True),
        ("forever, after a year", None, day(1), [month(number) for number in range(1, 11)], month(11), True),
        ("once", 1, day(1), [], month(1), True),
        ("once is once", 1, day(1), [month(1)], month(2), False),
        ("a covered period stays so", 1, day(1), [month(1)], month(1), True),
        ("also when a change or a new zone moved its end", 1, day(1), [month(1)], Period(day(1), day(2, 3)), True),
        # a yearly period that a change of interval began in the middle of January
        ("but a period begun anew is another one", 1, day(1), [month(1)], Period(day(1, 16), day(12)), False),
        ("the third of three", 3, day(1), [month(1), month(2)], month(3), True),
        ("not the fourth", 3, day(1), [month(1), month(2), month(3)], month(4), False),
        ("a pause between uses nothing up", 3, day(1), [month(1), month(2)], month(6), True),
        ("a period recorded twice is one", 2, day(1), [month(1), month(1)], month(2), True),
        ("redeemed while it runs, at sign-up", 1, day(1, 15), [], month(1), True),
        ("not a period over before", None, day(2), [], month(1), False),
    ],
)
def test_once_and_n_periods_count_billing_periods(
    says: str, periods: int | None, redeemed_at: datetime, covered: list[Period], period: Period, answer: bool
) -> None:
    assert covers(a_discount(redeemed_at, periods), covered, period) is answer, says


def test_inside_an_open_period_only_what_is_recorded_counts() -> None:
    assert is_covered([month(1)], Period(day(1), day(1, 20)))
    assert not is_covered([month(1)], month(2))
    assert not is_covered([], month(1))
