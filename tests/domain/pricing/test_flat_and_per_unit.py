"""One fee, and so much a unit: what they cost and how they say so."""

from decimal import Decimal
from fractions import Fraction

import pytest

from domain.money import Money
from domain.pricing.model import Price, increment, rate
from tests.domain.pricing.making import flat, per_unit


@pytest.mark.parametrize(
    ("says", "price", "quantity", "amount", "sentence"),
    [
        ("a flat fee", flat(10_000), 1, "100.00", "A flat fee of 100.00 USD."),
        ("a flat fee in yen", flat(12_000, "JPY"), 1, "12000", "A flat fee of 12000 JPY."),
        ("a flat fee in dinars", flat(30_500, "KWD"), 1, "30.500", "A flat fee of 30.500 KWD."),
        ("a free plan", flat(0), 1, "0.00", "A flat fee of 0.00 USD."),
        ("five seats", per_unit("1250"), 5, "62.50", "5 × 12.50 USD = 62.50 USD."),
        ("no seats", per_unit("1250"), 0, "0.00", "0 × 12.50 USD = 0.00 USD."),
        ("seats in yen", per_unit("1500", "JPY"), 3, "4500", "3 × 1500 JPY = 4500 JPY."),
        ("seats in dinars", per_unit("3750", "KWD"), 2, "7.500", "2 × 3.750 KWD = 7.500 KWD."),
        # 0.55 cents × 3 = 1.65 cents
        (
            "finer than a cent, rounded once",
            per_unit("0.55"),
            3,
            "0.02",
            "3 × 0.0055 USD = 0.0165 USD, rounded to 0.02 USD.",
        ),
        ("a half goes away from zero", per_unit("0.5"), 1, "0.01", "1 × 0.005 USD = 0.005 USD, rounded to 0.01 USD."),
        # 0.000001 cents × 1,000,000 = 1 cent: rounding each unit would have given nothing
        (
            "a millionth of a cent, a million times",
            per_unit("0.000001"),
            1_000_000,
            "0.01",
            "1000000 × 0.00000001 USD = 0.01 USD.",
        ),
        ("half a yen, three times", per_unit("0.5", "JPY"), 3, "2", "3 × 0.5 JPY = 1.5 JPY, rounded to 2 JPY."),
        # 2.5 hours × 12.50
        ("a measured quantity", per_unit("1250"), Decimal("2.500000"), "31.25", "2.5 × 12.50 USD = 31.25 USD."),
        # a millionth of a unit at a millionth of a cent: 10^-12 cents
        (
            "as fine as it gets",
            per_unit("0.000001"),
            Decimal("0.000001"),
            "0.00",
            "0.000001 × 0.00000001 USD = 0.00000000000001 USD, rounded to 0.00 USD.",
        ),
    ],
)
def test_a_quantity_costs_what_its_price_says(
    says: str, price: Price, quantity: int | Decimal, amount: str, sentence: str
) -> None:
    rated = rate(price, quantity)
    assert rated.amount == Money.parse(amount, price.currency), says
    assert rated.sentence == sentence, says


def test_fractions_of_a_cent_do_not_park_an_account() -> None:
    # 0.333333 cents × 7 = 2.333331 cents: the line is 0.02 and nothing is left over anywhere
    rated = rate(per_unit("0.333333"), 7)
    assert (rated.product, rated.amount) == (Fraction(2_333_331, 1_000_000), Money(2, "USD"))


def test_a_unit_costs_the_same_whatever_was_used_before() -> None:
    # 3 × 12.50
    rated = increment(per_unit("1250"), 1000, 3)
    assert (rated.amount, rated.unit) == (Money(3750, "USD"), Fraction(1250))
    assert rated.sentence == "Counting on from 1000: 3 × 12.50 USD = 37.50 USD."
