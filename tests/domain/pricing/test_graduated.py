"""Each tier prices its own units, and its flat amount is due once a unit falls in it."""

from decimal import Decimal
from fractions import Fraction

import pytest

from domain.money import Money
from domain.pricing.model import Price, Term, increment, rate
from tests.domain.pricing.making import graduated

# the first 100 at 0.10, the next 900 at 0.05, all after that at 0.02
PLAIN = graduated((100, "10", 0), (1000, "5", 0), (None, "2", 0))
# 5.00 to begin, 20.00 once the 101st unit is used
WITH_FLATS = graduated((100, "10", 500), (None, "5", 2000))
FREE_FIRST = graduated((100, None, 0), (None, "5", 0))
FLATS_ONLY = graduated((10, None, 1000), (None, None, 4000))
YEN = graduated((100, "8", 0), (None, "0.5", 0), currency="JPY")
DINARS = graduated((100, "1500", 0), (None, "0.25", 0), currency="KWD")
FINE = graduated((1000, "0.000001", 0), (None, "0.333333", 0))


@pytest.mark.parametrize(
    ("says", "price", "quantity", "amount", "sentence"),
    [
        ("nothing used", PLAIN, 0, "0.00", "Nothing used: 0.00 USD."),
        ("one unit", PLAIN, 1, "0.10", "1 × 0.10 USD = 0.10 USD."),
        ("the last of the first tier", PLAIN, 100, "10.00", "100 × 0.10 USD = 10.00 USD."),
        ("the first of the second", PLAIN, 101, "10.05", "100 × 0.10 USD + 1 × 0.05 USD = 10.05 USD."),
        ("into the second", PLAIN, 150, "12.50", "100 × 0.10 USD + 50 × 0.05 USD = 12.50 USD."),
        # 10.00 + 900 × 0.05 = 45.00 + 500 × 0.02 = 10.00
        (
            "through all three",
            PLAIN,
            1500,
            "65.00",
            "100 × 0.10 USD + 900 × 0.05 USD + 500 × 0.02 USD = 65.00 USD.",
        ),
        ("no unit, no flat", WITH_FLATS, 0, "0.00", "Nothing used: 0.00 USD."),
        # 10.00 + 5.00: the second flat is not due yet
        ("the first flat", WITH_FLATS, 100, "15.00", "100 × 0.10 USD + 5.00 USD flat = 15.00 USD."),
        # 15.00 + 1 × 0.05 + 20.00
        (
            "a unit falls in the second tier, and its flat is due",
            WITH_FLATS,
            101,
            "35.05",
            "100 × 0.10 USD + 5.00 USD flat + 1 × 0.05 USD + 20.00 USD flat = 35.05 USD.",
        ),
        # a millionth of a unit in the second tier: its flat, and 5 millionths of a cent
        (
            "a part of a unit falls in it too",
            WITH_FLATS,
            Decimal("100.000001"),
            "35.00",
            (
                "100 × 0.10 USD + 5.00 USD flat + 0.000001 × 0.05 USD + 20.00 USD flat = 35.00000005 USD, "
                "rounded to 35.00 USD."
            ),
        ),
        ("the first hundred free", FREE_FIRST, 150, "2.50", "100 × 0.00 USD + 50 × 0.05 USD = 2.50 USD."),
        ("flats only", FLATS_ONLY, 11, "50.00", "10.00 USD flat + 40.00 USD flat = 50.00 USD."),
        # 100 × 8 + 3 × 0.5 = 801.5
        ("half a yen", YEN, 103, "802", "100 × 8 JPY + 3 × 0.5 JPY = 801.5 JPY, rounded to 802 JPY."),
        # 150.000 + 2 × 0.00025
        (
            "a quarter of a mill",
            DINARS,
            102,
            "150.001",
            "100 × 1.500 KWD + 2 × 0.00025 KWD = 150.0005 KWD, rounded to 150.001 KWD.",
        ),
        # 1000 × 0.000001 + 7 × 0.333333 = 0.001 + 2.333331 = 2.334331 cents
        (
            "finer than a cent in both tiers, rounded once",
            FINE,
            1007,
            "0.02",
            "1000 × 0.00000001 USD + 7 × 0.00333333 USD = 0.02334331 USD, rounded to 0.02 USD.",
        ),
    ],
)
def test_each_tier_prices_its_own_units(
    says: str, price: Price, quantity: int | Decimal, amount: str, sentence: str
) -> None:
    rated = rate(price, quantity)
    assert rated.amount == Money.parse(amount, price.currency), says
    assert rated.sentence == sentence, says


def test_the_terms_name_their_tiers_and_sum_to_the_product() -> None:
    rated = rate(WITH_FLATS, 150)
    assert rated.terms == (
        Term("tier 1: 1 to 100", Fraction(100), Fraction(10), 500),
        Term("tier 2: 101 and more", Fraction(50), Fraction(5), 2000),
    )
    # 1000 + 500 + 250 + 2000
    assert rated.product == 3750
    assert rated.unit is None, "no one price holds for all 150"
    assert rated.flat == 2500


@pytest.mark.parametrize(
    ("says", "price", "already", "more", "amount", "sentence"),
    [
        # 20 left at 0.10, 30 at 0.05
        (
            "across a bound",
            PLAIN,
            80,
            50,
            "3.50",
            "Counting on from 80: 20 × 0.10 USD + 30 × 0.05 USD = 3.50 USD.",
        ),
        ("from a bound on", PLAIN, 100, 50, "2.50", "Counting on from 100: 50 × 0.05 USD = 2.50 USD."),
        ("from nothing", PLAIN, 0, 150, "12.50", "100 × 0.10 USD + 50 × 0.05 USD = 12.50 USD."),
        ("nothing more", PLAIN, 80, 0, "0.00", "Nothing used: 0.00 USD."),
        # tier 2 had its flat when the 101st unit was used
        ("a flat is due once", WITH_FLATS, 101, 9, "0.45", "Counting on from 101: 9 × 0.05 USD = 0.45 USD."),
        # 10 × 0.05 + 20.00; tier 1 had its flat before
        (
            "a flat is due when its tier is reached",
            WITH_FLATS,
            100,
            10,
            "20.50",
            "Counting on from 100: 10 × 0.05 USD + 20.00 USD flat = 20.50 USD.",
        ),
    ],
)
def test_tiers_count_on_over_the_whole_period(
    says: str, price: Price, already: int, more: int, amount: str, sentence: str
) -> None:
    rated = increment(price, already, more)
    assert rated.amount == Money.parse(amount, price.currency), says
    assert rated.sentence == sentence, says
