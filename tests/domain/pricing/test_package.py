"""Whole packages, rounded up."""

from decimal import Decimal
from fractions import Fraction

import pytest

from domain.money import Money
from domain.pricing.model import Price, increment, rate
from tests.domain.pricing.making import package

HUNDREDS = package(100, "1000")  # 10.00 for each 100


@pytest.mark.parametrize(
    ("says", "price", "quantity", "amount", "sentence"),
    [
        ("nothing, no package", HUNDREDS, 0, "0.00", "0 in packages of 100: 0 × 10.00 USD = 0.00 USD."),
        ("one opens a package", HUNDREDS, 1, "10.00", "1 in packages of 100: 1 × 10.00 USD = 10.00 USD."),
        ("a package exactly", HUNDREDS, 100, "10.00", "100 in packages of 100: 1 × 10.00 USD = 10.00 USD."),
        ("one more opens the next", HUNDREDS, 101, "20.00", "101 in packages of 100: 2 × 10.00 USD = 20.00 USD."),
        (
            "a millionth more does too",
            HUNDREDS,
            Decimal("100.000001"),
            "20.00",
            "100.000001 in packages of 100: 2 × 10.00 USD = 20.00 USD.",
        ),
        ("packages of one", package(1, "25"), 3, "0.75", "3 in packages of 1: 3 × 0.25 USD = 0.75 USD."),
        ("in yen", package(1000, "80", "JPY"), 2500, "240", "2500 in packages of 1000: 3 × 80 JPY = 240 JPY."),
        # 3 × 0.5 mills
        (
            "half a mill a package",
            package(10, "0.5", "KWD"),
            21,
            "0.002",
            "21 in packages of 10: 3 × 0.0005 KWD = 0.0015 KWD, rounded to 0.002 KWD.",
        ),
        (
            "finer than a cent, rounded once",
            package(10, "0.333333"),
            65,
            "0.02",
            "65 in packages of 10: 7 × 0.00333333 USD = 0.02333331 USD, rounded to 0.02 USD.",
        ),
    ],
)
def test_packages_are_whole_and_rounded_up(
    says: str, price: Price, quantity: int | Decimal, amount: str, sentence: str
) -> None:
    rated = rate(price, quantity)
    assert rated.amount == Money.parse(amount, price.currency), says
    assert rated.sentence == sentence, says


@pytest.mark.parametrize(
    ("says", "already", "more", "packages"),
    [
        ("what is left of an open package is used up first", 120, 80, 0),
        ("then the next one is opened", 120, 81, 1),
        ("from a full package on", 100, 1, 1),
        ("from nothing", 0, 101, 2),
        ("nothing more", 120, 0, 0),
    ],
)
def test_packages_count_on_over_the_whole_period(says: str, already: int, more: int, packages: int) -> None:
    rated = increment(HUNDREDS, already, more)
    assert rated.amount == Money(1000 * packages, "USD"), says
    assert rated.terms[0].quantity == packages, says


def test_a_package_price_is_no_price_of_a_unit() -> None:
    assert rate(HUNDREDS, 250).unit is None
    assert rate(HUNDREDS, 250).terms[0].unit == Fraction(1000)
