"""Laws of the six models: they recompute, add up, grow where they must, and never see a float."""

from dataclasses import replace
from decimal import ROUND_UP, Decimal, localcontext
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.money import Money
from domain.pricing.model import Price, PriceModel, PriceTier, Rated, increment, rate, recompute
from tests.domain.pricing.making import a_price, volume
from tests.domain.strategies import LAW, measured, prices, quantities_for, tier_lists

FLAT, PER_UNIT, GRADUATED, VOLUME, PACKAGE, PERCENTAGE = PriceModel
COUNTING = (PER_UNIT, GRADUATED, VOLUME, PACKAGE, PERCENTAGE)
GROWING = (PER_UNIT, GRADUATED, PACKAGE, PERCENTAGE)  # volume is not monotone, and a flat fee counts nothing


def graduated_of(tiers: tuple[PriceTier, ...]) -> Price:
    return a_price(GRADUATED, *tiers)


@LAW
@given(data=st.data(), price=prices())
def test_l2_a_priced_line_is_whole_minor_units_and_exact_before(data: st.DataObject, price: Price) -> None:
    rated = rate(price, data.draw(quantities_for(price)))
    assert type(rated.amount.minor) is int
    assert rated.amount.currency == price.currency
    for term in rated.terms:
        assert type(term.quantity) is Fraction
        assert term.unit is None or type(term.unit) is Fraction
        assert type(term.flat) is int
        assert type(term.exact_minor) is Fraction


def rounded_by_hand(exact: Fraction) -> int:
    """The nearest minor unit, halves away from zero, in other words than the code's."""
    return int(exact + Fraction(1, 2)) if exact >= 0 else -int(-exact + Fraction(1, 2))


def check_l8(rated: Rated) -> None:
    # only the terms count: another amount beside them changes nothing
    assert recompute(replace(rated, amount=Money(rated.amount.minor + 1, rated.amount.currency))) == rated.amount
    exact = sum((term.quantity * (term.unit or 0) + term.flat for term in rated.terms), Fraction(0))
    assert exact == rated.product
    assert rated.amount.minor == rounded_by_hand(exact)
    assert rated.amount.spoken() in rated.sentence
    if rated.unit is not None:
        assert rated.quantity * rated.unit + rated.flat == rated.product


@LAW
@given(data=st.data(), price=prices())
def test_l8_the_explanation_of_a_priced_line_recomputes_to_its_amount(data: st.DataObject, price: Price) -> None:
    check_l8(rate(price, data.draw(quantities_for(price))))


@LAW
@given(data=st.data(), price=prices(COUNTING), already=measured)
def test_l8_the_explanation_of_an_increment_recomputes_too(
    data: st.DataObject, price: Price, already: Fraction
) -> None:
    check_l8(increment(price, already, data.draw(quantities_for(price))))


@LAW
@given(data=st.data(), price=prices())
def test_l8_a_priced_line_says_the_numbers_of_its_price(data: st.DataObject, price: Price) -> None:
    quantity = data.draw(quantities_for(price))
    rated = rate(price, quantity)
    assert rated.quantity == quantity
    known = {Fraction(tier.unit) for tier in price.tiers if tier.unit is not None}
    if price.percent is not None:
        known.add(Fraction(price.percent) / 100)
    for term in rated.terms:
        if not term.label.startswith("at "):  # the gap to a bound has no price of its own
            assert term.unit is None or term.unit in known
            assert term.flat in {0, *(tier.flat for tier in price.tiers)}
    if price.model in (GRADUATED, VOLUME):
        assert sum(term.quantity for term in rated.terms) == quantity, "every unit is priced, and once"


