"""A quantity costs what its price says, rounded once, and the explanation recomputes to the amount."""

from dataclasses import replace
from decimal import ROUND_UP, Decimal, localcontext
from fractions import Fraction
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import InvalidInput, UnknownCurrency
from domain.ids import PriceId
from domain.money import Money
from domain.periods import BillingInterval
from domain.pricing.model import Price, PriceModel, PriceTier, rate, recompute
from tests.domain.strategies import LAW, prices, quantities_for

FLAT, PER_UNIT = PriceModel


def a_price(model: PriceModel, *tiers: PriceTier, currency: str = "USD") -> Price:
    return Price(PriceId(UUID(int=1)), "seat", currency, BillingInterval.MONTH, model, tiers)


def flat(fee: int, currency: str = "USD") -> Price:
    return a_price(FLAT, PriceTier(None, None, fee), currency=currency)


def per_unit(unit: str, currency: str = "USD") -> Price:
    return a_price(PER_UNIT, PriceTier(None, Decimal(unit)), currency=currency)


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
    ],
)
def test_a_quantity_costs_what_its_price_says(
    says: str, price: Price, quantity: int, amount: str, sentence: str
) -> None:
    rated = rate(price, quantity)
    assert rated.amount == Money.parse(amount, price.currency), says
    assert rated.sentence == sentence, says


def test_fractions_of_a_cent_do_not_park_an_account() -> None:
    # 0.333333 cents × 7 = 2.333331 cents: the line is 0.02 and nothing is left over anywhere
    rated = rate(per_unit("0.333333"), 7)
    assert (rated.product, rated.amount) == (Fraction(2_333_331, 1_000_000), Money(2, "USD"))


@pytest.mark.parametrize(
    ("says", "price", "quantity"),
    [
        ("negative seats", per_unit("1250"), -1),
        ("half a seat", per_unit("1250"), 0.5),
        ("a whole number that is a float", per_unit("1250"), 2.0),
        ("a yes", per_unit("1250"), True),
        ("a text", per_unit("1250"), "3"),
        ("not a number", per_unit("1250"), Decimal("NaN")),
        ("more than any invoice holds", per_unit("1250"), 10**18),
        ("two of a flat thing", flat(10_000), 2),
        ("none of a flat thing", flat(10_000), 0),
    ],
)
def test_a_quantity_that_is_none_is_refused_by_its_name(says: str, price: Price, quantity: Any) -> None:
    with pytest.raises(InvalidInput) as refused:
        rate(price, quantity)
    assert refused.value.path == ("quantity",), says


@pytest.mark.parametrize(
    ("says", "model", "tiers", "path"),
    [
        ("no tier", FLAT, [], ("tiers",)),
        ("no last tier", PER_UNIT, [(10, "1", 0)], ("tiers", "0", "up_to")),
        ("two last tiers", PER_UNIT, [(None, "1", 0), (None, "1", 0)], ("tiers", "0", "up_to")),
        ("tiers that overlap", PER_UNIT, [(10, "1", 0), (10, "1", 0), (None, "1", 0)], ("tiers", "1", "up_to")),
        ("tiers out of order", PER_UNIT, [(10, "1", 0), (5, "1", 0), (None, "1", 0)], ("tiers", "1", "up_to")),
        ("a flat price by tiers", FLAT, [(10, None, 1), (None, None, 2)], ("tiers",)),
        ("a flat price with a unit amount", FLAT, [(None, "1", 100)], ("tiers",)),
        ("a flat price with a unit amount of nothing", FLAT, [(None, "0", 100)], ("tiers",)),
        ("a per-unit price by tiers", PER_UNIT, [(10, "1", 0), (None, "2", 0)], ("tiers",)),
        ("a per-unit price without a unit amount", PER_UNIT, [(None, None, 0)], ("tiers",)),
        ("a per-unit price with a flat amount", PER_UNIT, [(None, "1", 100)], ("tiers",)),
    ],
)
def test_tiers_that_are_no_price_of_the_model_are_refused(
    says: str, model: PriceModel, tiers: list[tuple[int | None, str | None, int]], path: tuple[str, ...]
) -> None:
    made = [PriceTier(up_to, None if unit is None else Decimal(unit), fee) for up_to, unit, fee in tiers]
    with pytest.raises(InvalidInput) as refused:
        a_price(model, *made)
    assert refused.value.path == path, says


