"""An edition is read whole, or refused with the path of the field at fault."""

from dataclasses import replace
from decimal import Decimal

import pytest

from domain.catalog import ChargeTiming, PlanBound
from domain.commands.catalog import BoundTerms, ComponentTerms, GrantTerms, PriceTerms, TierTerms
from domain.errors import InvalidInput
from domain.periods import BillingInterval
from domain.pricing.model import PriceModel, rate
from tests.domain.publishing.asking import (
    ASKED,
    FEE,
    SEATS,
    Wrong,
    bound,
    component,
    feature,
    made,
    price,
    tier,
)
from tests.make import MONTH, PRO, YEAR

PER_UNIT, PERCENTAGE, PACKAGE = PriceModel.PER_UNIT, PriceModel.PERCENTAGE, PriceModel.PACKAGE
ADVANCE = ChargeTiming.IN_ADVANCE


def test_an_edition_is_read_as_it_was_written() -> None:
    version = made()
    assert (version.plan, version.number) == (PRO.plan, 2)
    emails = version.price("emails", "USD", MONTH)
    assert emails is not None
    # 12,000: 1,000 free; 9,000 at 0.25 cents = 22.50 and 5.00 flat; 2,000 at 0.012345 cents = 24.69 cents
    assert rate(emails, 12_000).amount.amount() == "27.75"
    assert version.bounds == (PlanBound("USD", MONTH, 10_000, 90_000),)
    assert [(each.code, each.is_metered) for each in version.components] == [
        ("base", False),
        ("seats", False),
        ("emails", True),
    ]
    assert len({each.id for each in version.prices}) == 4


def test_a_component_without_a_price_keeps_the_plan_from_being_sold_so() -> None:
    # of a year only the base fee has a price
    version = made()
    assert version.is_sold_in("USD", MONTH)
    assert not version.is_sold_in("USD", YEAR)
    assert not version.is_sold_in("EUR", MONTH)


@pytest.mark.parametrize(
    ("says", "currency", "unit_price", "minor"),
    [
        ("a hundredth of a cent", "USD", "0.0001", "0.01"),
        ("the finest in dollars", "USD", "0.00000001", "0.000001"),
        ("the finest in yen", "JPY", "0.000001", "0.000001"),
        ("the finest in dinars", "KWD", "0.000000001", "0.000001"),
        ("a whole yen", "JPY", "120", "120"),
        ("dollars and cents", "USD", "12.50", "1250"),
    ],
)
def test_unit_prices_are_read_finer_than_a_minor_unit(says: str, currency: str, unit_price: str, minor: str) -> None:
    asked = PriceTerms("base", currency, MONTH, PER_UNIT, (TierTerms(unit_price=Decimal(unit_price)),))
    version = made(replace(ASKED, components=ASKED.components[:1], prices=(asked,), features=(), bounds=()))
    assert version.prices[0].tiers[0].unit == Decimal(minor), says


