"""The hub sold by use has every model of price, and is on sale whole in every currency."""

from decimal import Decimal
from itertools import pairwise

import pytest
from sqlalchemy import text

from db.engine import Database
from db.queries import catalog as queries
from db.queries.tax_rates import all_rates
from demo import catalog, connect, offers
from demo.bulk_account import PLACES
from demo.features import METERS
from demo.personas import DEMO_NOW, PERSONAS
from demo.price_list import CURRENCIES
from domain.catalog import PlanVersion
from domain.ids import PlanVersionId
from domain.periods import BillingInterval
from domain.pricing.model import Price, PriceModel, rate
from domain.publishing.edition import edition
from domain.publishing.known import Known, KnownMeter
from tests.make import NumberedIds

MONTH, YEAR = BillingInterval.MONTH, BillingInterval.YEAR
KNOWN = Known(
    {
        connect.PAYMENTS.code: KnownMeter(connect.PAYMENTS.id, connect.PAYMENTS.aggregation),
        **{meter.code: KnownMeter(meter.id, meter.aggregation) for meter in catalog.meters()},
    },
    catalog.features(),
)
VERSIONS: dict[str, PlanVersion] = {
    each.code: edition(connect.plan_of(each), 1, connect.published(each), KNOWN, NumberedIds())
    for each in connect.EDITIONS
}


def price(plan: str, component: str, currency: str = "USD", interval: BillingInterval = MONTH) -> Price:
    found = VERSIONS[f"connect-{plan}"].price(component, currency, interval)
    assert found is not None
    return found


def test_every_model_of_price_is_on_sale() -> None:
    assert {each.model for version in VERSIONS.values() for each in version.prices} == set(PriceModel)


@pytest.mark.parametrize("version", VERSIONS.values(), ids=VERSIONS)
def test_it_is_sold_whole_in_every_currency_by_month_and_year(version: PlanVersion) -> None:
    assert all(version.is_sold_in(currency, interval) for currency in CURRENCIES for interval in connect.INTERVALS)
    assert version.is_free is (version.plan.code == "connect-free")


@pytest.mark.parametrize(
    ("says", "of", "quantity", "amount"),
    [
        ("what is included costs nothing", price("starter", "api-calls"), 5_000, "0.00"),
        # 2,345 beyond the 5,000 at 0.1 cent: 2.345
        ("further calls by the call", price("starter", "api-calls"), 7_345, "2.35"),
        # 0.305 mills of a dinar each: 2,345 are 715.225
        ("finer than a fils", price("starter", "api-calls", "KWD"), 7_345, "0.715"),
        # by the year 60,000 are included; 12,345 more are 12.345
        ("twelve times as much in a year", price("starter", "api-calls", interval=YEAR), 72_345, "12.35"),
        # 50,000 beyond 100,000 at 0.08 cents = 40.00, and 5.00 once
        ("the second tier has a fee of its own", price("professional", "api-calls"), 150_000, "45.00"),
        ("a package begun is a package", price("professional", "email-sends"), 1_001, "2.00"),
        # 0.5 % of 1,234.56 = 6.1728, and 2.50
        ("a share of what was paid", price("professional", "payments"), 123_456, "8.67"),
        ("at most 500.00", price("professional", "payments"), 99_999_999, "500.00"),
        ("fifty seats at 20.00", price("enterprise", "seats"), 50, "1000.00"),
        ("fifty-one at 16.00 cost less", price("enterprise", "seats"), 51, "816.00"),
        # ten months of 15.00
        ("a year of a seat costs ten months", price("professional", "seats", interval=YEAR), 1, "150.00"),
        ("a year in yen", price("professional", "base", "JPY", YEAR), 1, "145000"),
    ],
)  # fmt: skip
def test_what_it_costs(says: str, of: Price, quantity: int, amount: str) -> None:
    assert rate(of, quantity).amount.amount() == amount, says


def test_only_the_starters_euros_contain_the_tax() -> None:
    inclusive = {
        (code, each.currency) for code, version in VERSIONS.items() for each in version.prices if each.tax_inclusive
    }
    assert inclusive == {("connect-starter", "EUR")}


def test_an_enterprise_commits_to_a_minimum_of_ten_months_a_year() -> None:
    bounds = {(each.currency, each.interval): each.minimum_minor for each in VERSIONS["connect-enterprise"].bounds}
    assert len(bounds) == 8
    assert (bounds["USD", MONTH], bounds["USD", YEAR]) == (200_000, 2_000_000)
    assert (bounds["JPY", MONTH], bounds["KWD", YEAR]) == (295_000, 6_100_000)


def test_its_meters_are_those_of_the_others_and_one_more() -> None:
    assert connect.PAYMENTS.code not in {meter.code for meter in METERS}


def test_a_rate_stands_for_the_one_of_the_demo_who_pays_tax() -> None:
    """`metered` in Ireland; everybody else lives where no tax is charged, so the other states stay as they were."""
    homes = {persona.country for persona in PERSONAS} | {country for _, country, _, _ in PLACES}
    assert {(country, region) for country, region, *_ in offers.RATES if country in homes} == {
        ("IE", None), ("US", "CA"), ("US", "NY"), ("US", "TX"), ("US", "WA"),
    }  # fmt: skip
    assert [persona.slug for persona in PERSONAS if persona.country == "IE"] == ["metered"]
    # they say no region, so a region's rate is not theirs
    assert {persona.account(catalog.legal_entity_id("US")).region for persona in PERSONAS} == {None}


async def test_it_is_published_and_recorded_by_finance(demo_database: Database) -> None:
    async with demo_database.write() as session:
        found = await session.execute(
            text("SELECT action, staff_role, count(*) FROM catalog_entries GROUP BY 1, 2 ORDER BY 1, 2")
        )
        assert [tuple(row) for row in found] == [
            ("coupon.create", "FINANCE", len(offers.COUPONS)),
            ("plan.withdraw", "SYSTEM", 1),
            ("plan_version.publish", "FINANCE", len(connect.EDITIONS)),
            ("plan_version.publish", "SYSTEM", len(catalog.published())),
            ("policy.rollout", "FINANCE", 1),
            ("tax_rate.set", "FINANCE", len(offers.RATES)),
        ]
        current = await queries.current_version_id(session, catalog.plan_id("connect-enterprise"))
        assert current is not None
        version = (await queries.versions(session, {PlanVersionId(current)}))[current]
        assert {each.model for each in version.prices} == set(PriceModel) - {PriceModel.PER_UNIT}
        assert len(version.bounds) == 8


async def test_the_tax_tables_have_no_day_with_two_rates_and_none_without_one(demo_database: Database) -> None:
    async with demo_database.write() as session:
        rates = await all_rates(session)
    assert len(rates) == len(offers.RATES)
    for place in {(each.country, each.region) for each in rates}:
        own = [each for each in rates if (each.country, each.region) == place]
        assert all(one.valid_until == two.valid_from for one, two in pairwise(own))
        assert own[-1].valid_until is None
    finnish = {each.percent: each.valid_until for each in rates if each.country == "FI"}
    assert sorted(finnish) == [Decimal(24), Decimal("25.5")]


async def test_coupons_wait_to_be_redeemed(demo_database: Database) -> None:
    async with demo_database.write() as session:
        found = (await session.execute(text("SELECT code, redeem_by FROM coupons ORDER BY code"))).all()
    assert {row.code for row in found} == {coupon.code for coupon in offers.COUPONS}
    over = [row.code for row in found if row.redeem_by is not None and row.redeem_by <= DEMO_NOW]
    assert over == ["EARLY25"]