@pytest.mark.parametrize(
    ("says", "up_to", "unit", "fee", "path"),
    [
        ("a tier of nothing", 0, Decimal(1), 0, ("up_to",)),
        ("a negative unit amount", None, Decimal(-1), 0, ("unit",)),
        ("a negative flat amount", None, None, -1, ("flat",)),
        ("not a number", None, Decimal("NaN"), 0, ("unit",)),
        ("a signalling one", None, Decimal("sNaN"), 0, ("unit",)),
        ("infinite", None, Decimal("Infinity"), 0, ("unit",)),
        ("finer than a millionth", None, Decimal("0.0000001"), 0, ("unit",)),
        ("vanishingly fine", None, Decimal("1E-999999"), 0, ("unit",)),
        ("larger than a ledger", None, Decimal("1E+999999"), 0, ("unit",)),
        ("a flat amount larger than a ledger", None, None, 10**18, ("flat",)),
    ],
)
def test_a_tier_that_is_none_is_refused(
    says: str, up_to: int | None, unit: Decimal | None, fee: int, path: tuple[str, ...]
) -> None:
    with pytest.raises(InvalidInput) as refused:
        PriceTier(up_to, unit, fee)
    assert refused.value.path == path, says


@pytest.mark.parametrize("unit", [0.5, 1, "1", Fraction(1, 2)])
def test_l2_no_float_becomes_a_unit_amount(unit: Any) -> None:
    with pytest.raises(InvalidInput):
        PriceTier(None, unit)


def test_a_price_in_no_currency_is_refused() -> None:
    with pytest.raises(UnknownCurrency):
        flat(100, "XXX")


def test_a_price_is_free_when_no_quantity_costs_anything() -> None:
    assert flat(0).is_free
    assert per_unit("0").is_free
    assert not flat(1).is_free
    assert not per_unit("0.000001").is_free


@LAW
@given(data=st.data(), price=prices())
def test_l8_the_explanation_of_a_priced_line_recomputes_to_its_amount(data: st.DataObject, price: Price) -> None:
    rated = rate(price, data.draw(quantities_for(price)))
    # only what is stored of the explanation counts: another amount beside it changes nothing
    stored = replace(rated, amount=Money(rated.amount.minor + 1, price.currency), product=Fraction(0))
    assert recompute(stored) == rated.amount
    # and by hand, in plain words: quantity × unit + flat, the nearest minor unit, halves away from zero
    exact = Fraction(rated.flat) if rated.unit is None else rated.quantity * rated.unit + rated.flat
    assert exact == rated.product
    assert rated.amount.minor == int(exact + Fraction(1, 2))  # amounts are never negative here, so this truncates down
    assert rated.amount.currency == price.currency
    assert rated.amount.spoken() in rated.sentence


@LAW
@given(data=st.data(), price=prices())
def test_l8_a_priced_line_uses_the_numbers_of_its_price(data: st.DataObject, price: Price) -> None:
    quantity = data.draw(quantities_for(price))
    rated, tier = rate(price, quantity), price.tiers[0]
    assert rated.quantity == quantity
    assert rated.unit == (None if tier.unit is None else Fraction(tier.unit))
    assert rated.flat == tier.flat


@LAW
@given(data=st.data(), price=prices())
def test_l18_a_price_gives_the_same_amount_in_any_decimal_context(data: st.DataObject, price: Price) -> None:
    quantity = data.draw(quantities_for(price))
    expected = rate(price, quantity)
    with localcontext(prec=2, rounding=ROUND_UP):
        assert rate(price, quantity) == expected