def by_hand(price: Price, quantity: Fraction) -> Fraction:
    """The six models in other words than the code's: unit by unit is too slow, so tier by tier from the top."""
    tiers, tier = price.tiers, price.tiers[0]
    match price.model:
        case PriceModel.FLAT:
            return Fraction(tier.flat)
        case PriceModel.PER_UNIT:
            return quantity * Fraction(tier.unit or 0)
        case PriceModel.PACKAGE:
            assert price.package_size
            return -(-quantity // price.package_size) * Fraction(tier.unit or 0)
        case PriceModel.PERCENTAGE:
            assert price.percent is not None
            if not quantity:
                return Fraction(0)
            share = quantity * Fraction(price.percent) / 100 + tier.flat
            share = share if price.minimum_minor is None else max(share, Fraction(price.minimum_minor))
            return share if price.maximum_minor is None else min(share, Fraction(price.maximum_minor))
        case PriceModel.VOLUME:
            reached = next(each for each in tiers if each.up_to is None or quantity <= each.up_to)
            return quantity * Fraction(reached.unit or 0) + reached.flat if quantity else Fraction(0)
        case PriceModel.GRADUATED:
            total, left = Fraction(0), quantity
            for index in reversed(range(len(tiers))):
                below = tiers[index - 1].up_to or 0 if index else 0
                if left > below:
                    total += (left - below) * Fraction(tiers[index].unit or 0) + tiers[index].flat
                    left = Fraction(below)
            return total


@LAW
@given(data=st.data(), price=prices())
def test_l8_every_model_agrees_with_its_definition_by_hand(data: st.DataObject, price: Price) -> None:
    quantity = data.draw(quantities_for(price))
    assert rate(price, quantity).product == by_hand(price, quantity)


@LAW
@given(tiers=tier_lists(), one=measured, other=measured)
def test_l6_graduated_is_monotone(tiers: tuple[PriceTier, ...], one: Fraction, other: Fraction) -> None:
    less, more = sorted((one, other))
    assert rate(graduated_of(tiers), less).product <= rate(graduated_of(tiers), more).product


@LAW
@given(tiers=tier_lists(with_flats=False))
def test_l6_graduated_is_continuous_at_bounds_when_flats_are_0(tiers: tuple[PriceTier, ...]) -> None:
    price, step = graduated_of(tiers), Fraction(1, 10**6)
    for tier, following in pairwise(tiers):
        assert tier.up_to is not None
        below, at, above = (rate(price, tier.up_to + offset).product for offset in (-step, 0, step))
        # no jump: a millionth of a unit either way costs a millionth of its tier's unit
        assert at - below == step * Fraction(tier.unit or 0)
        assert above - at == step * Fraction(following.unit or 0)


def test_l6_volume_is_not_monotone() -> None:
    price = volume((100, "100", 0), (None, "50", 0))
    # 100 × 1.00 = 100.00, 101 × 0.50 = 50.50
    assert rate(price, 101).product < rate(price, 100).product


@LAW
@given(price=prices(GROWING), one=measured, other=measured)
def test_l6_so_are_units_packages_and_shares_monotone(price: Price, one: Fraction, other: Fraction) -> None:
    less, more = sorted((one, other))
    assert rate(price, less).product <= rate(price, more).product


@pytest.mark.parametrize("model", COUNTING)
@LAW
@given(data=st.data(), first=measured, second=measured)
def test_l7_the_whole_is_the_first_part_and_its_increment(
    model: PriceModel, data: st.DataObject, first: Fraction, second: Fraction
) -> None:
    price = data.draw(prices((model,)))
    whole = rate(price, first + second).product
    assert whole == rate(price, first).product + increment(price, first, second).product


@pytest.mark.parametrize("model", COUNTING)
@LAW
@given(data=st.data(), cuts=st.lists(measured, min_size=1, max_size=5))
def test_l7_a_period_cut_at_many_changes_counts_every_unit_once(
    model: PriceModel, data: st.DataObject, cuts: list[Fraction]
) -> None:
    price = data.draw(prices((model,)))
    already, total = Fraction(0), Fraction(0)
    for more in cuts:
        total += increment(price, already, more).product
        already += more
    assert total == rate(price, already).product


@pytest.mark.parametrize("model", COUNTING)
@LAW
@given(data=st.data(), quantity=measured)
def test_l7_the_increment_from_nothing_is_the_whole_and_of_nothing_is_nothing(
    model: PriceModel, data: st.DataObject, quantity: Fraction
) -> None:
    price = data.draw(prices((model,)))
    assert increment(price, 0, quantity) == rate(price, quantity)
    assert increment(price, quantity, 0).product == 0


@LAW
@given(data=st.data(), price=prices())
def test_l18_a_price_gives_the_same_amount_in_any_decimal_context(data: st.DataObject, price: Price) -> None:
    quantity = data.draw(quantities_for(price))
    expected = rate(price, quantity)
    with localcontext(prec=2, rounding=ROUND_UP):
        assert rate(price, quantity) == expected


@LAW
@given(data=st.data(), price=prices())
def test_l18_a_quantity_costs_the_same_however_it_is_written(data: st.DataObject, price: Price) -> None:
    quantity = data.draw(quantities_for(price))
    written = Decimal(quantity.numerator * (10**6 // quantity.denominator)).scaleb(-6)  # as the database gives it back
    assert rate(price, written) == rate(price, quantity)
