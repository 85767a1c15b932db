"""The tier that the quantity reaches prices all units, and its flat amount alone is due."""

from decimal import Decimal

import pytest

from domain.money import Money
from domain.pricing.model import Price, increment, rate
from tests.domain.pricing.making import volume

PLAIN = volume((100, "100", 0), (None, "50", 0))  # up to 100: 1.00 each; more: 0.50 each
WITH_FLATS = volume((100, "100", 500), (None, "50", 2000))
FLATS_ONLY = volume((10, None, 1000), (None, None, 4000))
YEN = volume((10, "8", 0), (None, "0.5", 0), currency="JPY")
DINARS = volume((10, "1500", 0), (None, "0.25", 0), currency="KWD")


@pytest.mark.parametrize(
    ("says", "price", "quantity", "amount", "sentence"),
    [
        ("nothing used, no flat", WITH_FLATS, 0, "0.00", "Nothing used: 0.00 USD."),
        ("the last of the first tier", PLAIN, 100, "100.00", "100 × 1.00 USD (tier 1: 1 to 100) = 100.00 USD."),
        # one unit more halves the price of all
        ("the second tier prices all", PLAIN, 101, "50.50", "101 × 0.50 USD (tier 2: 101 and more) = 50.50 USD."),
        (
            "a part of a unit reaches the next tier",
            PLAIN,
            Decimal("100.5"),
            "50.25",
            "100.5 × 0.50 USD (tier 2: 101 and more) = 50.25 USD.",
        ),
        # 101 × 0.50 + 20.00: not the 5.00 of the first tier
        (
            "the flat of the tier reached, and no other",
            WITH_FLATS,
            101,
            "70.50",
            "101 × 0.50 USD + 20.00 USD flat (tier 2: 101 and more) = 70.50 USD.",
        ),
        ("flats only", FLATS_ONLY, 10, "10.00", "10.00 USD flat (tier 1: 1 to 10) = 10.00 USD."),
        (
            "half a yen",
            YEN,
            11,
            "6",
            "11 × 0.5 JPY (tier 2: 11 and more) = 5.5 JPY, rounded to 6 JPY.",
        ),
        # 11 × 0.25 mills = 2.75 mills
        (
            "a quarter of a mill",
            DINARS,
            11,
            "0.003",
            "11 × 0.00025 KWD (tier 2: 11 and more) = 0.00275 KWD, rounded to 0.003 KWD.",
        ),
    ],
)
def test_the_tier_reached_prices_all_units(
    says: str, price: Price, quantity: int | Decimal, amount: str, sentence: str
) -> None:
    rated = rate(price, quantity)
    assert rated.amount == Money.parse(amount, price.currency), says
    assert rated.sentence == sentence, says


def test_an_increment_that_reaches_a_cheaper_tier_gives_back() -> None:
    # 110 × 0.50 = 55.00, and the first 90 had come to 90.00
    rated = increment(PLAIN, 90, 20)
    assert rated.amount == Money(-3500, "USD")
    assert rated.sentence == (
        "Counting on from 90: 110 × 0.50 USD (tier 2: 101 and more), less 90.00 USD for the first 90 = -35.00 USD."
    )
    assert [term.label for term in rated.terms] == ["tier 2: 101 and more", "less the first 90"]
