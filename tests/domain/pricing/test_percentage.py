"""A share of an amount, a fixed fee beside it, and the bounds of one charge."""

from decimal import Decimal
from fractions import Fraction

import pytest

from domain.money import Money
from domain.pricing.model import Price, Term, increment, rate
from tests.domain.pricing.making import percentage

BOUNDED = percentage("2.9", fee=30, minimum=50, maximum=10_000)


@pytest.mark.parametrize(
    ("says", "price", "amount_minor", "amount", "sentence"),
    [
        ("a share of an amount", percentage("2.9"), 10_000, "2.90", "2.9 % of 100.00 USD = 2.90 USD."),
        ("nothing taken, no fee and no minimum", BOUNDED, 0, "0.00", "Nothing used: 0.00 USD."),
        ("a fixed fee", BOUNDED, 10_000, "3.20", "2.9 % of 100.00 USD + 0.30 USD flat = 3.20 USD."),
        # 2.9 + 30 = 32.9 cents, below 50
        (
            "the minimum",
            BOUNDED,
            100,
            "0.50",
            "2.9 % of 1.00 USD + 0.30 USD flat (at least 0.50 USD) = 0.50 USD.",
        ),
        # 290.00 + 0.30, above 100.00
        (
            "the maximum",
            BOUNDED,
            1_000_000,
            "100.00",
            "2.9 % of 10000.00 USD + 0.30 USD flat (at most 100.00 USD) = 100.00 USD.",
        ),
        ("all of it", percentage("100"), 1234, "12.34", "100 % of 12.34 USD = 12.34 USD."),
        ("nothing of it", percentage("0"), 1234, "0.00", "0 % of 12.34 USD = 0.00 USD."),
        # 0.0001 % of 1,000,000.00 = 1.00
        ("the finest percent", percentage("0.0001"), 100_000_000, "1.00", "0.0001 % of 1000000.00 USD = 1.00 USD."),
        # 2.9 % of 117 yen = 3.393
        (
            "in yen",
            percentage("2.9", currency="JPY"),
            117,
            "3",
            "2.9 % of 117 JPY = 3.393 JPY, rounded to 3 JPY.",
        ),
        # 0.5 % of 1.500 = 0.0075
        (
            "in dinars, a half away from zero",
            percentage("0.5", currency="KWD"),
            1500,
            "0.008",
            "0.5 % of 1.500 KWD = 0.0075 KWD, rounded to 0.008 KWD.",
        ),
        # 2.9 % of half a cent
        (
            "of an amount finer than a cent",
            percentage("2.9"),
            Decimal("0.5"),
            "0.00",
            "2.9 % of 0.005 USD = 0.000145 USD, rounded to 0.00 USD.",
        ),
    ],
)
def test_a_share_of_an_amount_costs(
    says: str, price: Price, amount_minor: int | Decimal, amount: str, sentence: str
) -> None:
    rated = rate(price, amount_minor)
    assert rated.amount == Money.parse(amount, price.currency), says
    assert rated.sentence == sentence, says


def test_a_bound_is_a_term_of_its_own_so_that_the_terms_sum() -> None:
    assert rate(BOUNDED, 100).terms == (
        Term("2.9 %", Fraction(100), Fraction(29, 1000), 30),
        # 50 − 32.9
        Term("at least 0.50 USD", Fraction(1), Fraction(171, 10), 0),
    )
    assert rate(BOUNDED, 1_000_000).terms == (
        Term("2.9 %", Fraction(1_000_000), Fraction(29, 1000), 30),
        # 10000 − 29030
        Term("at most 100.00 USD", Fraction(1), Fraction(-19_030), 0),
    )


def test_an_increment_of_a_share_counts_the_fee_and_the_bounds_once() -> None:
    # 2.9 % of 200.00 + 0.30 = 6.10, of which 3.20 came with the first 100.00
    rated = increment(BOUNDED, 10_000, 10_000)
    assert rated.amount == Money(290, "USD")
    assert rated.sentence == (
        "Counting on from 10000: 2.9 % of 200.00 USD + 0.30 USD flat, less 3.20 USD for the first 10000 = 2.90 USD."
    )
    # the first dollar had come to the minimum of 0.50; both come to 5.8 + 30 = 35.8 cents, still the minimum
    assert increment(BOUNDED, 100, 100).amount.is_zero
