"""The demo's catalog is a vendor's: a ladder in each hub, prices in each currency, features of each kind."""

from fractions import Fraction

import pytest

from demo import catalog
from demo.price_list import CURRENCIES
from domain.catalog import FeatureKind, PlanVersion, Segment
from domain.periods import BillingInterval
from domain.plan_change.entitlement_change import SEATS
from domain.pricing.model import rate
from domain.usage import Aggregation

VERSIONS = {f"{each.version.plan.code}@{each.version.number}": each.version for each in catalog.published()}


@pytest.mark.parametrize("version", VERSIONS.values(), ids=VERSIONS)
def test_every_plan_is_sold_in_every_currency_by_month_and_year(version: PlanVersion) -> None:
    assert all(version.is_sold_in(currency, interval) for currency in CURRENCIES for interval in catalog.INTERVALS)


@pytest.mark.parametrize("version", VERSIONS.values(), ids=VERSIONS)
def test_a_year_is_cheaper_than_twelve_months(version: PlanVersion) -> None:
    for component in version.components:
        for currency in CURRENCIES:
            month = version.price(component.code, currency, BillingInterval.MONTH)
            year = version.price(component.code, currency, BillingInterval.YEAR)
            assert month is not None
            assert year is not None
            assert month.is_free is year.is_free
            assert month.is_free or rate(year, 1).product < 12 * rate(month, 1).product


@pytest.mark.parametrize("hub", ["marketing", "sales", "service"])
def test_each_hub_is_a_ladder_from_free_to_enterprise(hub: str) -> None:
    ladder = sorted((plan for plan in catalog.PLANS if plan.product == hub), key=lambda plan: plan.rank)
    assert [plan.code.partition("-")[2] for plan in ladder if plan.withdrawn_at is None] == [
        "free", "starter", "professional", "enterprise",
    ]  # fmt: skip
    assert [plan.segment for plan in ladder if plan.rung == catalog.ENTERPRISE] == [Segment.ENTERPRISE]
    assert VERSIONS[f"{hub}-free@1"].is_free
    assert not VERSIONS[f"{hub}-starter@1"].is_free


def test_features_are_of_all_kinds_and_measured_in_three_ways() -> None:
    features = catalog.features()
    aggregations = {meter.id: meter.aggregation for meter in catalog.meters()}
    assert {feature.kind for feature in features.values()} == set(FeatureKind)
    measured = {code: aggregations[each.meter_id] for code, each in features.items() if each.meter_id}
    assert measured == {
        SEATS: Aggregation.LATEST,
        "contacts": Aggregation.LATEST,
        "email-sends": Aggregation.SUM,
        "api-calls": Aggregation.COUNT,
    }


def test_each_plan_of_the_first_hub_answers_for_twelve_features() -> None:
    assert {len(version.features) for code, version in VERSIONS.items() if code.startswith("marketing")} == {12}


def test_some_unit_prices_are_finer_than_a_minor_unit() -> None:
    price = VERSIONS["marketing-professional@2"].price("email-packs", "KWD", BillingInterval.MONTH)
    assert price is not None
    # 345.125 fils each: three come to 1035.375 fils, 1.035 dinars
    assert rate(price, 3).product == Fraction("1035.375")
    assert rate(price, 3).amount.amount() == "1.035"


def test_ids_come_from_names_and_are_all_different() -> None:
    ids = [
        *(entity.id for entity in catalog.LEGAL_ENTITIES),
        *(product.id for product in catalog.PRODUCTS),
        *(meter.id for meter in catalog.meters()),
        *(feature.id for feature in catalog.features().values()),
        *(catalog.plan_id(plan.code) for plan in catalog.PLANS),
        *(version.id for version in VERSIONS.values()),
        *(price.id for version in VERSIONS.values() for price in version.prices),
    ]
    assert len(ids) == len(set(ids))
    assert str(catalog.plan_id("marketing-starter")) == "0185b9ce-8e80-7b45-8053-16b46b3981b3"


def test_withdrawn_plans_and_later_versions_have_their_day() -> None:
    assert [plan.code for plan in catalog.PLANS if plan.withdrawn_at] == ["service-essential"]
    assert [code for code in VERSIONS if not code.endswith("@1")] == ["marketing-professional@2"]
