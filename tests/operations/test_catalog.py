"""Publishing, tax rates and coupons against a real Postgres: what is written, what is refused, and the same asked
again."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from db.queries import catalog
from db.queries.tax_rates import all_rates
from db.unit_of_work import UnitOfWork
from domain.actor import Actor, StaffRole, staff
from domain.commands import CreateCoupon, CreatePlan, PublishPlanVersion, SetTaxRate
from domain.errors import Forbidden, InvalidInput, NotFound
from domain.ids import PlanId, PlanVersionId, ProductId, UserId
from domain.money import Money
from operations.asking import KeyReused
from operations.asking_catalog import CatalogCommand, CatalogDeed
from operations.catalog.create_coupon import create_coupon
from operations.catalog.create_plan import create_plan
from operations.catalog.publish_plan_version import publish_plan_version
from operations.catalog.set_tax_rate import set_tax_rate
from tests.domain.publishing.asking import ASKED, component, price, tier
from tests.make import OWNER, PRO, an_id, april
from tests.stored import World, changed

FINANCE = staff(StaffRole.FINANCE, UserId(an_id("fiona")))
HUB = ProductId(an_id("product crm"))
RATE = SetTaxRate("AT", "USt", Decimal(20), date(2016, 1, 1), "rate")
COUPON = CreateCoupon("SPRING", "Spring", "coupon", percent=Decimal("12.5"), periods=3)
PLAN = CreatePlan(HUB, "plus", "Plus", "More than Pro.", 17, "plan")

Deed = Callable[[UnitOfWork, Any], Awaitable[CatalogDeed | KeyReused]]
DEEDS: dict[type, Deed] = {
    PublishPlanVersion: publish_plan_version,
    SetTaxRate: set_tax_rate,
    CreateCoupon: create_coupon,
    CreatePlan: create_plan,
}


async def do(
    world: World, command: CatalogCommand, at: datetime | None = None, actor: Actor = FINANCE
) -> CatalogDeed | KeyReused:
    """One deed in a unit of work of its own."""
    async with world.unit(at or april(10), actor) as unit:
        return await DEEDS[type(command)](unit, command)


async def done(world: World, command: CatalogCommand, at: datetime | None = None) -> CatalogDeed:
    """One deed that must be done."""
    outcome = await do(world, command, at)
    assert isinstance(outcome, CatalogDeed), outcome
    return outcome


def keyed(command: Any, key: str, **more: Any) -> Any:
    return replace(command, idempotency_key=key, **more)


async def a_plan(world: World, code: str, rank: int) -> PublishPlanVersion:
    """A plan of its own, made through the operation, and an edition to publish of it."""
    plan = await done(world, replace(PLAN, code=code, name=code, rank=rank, idempotency_key=f"plan {code}"))
    return replace(ASKED, plan_id=PlanId(plan.subject_id), components=ASKED.components, idempotency_key=f"{code} 1")


# --- publishing -------------------------------------------------------------------------------------------------


async def test_a_new_edition_is_sold_and_who_has_the_former_one_keeps_it(world: World) -> None:
    asked = await a_plan(world, "kept", 50)
    first = await done(world, asked)
    who = await world.customer()
    async with world.unit(april(11)) as unit:
        version = (await catalog.versions(unit.session, {PlanVersionId(first.subject_id)})).popitem()[1]
    await world.subscribe(who, version, at=april(11), seats=2)
    before = await world.of(who, "subscription_items")
    second = await done(world, keyed(tier(1, 0, unit_price=Decimal("99.00"))(asked), "kept 2"), april(12))
    async with world.unit(april(12)) as unit:
        assert await catalog.current_version_id(unit.session, asked.plan_id) == second.subject_id
    (row,) = await world.of(who, "subscriptions")
    assert row.plan_version_id == first.subject_id
    assert await world.of(who, "subscription_items") == before
    numbers = await world.rows(
        "SELECT number, is_current, published_at FROM plan_versions WHERE plan_id = :plan ORDER BY number",
        plan=asked.plan_id,
    )
    assert [tuple(each) for each in numbers] == [(1, False, april(10)), (2, True, april(12))]


async def test_an_edition_that_is_wrong_anywhere_is_not_there_at_all(world: World) -> None:
    asked = await a_plan(world, "wrong", 51)
    before = await world.billing_state()
    with pytest.raises(InvalidInput) as refused:
        await do(world, price(2, currency="XXX")(asked))
    assert refused.value.path == ("prices", "2", "currency")
    with pytest.raises(InvalidInput) as refused:
        await do(world, component(2, meter="faxes")(asked))
    assert refused.value.path == ("components", "2", "meter")
    assert changed(before, await world.billing_state()) == set()
    # a refusal used no key up
    assert not (await done(world, asked)).is_replay


async def test_a_plan_that_is_not_there_or_withdrawn_has_no_new_edition(world: World) -> None:
    asked = await a_plan(world, "gone", 52)
    with pytest.raises(NotFound):
        await do(world, replace(asked, plan_id=PlanId(an_id("nowhere"))))
    first = await done(world, asked)
    async with world.unit(april(12)) as unit:
        version = (await catalog.versions(unit.session, {PlanVersionId(first.subject_id)})).popitem()[1]
    await world.withdraw(version, april(12))
    with pytest.raises(InvalidInput) as refused:
        await do(world, keyed(asked, "gone 2"), april(13))
    assert refused.value.path == ("planId",)


async def test_the_trail_says_who_published_what_and_when(world: World) -> None:
    asked = await a_plan(world, "trail", 53)
    first = await done(world, asked, april(14))
    await done(world, keyed(asked, "trail 2"), april(15))
    one, two = await world.rows(
        "SELECT * FROM catalog_entries WHERE action = 'plan_version.publish' AND after LIKE '%\"trail\"%'"
        " ORDER BY recorded_at"
    )
    assert (one.staff_role, one.actor_id, one.recorded_at) == ("FINANCE", FINANCE.user_id, april(14))
    assert (one.subject_type, one.subject_id, one.before) == ("PlanVersion", first.subject_id, None)
    assert json.loads(two.before) == {"plan": "trail", "number": 1}
    assert json.loads(two.after) == {
        "plan": "trail",
        "number": 2,
        "components": ["base", "seats", "emails"],
        "pricedIn": ["USD by the month", "USD by the year"],
        "features": ["seats", "reports", "support"],
        "bounds": 1,
    }


# --- plans ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("says", "fields", "path"),
    [
        ("a code that a plan has", {"code": "pro"}, "code"),
        ("a rank that a plan has", {"rank": PRO.plan.rank}, "rank"),
        ("a rank below all", {"rank": -1}, "rank"),
        ("a rank beyond all", {"rank": 32_768}, "rank"),
        ("a code in capitals", {"code": "Plus"}, "code"),
        ("no name", {"name": ""}, "name"),
        ("a book for a description", {"description": "x" * 1_001}, "description"),
    ],
)
async def test_what_is_wrong_with_a_plan_is_named(world: World, says: str, fields: dict[str, Any], path: str) -> None:
    before = await world.billing_state()
    with pytest.raises(InvalidInput) as refused:
        await do(world, replace(PLAN, **fields))
    assert refused.value.path == (path,), says
    assert changed(before, await world.billing_state()) == set()


async def test_a_plan_of_no_product_is_not_found(world: World) -> None:
    with pytest.raises(NotFound):
        await do(world, replace(PLAN, product_id=ProductId(an_id("nowhere"))))


# --- tax rates --------------------------------------------------------------------------------------------------


async def test_a_new_rate_ends_the_one_that_runs_at_its_place_and_no_other(world: World) -> None:
    await done(world, replace(RATE, country="CH", idempotency_key="ch"))
    await done(world, replace(RATE, country="CH", region="ZH", idempotency_key="zh"))
    await done(
        world,
        replace(RATE, country="CH", percent=Decimal("8.1"), valid_from=date(2027, 1, 1), idempotency_key="ch 2"),
    )
    async with world.unit(april(11)) as unit:
        found = [rate for rate in await all_rates(unit.session) if rate.country == "CH"]
    assert sorted((each.region or "", each.percent, each.valid_from, each.valid_until) for each in found) == [
        ("", Decimal("8.1"), date(2027, 1, 1), None),
        ("", Decimal(20), date(2016, 1, 1), date(2027, 1, 1)),
        ("ZH", Decimal(20), date(2016, 1, 1), None),
    ]
    entry = (await world.rows("SELECT * FROM catalog_entries WHERE idempotency_key = 'ch 2'"))[0]
    assert json.loads(entry.before)["validUntil"] == "2027-01-01"


@pytest.mark.parametrize(
    ("says", "fields", "path"),
    [
        ("more than the whole", {"percent": Decimal("100.0001")}, "percent"),
        ("less than nothing", {"percent": Decimal(-1)}, "percent"),
        ("finer than a tax is", {"percent": Decimal("8.87501")}, "percent"),
        ("a country by name", {"country": "Austria"}, "country"),
        ("a tax without a name", {"name": " "}, "name"),
        ("a region without a name", {"region": ""}, "region"),
    ],
)
async def test_what_is_wrong_with_a_rate_is_named(world: World, says: str, fields: dict[str, Any], path: str) -> None:
    before = await world.billing_state()
    with pytest.raises(InvalidInput) as refused:
        await do(world, replace(RATE, **fields))
    assert refused.value.path == (path,), says
    assert changed(before, await world.billing_state()) == set()


async def test_a_past_rate_is_never_rewritten(world: World) -> None:
    await done(world, replace(RATE, country="SE", idempotency_key="se"))
    before = await world.billing_state()
    # set at noon of 10 April: the 11th has begun in Kiritimati, the 12th nowhere
    for day in (date(2016, 1, 1), date(2015, 1, 1), date(2026, 4, 10), date(2026, 4, 11)):
        with pytest.raises(InvalidInput) as refused:
            await do(world, replace(RATE, country="SE", valid_from=day, idempotency_key=f"{day}"), april(10, 12))
        assert refused.value.path == ("validFrom",)
    assert changed(before, await world.billing_state()) == set()
    await done(world, replace(RATE, country="SE", valid_from=date(2026, 4, 12), idempotency_key="se 2"), april(10, 12))


# --- coupons ----------------------------------------------------------------------------------------------------


async def test_a_coupon_is_written_as_it_was_asked_for(world: World) -> None:
    command = CreateCoupon(
        "SEATS-15",
        "Seats at 15 % off",
        "seats",
        percent=Decimal(15),
        cap=Money(20_00, "EUR"),
        periods=6,
        product_id=HUB,
        component="seats",
        redeem_by=datetime(2026, 12, 31, tzinfo=UTC),
        max_redemptions=40,
    )
    made = await done(world, command)
    (row,) = await world.rows("SELECT * FROM coupons WHERE code = 'SEATS-15'")
    assert (row.id, row.name, row.percent, row.amount_minor, row.cap_minor, row.currency) == (
        made.subject_id, "Seats at 15 % off", Decimal(15), None, 2_000, "EUR",
    )  # fmt: skip
    assert (row.periods, row.product_id, row.component, row.redemptions, row.max_redemptions) == (
        6, HUB, "seats", 0, 40,
    )  # fmt: skip
    assert (row.redeem_by, row.created_at) == (command.redeem_by, april(10))
    (entry,) = await world.rows("SELECT after FROM catalog_entries WHERE idempotency_key = 'seats'")
    assert json.loads(entry.after)["takesOff"] == "15 % off, at most 20.00 EUR a billing period"


@pytest.mark.parametrize(
    ("says", "fields", "path"),
    [
        ("neither a share nor an amount", {"percent": None}, "percent"),
        ("both", {"amount": Money(500, "USD")}, "amount"),
        ("more than the whole", {"percent": Decimal("100.1")}, "percent"),
        ("nothing off", {"percent": Decimal(0)}, "percent"),
        ("no amount off", {"percent": None, "amount": Money(0, "USD")}, "amount"),
        ("a negative amount", {"percent": None, "amount": Money(-500, "USD")}, "amount"),
        (
            "a cap on an amount",
            {"percent": None, "amount": Money(500, "USD"), "cap": Money(100, "USD")},
            "cap",
        ),
        ("a cap of nothing", {"cap": Money(0, "USD")}, "cap"),
        ("in no period", {"periods": 0}, "periods"),
        ("in more periods than anybody lives", {"periods": 1_201}, "periods"),
        ("for nobody", {"max_redemptions": 0}, "maxRedemptions"),
        ("until a day that is over", {"redeem_by": april(9)}, "redeemBy"),
        ("off what nobody sells", {"component": "wheels"}, "component"),
        ("off what this product does not sell", {"component": "seats", "product_id": "service"}, "component"),
        ("a code nobody can type", {"code": "spring!"}, "code"),
        ("no name", {"name": ""}, "name"),
    ],
)
async def test_what_is_wrong_with_a_coupon_is_named(world: World, says: str, fields: dict[str, Any], path: str) -> None:
    if "product_id" in fields:
        fields = {**fields, "product_id": ProductId(an_id(f"product {fields['product_id']}"))}
    before = await world.billing_state()
    with pytest.raises(InvalidInput) as refused:
        await do(world, replace(COUPON, **fields))
    assert refused.value.path == (path,), says
    assert changed(before, await world.billing_state()) == set()


async def test_a_code_is_never_used_for_a_second_coupon(world: World) -> None:
    await done(world, replace(COUPON, code="AUTUMN", idempotency_key="autumn"))
    for again in ("AUTUMN", "autumn", " Autumn "):
        with pytest.raises(InvalidInput) as refused:
            await do(world, replace(COUPON, code=again, idempotency_key=f"{again} again"))
        assert refused.value.path == ("code",)
    await done(world, replace(COUPON, code="late-autumn", idempotency_key="late"))
    assert len(await world.rows("SELECT 1 FROM coupons WHERE code = 'LATE-AUTUMN'")) == 1
    with pytest.raises(NotFound):
        await do(world, replace(COUPON, code="WINTER", product_id=ProductId(an_id("nowhere"))))


# --- all of them ------------------------------------------------------------------------------------------------


def every(world: World, key: str) -> list[CatalogCommand]:
    """A good command of each deed."""
    country = {"again": "BE", "reuse": "LU", "who": "IE", "at once": "PT"}[key]
    code = key.replace(" ", "-")
    return [
        keyed(PLAN, f"{key} plan", code=code, rank=100 + len(key) * 7 + ord(key[0])),
        keyed(RATE, f"{key} rate", country=country),
        keyed(COUPON, f"{key} coupon", code=code.upper()),
        keyed(ASKED, f"{key} edition", plan_id=PRO.plan.id),
    ]


async def test_l25_asking_again_under_the_same_key_is_answered_as_before_and_does_nothing(world: World) -> None:
    for command in every(world, "again"):
        first = await done(world, command)
        before = await world.billing_state()
        again = await done(world, command, april(20))
        assert again == CatalogDeed(first.subject_id, is_replay=True)
        assert changed(before, await world.billing_state()) == set()


async def test_a_key_is_not_used_for_another_input_or_another_deed(world: World) -> None:
    commands = every(world, "reuse")
    for command in commands:
        await done(world, command)
    before = await world.billing_state()
    plan, rate, coupon, edition = commands
    others = (
        keyed(plan, plan.idempotency_key, name="Another"),
        keyed(rate, rate.idempotency_key, percent=Decimal(21)),
        keyed(coupon, coupon.idempotency_key, periods=4),
        keyed(edition, edition.idempotency_key, features=()),
        keyed(rate, coupon.idempotency_key),
    )
    for command in others:
        assert isinstance(await do(world, command), KeyReused)
    assert changed(before, await world.billing_state()) == set()


@pytest.mark.parametrize("actor", [OWNER, staff(StaffRole.SUPPORT), staff(StaffRole.SYSTEM)], ids=str)
async def test_only_finance_writes_the_catalog(world: World, actor: Actor) -> None:
    before = await world.billing_state()
    for command in every(world, "who"):
        with pytest.raises(Forbidden):
            await do(world, command, actor=actor)
    assert changed(before, await world.billing_state()) == set()


async def test_l23_equal_requests_at_once_have_one_effect(world: World) -> None:
    for command in every(world, "at once"):
        outcomes = await asyncio.gather(*(done(world, command) for _ in range(4)))
        assert len({each.subject_id for each in outcomes}) == 1
        assert sorted(each.is_replay for each in outcomes) == [False, True, True, True]


async def test_l24_different_editions_at_once_are_numbered_one_after_the_other(world: World) -> None:
    asked = await a_plan(world, "raced", 54)
    prices = [tier(1, 0, unit_price=Decimal(f"{dollars}.00"))(asked) for dollars in range(1, 5)]
    await asyncio.gather(*(done(world, keyed(each, f"raced {at}")) for at, each in enumerate(prices)))
    found = await world.rows(
        "SELECT number, is_current FROM plan_versions WHERE plan_id = :plan ORDER BY number", plan=asked.plan_id
    )
    assert [tuple(each) for each in found] == [(1, False), (2, False), (3, False), (4, True)]