REFUSED: tuple[tuple[str, Wrong, str], ...] = (
    # amounts
    ("a negative fee", price(0, tiers=(TierTerms(flat_amount=Decimal("-49.00")),)), "prices.0.tiers.0.flatAmount"),
    ("a negative unit price", tier(1, 0, unit_price=Decimal("-0.01")), "prices.1.tiers.0.unitPrice"),
    ("a millionth of a cent, and a tenth", tier(1, 0, unit_price=Decimal("0.000000001")), "prices.1.tiers.0.unitPrice"),
    ("dollars or cents?", tier(1, 0, unit_price=Decimal(12)), "prices.1.tiers.0.unitPrice"),
    ("a fee of half a cent", tier(0, 0, flat_amount=Decimal("49.005")), "prices.0.tiers.0.flatAmount"),
    ("a fee beyond any ledger", tier(0, 0, flat_amount=Decimal("99999999999999999.00")), "prices.0.tiers.0.flatAmount"),
    ("a unit price beyond it", tier(1, 0, unit_price=Decimal("99999999999999999.00")), "prices.1.tiers.0.unitPrice"),
    # tiers
    ("an overlap", tier(2, 1, up_to=1_000), "prices.2.tiers.1.upTo"),
    ("tiers out of order", tier(2, 1, up_to=500), "prices.2.tiers.1.upTo"),
    ("two last tiers", tier(2, 1, up_to=None), "prices.2.tiers.1.upTo"),
    ("a gap at the end: no last tier", tier(2, 2, up_to=99_999), "prices.2.tiers.2.upTo"),
    ("a tier of nothing", tier(2, 0, up_to=0), "prices.2.tiers.0.upTo"),
    ("no tier at all", price(1, tiers=()), "prices.1.tiers"),
    ("too many tiers", price(2, tiers=(TierTerms(1),) * 21), "prices.2.tiers"),
    ("a price by the unit in two tiers", price(1, tiers=(TierTerms(1), TierTerms())), "prices.1.tiers"),
    # models
    ("a percentage without a percent", price(2, model=PERCENTAGE, tiers=(TierTerms(),)), "prices.2.percent"),
    (
        "more than the whole",
        price(2, model=PERCENTAGE, tiers=(TierTerms(),), percent=Decimal("100.0001")),
        "prices.2.percent",
    ),
    (
        "a minimum above the maximum",
        price(
            2,
            model=PERCENTAGE,
            tiers=(TierTerms(),),
            percent=Decimal(3),
            minimum=Decimal("2.00"),
            maximum=Decimal("1.00"),
        ),
        "prices.2.minimum",
    ),
    ("a package of nothing", price(2, model=PACKAGE, tiers=SEATS.tiers, package_size=0), "prices.2.packageSize"),
    ("a package of unknown size", price(2, model=PACKAGE, tiers=SEATS.tiers), "prices.2.packageSize"),
    ("a size that nothing uses", price(1, package_size=5), "prices.1.packageSize"),
    ("a percent that nothing uses", price(1, percent=Decimal(3)), "prices.1.percent"),
    ("a maximum that nothing uses", price(1, maximum=Decimal("3.00")), "prices.1.maximum"),
    ("one fee for any number of seats", price(1, model=PriceModel.FLAT, tiers=FEE.tiers), "prices.1.model"),
    (
        "a share of seats",
        price(1, model=PERCENTAGE, tiers=(TierTerms(),), percent=Decimal(3)),
        "prices.1.model",
    ),
    # what is named
    ("a currency nobody has", price(0, currency="XXX"), "prices.0.currency"),
    ("a component that is not there", price(1, component="seat"), "prices.1.component"),
    ("the same price twice", price(3, interval=MONTH), "prices.3.component"),
    ("a meter that is not there", component(2, meter="faxes"), "components.2.meter"),
    ("a feature that is not there", feature(1, feature="faxes"), "features.1.feature"),
    ("a feature twice", feature(1, feature="seats"), "features.1.feature"),
    ("a grant by a component that is not there", feature(0, component="brands"), "features.0.component"),
    ("a grant that grows with what is counted", feature(0, component="emails"), "features.0.component"),
    # components
    ("nothing to sell", lambda asked: replace(asked, components=()), "components"),
    (
        "too much to sell",
        lambda asked: replace(asked, components=(ComponentTerms("base", "Base"),) * 11),
        "components",
    ),
    ("no base", component(0, code="fee"), "components"),
    ("two bases in one", component(0, maximum=2), "components.0.maximum"),
    ("a base that may be left out", component(0, minimum=0), "components.0.minimum"),
    ("a base that is counted", component(0, meter="emails"), "components.0.meter"),
    ("a component twice", component(1, code="base"), "components.1.code"),
    ("a code with a space", component(1, code="my seats"), "components.1.code"),
    ("no name", component(1, name=" "), "components.1.name"),
    ("less than nothing", component(1, minimum=-1), "components.1.minimum"),
    ("at most less than at least", component(1, minimum=51), "components.1.maximum"),
    ("none at most", component(1, minimum=0, maximum=0), "components.1.maximum"),
    ("what is counted, in advance", component(2, timing=ADVANCE), "components.2.timing"),
    ("what is counted, at least five", component(2, minimum=5), "components.2.minimum"),
    ("what is counted, at most five", component(2, maximum=5), "components.2.maximum"),
    # sold whole
    ("no price", lambda asked: replace(asked, prices=()), "prices"),
    ("a plan that nobody can buy", lambda asked: replace(asked, prices=asked.prices[:2], bounds=()), "prices"),
    # grants
    ("a setting without one", feature(2, setting=None), "features.2.setting"),
    ("a limit on a yes", feature(1, limit=5), "features.1.limit"),
    ("a setting on a limit", feature(0, setting="blue"), "features.0.setting"),
    ("a negative limit", feature(0, limit=-1), "features.0.limit"),
    ("a limit that grows with nothing", feature(0, component=None), "features.0.component"),
    ("a component that adds nothing", feature(0, limit_per_unit=0), "features.0.limitPerUnit"),
    ("unlimited, and more", feature(0, limit=None), "features.0.limit"),
    ("more grants than are shown", lambda asked: replace(asked, features=(GrantTerms("x"),) * 101), "features"),
    # bounds
    ("at least more than at most", bound(minimum=Decimal("900.01")), "bounds.0.minimum"),
    ("less than nothing at least", bound(minimum=Decimal("-0.01")), "bounds.0.minimum"),
    ("less than nothing at most", bound(minimum=None, maximum=Decimal("-0.01")), "bounds.0.maximum"),
    ("a bound that binds nothing", bound(minimum=None, maximum=None), "bounds.0.minimum"),
    ("a bound where it is not sold", bound(interval=YEAR), "bounds.0.currency"),
    ("a bound in a currency nobody has", bound(currency="XXX"), "bounds.0.currency"),
    ("bounds twice", lambda asked: replace(asked, bounds=asked.bounds * 2), "bounds.1.currency"),
)


@pytest.mark.parametrize(("says", "wrong", "path"), REFUSED, ids=[row[0] for row in REFUSED])
def test_what_is_wrong_with_an_edition_is_named_by_its_path(says: str, wrong: Wrong, path: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        made(wrong(ASKED))
    assert ".".join(refused.value.path) == path, says


def test_a_bound_may_be_of_one_side_only() -> None:
    least = BoundTerms("USD", BillingInterval.MONTH, minimum=Decimal("1.00"))
    assert made(replace(ASKED, bounds=(least,))).bounds == (PlanBound("USD", MONTH, 100, None),)
