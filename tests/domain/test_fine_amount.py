"""Unit amounts, which may be finer than a minor unit, are read back as they are written."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import MalformedAmount, UnknownCurrency
from domain.money import fine_amount, read_fine_amount
from tests.domain.strategies import LAW, currencies


@LAW
@given(st.integers(0, 10**18).map(lambda millionths: Decimal(millionths) / 10**6), currencies)
def test_a_unit_amount_is_read_as_it_is_written(minor: Decimal, currency: str) -> None:
    assert read_fine_amount(fine_amount(minor, currency), currency) == minor


@pytest.mark.parametrize(
    ("says", "text", "currency"),
    [
        ("fewer digits than the currency has", "12.5", "USD"),
        ("no digits", "12", "KWD"),
        ("finer than a millionth of a cent", "0.000000001", "USD"),
        ("finer than a millionth of a yen", "0.0000001", "JPY"),
        ("an exponent", "1E-3", "USD"),
        ("a plus", "+1.00", "USD"),
        ("a point too many", "1.000.00", "USD"),
        ("very long", "1" * 30 + ".00", "USD"),
        ("no number", "NaN", "USD"),
        ("nothing", "", "JPY"),
    ],
)
def test_what_is_no_unit_amount_is_refused(says: str, text: str, currency: str) -> None:
    with pytest.raises(MalformedAmount):
        read_fine_amount(text, currency)


def test_a_unit_amount_of_a_currency_nobody_has_is_refused() -> None:
    with pytest.raises(UnknownCurrency):
        read_fine_amount("1.00", "XXX")
