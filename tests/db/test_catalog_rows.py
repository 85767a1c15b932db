"""What is published is what a decision reads: every field of every model of price, whatever its value."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from db.engine import Database
from db.queries import catalog
from domain.catalog import ChargeTiming, Component, Plan, PlanBound, PlanFeature, PlanVersion
from domain.ids import MeterId, PlanId, PlanVersionId, PriceId, ProductId
from domain.pricing.model import Price, PriceModel, PriceTier
from domain.usage import Aggregation
from tests.domain.strategies import LAW, prices
from tests.make import MONTH, QUARTER, SEATS_IN_USE, YEAR, an_id, april
from tests.stored import World, a_world


@pytest.fixture(scope="module")
async def world(database: Database) -> World:
    """A world with a hub and meters, and nothing of its own on sale."""
    return await a_world(database, ())


def a_plan(code: str, rank: int) -> Plan:
    return Plan(PlanId(an_id(f"plan {code}")), ProductId(an_id("product crm")), code, code, rank)


def sells(name: str, rank: int, price: Price) -> PlanVersion:
    """A plan of its own with one component at this one price."""
    own = replace(price, id=PriceId(an_id(f"price {name}")))
    component = Component(price.component, "Seat", 0)
    return PlanVersion(PlanVersionId(an_id(name)), a_plan(name, rank), 1, (component,), (own,), ())


async def loaded(world: World, *versions: PlanVersion) -> dict[PlanVersionId, PlanVersion]:
    """The same versions as another transaction reads them."""
    async with world.unit(april(2)) as unit:
        return await catalog.versions(unit.session, {version.id for version in versions})


async def test_a_price_of_any_model_is_read_as_it_was_written(world: World) -> None:
    drawn: list[Price] = []

    @LAW
    @given(st.lists(st.tuples(prices(), st.booleans()), min_size=1, max_size=4))
    def gather(some: list[tuple[Price, bool]]) -> None:
        drawn.extend(replace(price, tax_inclusive=inclusive) for price, inclusive in some)

    gather()
    # the finest and the largest that a tier may hold
    edges = (PriceTier(1, Decimal("0.000001"), 1), PriceTier(None, Decimal("99999999999999999.123456"), 10**18 - 1))
    drawn.append(Price(PriceId(an_id("edge")), "seat", "JPY", MONTH, PriceModel.GRADUATED, edges))
    assert {price.model for price in drawn} == set(PriceModel)
    versions = [sells(f"drawn-{rank}", rank, price) for rank, price in enumerate(drawn, start=1000)]
    await world.publish(*versions)
    assert await loaded(world, *versions) == {version.id: version for version in versions}


async def test_components_bounds_and_features_are_read_as_they_were_written(world: World) -> None:
    meter = MeterId(an_id("meter emails"))
    components = (
        Component("base", "Base", 1, 1),
        Component("seats", "Seats", 0, 40, ChargeTiming.IN_ARREARS),
        Component("emails", "E-mails", 0, None, ChargeTiming.IN_ARREARS, meter, Aggregation.SUM),
    )
    models = {"base": PriceModel.FLAT, "seats": PriceModel.PER_UNIT, "emails": PriceModel.PER_UNIT}
    sold = tuple(
        Price(
            PriceId(an_id(f"whole {code} {interval}")),
            code,
            "KWD",
            interval,
            model,
            (PriceTier(None, None, 500) if model is PriceModel.FLAT else PriceTier(None, Decimal("0.125")),),
        )
        for code, model in models.items()
        for interval in (MONTH, QUARTER, YEAR)
    )
    version = PlanVersion(
        PlanVersionId(an_id("whole")),
        a_plan("whole", 900),
        3,
        components,
        sold,
        (PlanFeature(SEATS_IN_USE, limit=5, limit_per_unit=1, component="seats"),),
        # by currency and interval, as they are read
        (
            PlanBound("KWD", MONTH, 1_000, None),
            PlanBound("KWD", QUARTER, None, 9_000),
            PlanBound("KWD", YEAR, 12_000, 12_000),
        ),
    )
    await world.publish(version)
    found = (await loaded(world, version))[version.id]
    assert set(found.prices) == set(version.prices)
    assert replace(found, prices=()) == replace(version, prices=())


async def test_the_former_version_is_no_longer_sold_and_stays_as_it_was(world: World) -> None:
    first = sells("kept", 950, Price(PriceId(an_id("p")), "seat", "USD", MONTH, PriceModel.PER_UNIT, (_cents(7),)))
    second = replace(
        first, id=PlanVersionId(an_id("kept 2")), number=2, prices=(replace(first.prices[0], id=PriceId(an_id("p2"))),)
    )
    await world.publish(first)
    await world.publish(second)
    assert (await loaded(world, first, second)) == {first.id: first, second.id: second}
    async with world.unit(april(2)) as unit:
        assert await catalog.current_version_id(unit.session, first.plan.id) == second.id
        current = text("SELECT number, is_current FROM plan_versions WHERE plan_id = :plan ORDER BY number")
        rows = (await unit.session.execute(current, {"plan": first.plan.id})).all()
    assert [tuple(row) for row in rows] == [(1, False), (2, True)]


def _cents(cents: int) -> PriceTier:
    return PriceTier(None, Decimal(cents))
