"""What is no price, no tier and no quantity is refused by its name."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from domain.errors import InvalidInput, UnknownCurrency
from domain.pricing.model import Price, PriceModel, PriceTier, increment, rate
from tests.domain.pricing.making import TierRow, a_price, flat, graduated, package, per_unit, percentage, tier, volume

FLAT, PER_UNIT, GRADUATED, VOLUME, PACKAGE, PERCENTAGE = PriceModel


@pytest.mark.parametrize(
    ("says", "price", "quantity"),
    [
        ("negative seats", per_unit("1250"), -1),
        ("a float", per_unit("1250"), 0.5),
        ("a whole number that is a float", per_unit("1250"), 2.0),
        ("a yes", per_unit("1250"), True),
        ("a text", per_unit("1250"), "3"),
        ("not a number", per_unit("1250"), Decimal("NaN")),
        ("a signalling one", per_unit("1250"), Decimal("sNaN")),
        ("endless", per_unit("1250"), Decimal("Infinity")),
        ("a negative measure", graduated((None, "1", 0)), Decimal("-0.5")),
        ("finer than a millionth", graduated((None, "1", 0)), Decimal("0.0000001")),
        ("a third, which no meter measures", volume((None, "1", 0)), Fraction(1, 3)),
        ("vanishingly fine", volume((None, "1", 0)), Decimal("1E-999999")),
        ("absurdly large", package(10, "1"), Decimal("1E+999999")),
        ("more than any invoice holds", per_unit("1250"), 10**18),
        ("more than any invoice holds, by the price", per_unit("1250"), 10**16),
        ("two of a flat thing", flat(10_000), 2),
        ("none of a flat thing", flat(10_000), 0),
        ("half a flat thing", flat(10_000), Fraction(1, 2)),
    ],
)
def test_a_quantity_that_is_none_is_refused_by_its_name(says: str, price: Price, quantity: Any) -> None:
    with pytest.raises(InvalidInput) as refused:
        rate(price, quantity)
    assert refused.value.path == ("quantity",), says


@pytest.mark.parametrize(
    ("says", "price", "already", "more", "field"),
    [
        ("less than nothing before", per_unit("1"), -1, 1, "already"),
        ("a float before", per_unit("1"), 0.5, 1, "already"),
        ("less than nothing more", per_unit("1"), 1, -1, "quantity"),
        ("a flat fee counts nothing", flat(100), 0, 1, "quantity"),
    ],
)
def test_an_increment_that_is_none_is_refused_by_its_name(
    says: str, price: Price, already: Any, more: Any, field: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        increment(price, already, more)
    assert refused.value.path == (field,), says


@pytest.mark.parametrize(
    ("says", "model", "tiers", "path"),
    [
        ("no tier", FLAT, [], ("tiers",)),
        ("21 tiers", GRADUATED, [*((up_to, "1", 0) for up_to in range(1, 21)), (None, "1", 0)], ("tiers",)),
        ("no last tier: a gap above the tenth unit", PER_UNIT, [(10, "1", 0)], ("tiers", "0", "up_to")),
        ("two last tiers", GRADUATED, [(None, "1", 0), (None, "1", 0)], ("tiers", "0", "up_to")),
        ("tiers that overlap", GRADUATED, [(10, "1", 0), (10, "1", 0), (None, "1", 0)], ("tiers", "1", "up_to")),
        ("tiers out of order", VOLUME, [(10, "1", 0), (5, "1", 0), (None, "1", 0)], ("tiers", "1", "up_to")),
        ("a flat price by tiers", FLAT, [(10, None, 1), (None, None, 2)], ("tiers",)),
        ("a flat price with a unit amount", FLAT, [(None, "1", 100)], ("tiers",)),
        ("a flat price with a unit amount of nothing", FLAT, [(None, "0", 100)], ("tiers",)),
        ("a per-unit price by tiers", PER_UNIT, [(10, "1", 0), (None, "2", 0)], ("tiers",)),
        ("a per-unit price without a unit amount", PER_UNIT, [(None, None, 0)], ("tiers",)),
        ("a per-unit price with a flat amount", PER_UNIT, [(None, "1", 100)], ("tiers",)),
        ("packages by tiers", PACKAGE, [(10, "1", 0), (None, "2", 0)], ("tiers",)),
        ("packages without a price", PACKAGE, [(None, None, 0)], ("tiers",)),
        ("packages with a flat amount", PACKAGE, [(None, "1", 100)], ("tiers",)),
        ("a percentage with a unit amount", PERCENTAGE, [(None, "1", 0)], ("tiers",)),
        ("a percentage by tiers", PERCENTAGE, [(10, None, 0), (None, None, 0)], ("tiers",)),
    ],
)
def test_tiers_that_are_no_price_of_the_model_are_refused(
    says: str, model: PriceModel, tiers: list[TierRow], path: tuple[str, ...]
) -> None:
    more: dict[PriceModel, dict[str, Any]] = {PACKAGE: {"package_size": 10}, PERCENTAGE: {"percent": Decimal(1)}}
    with pytest.raises(InvalidInput) as refused:
        a_price(model, *(tier(*row) for row in tiers), **more.get(model, {}))
    assert refused.value.path == path, says


@pytest.mark.parametrize(
    ("says", "model", "more", "field"),
    [
        ("packages of no size", PACKAGE, {}, "package_size"),
        ("packages of nothing", PACKAGE, {"package_size": 0}, "package_size"),
        ("packages of less", PACKAGE, {"package_size": -100}, "package_size"),
        ("packages of half a unit", PACKAGE, {"package_size": Decimal("0.5")}, "package_size"),
        ("no percent", PERCENTAGE, {}, "percent"),
        ("a negative percent", PERCENTAGE, {"percent": Decimal("-0.0001")}, "percent"),
        ("more than all", PERCENTAGE, {"percent": Decimal("100.0001")}, "percent"),
        ("too fine a percent", PERCENTAGE, {"percent": Decimal("1.00001")}, "percent"),
        ("a vanishing percent", PERCENTAGE, {"percent": Decimal("1E-999999")}, "percent"),
        ("no number", PERCENTAGE, {"percent": Decimal("NaN")}, "percent"),
        ("a float", PERCENTAGE, {"percent": 2.5}, "percent"),
        ("a negative minimum", PERCENTAGE, {"percent": Decimal(1), "minimum_minor": -1}, "minimum_minor"),
        ("a negative maximum", PERCENTAGE, {"percent": Decimal(1), "maximum_minor": -1}, "maximum_minor"),
        (
            "a minimum above the maximum",
            PERCENTAGE,
            {"percent": Decimal(1), "minimum_minor": 2, "maximum_minor": 1},
            "minimum_minor",
        ),
        ("a flat fee with packages", FLAT, {"package_size": 10}, "package_size"),
        ("tiers with packages", GRADUATED, {"package_size": 10}, "package_size"),
        ("units with a percent", PER_UNIT, {"percent": Decimal(1)}, "percent"),
        ("units with a minimum", PER_UNIT, {"minimum_minor": 100}, "minimum_minor"),
        ("volume with a maximum", VOLUME, {"maximum_minor": 100}, "maximum_minor"),
        ("packages with a percent", PACKAGE, {"package_size": 10, "percent": Decimal(1)}, "percent"),
        ("a percentage in packages", PERCENTAGE, {"percent": Decimal(1), "package_size": 10}, "package_size"),
    ],
)
def test_a_value_that_the_model_lacks_or_has_no_use_for_is_refused_by_its_name(
    says: str, model: PriceModel, more: dict[str, Any], field: str
) -> None:
    only = tier(None, None, 100) if model in (FLAT, PERCENTAGE) else tier(None, "1")
    with pytest.raises(InvalidInput) as refused:
        a_price(model, only, **more)
    assert refused.value.path == (field,), says


@pytest.mark.parametrize(
    ("says", "up_to", "unit", "fee", "path"),
    [
        ("a tier of nothing", 0, Decimal(1), 0, ("up_to",)),
        ("a tier up to half a unit", Decimal("10.5"), Decimal(1), 0, ("up_to",)),
        ("a negative unit amount", None, Decimal(-1), 0, ("unit",)),
        ("a negative flat amount", None, None, -1, ("flat",)),
        ("a flat amount finer than a minor unit", None, None, Decimal("0.5"), ("flat",)),
        ("not a number", None, Decimal("NaN"), 0, ("unit",)),
        ("a signalling one", None, Decimal("sNaN"), 0, ("unit",)),
        ("infinite", None, Decimal("Infinity"), 0, ("unit",)),
        ("finer than a millionth", None, Decimal("0.0000001"), 0, ("unit",)),
        ("vanishingly fine", None, Decimal("1E-999999"), 0, ("unit",)),
        ("larger than a ledger", None, Decimal("1E+999999"), 0, ("unit",)),
        ("a flat amount larger than a ledger", None, None, 10**18, ("flat",)),
    ],
)
def test_a_tier_that_is_none_is_refused(says: str, up_to: Any, unit: Any, fee: Any, path: tuple[str, ...]) -> None:
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


@pytest.mark.parametrize(
    ("says", "price", "is_free"),
    [
        ("a fee of nothing", flat(0), True),
        ("a fee", flat(1), False),
        ("units of nothing", per_unit("0"), True),
        ("units of a millionth", per_unit("0.000001"), False),
        ("free tiers", graduated((10, None, 0), (None, "0", 0)), True),
        ("a free tier, then one that costs", graduated((10, None, 0), (None, "1", 0)), False),
        ("a flat in a later tier", volume((10, "0", 0), (None, "0", 1)), False),
        ("packages of nothing", package(10, "0"), True),
        ("nothing of an amount", percentage("0"), True),
        ("a share", percentage("0.0001"), False),
        ("only a fixed fee", percentage("0", fee=1), False),
        ("only a minimum", percentage("0", minimum=1), False),
        ("never more than nothing", percentage("10", fee=1, maximum=0), True),
    ],
)
def test_a_price_is_free_when_no_quantity_costs_anything(says: str, price: Price, is_free: bool) -> None:
    assert price.is_free is is_free, says


def test_a_price_excludes_tax_unless_it_says_otherwise() -> None:
    assert not flat(100).tax_inclusive
    assert a_price(FLAT, tier(None, None, 100), tax_inclusive=True).tax_inclusive
