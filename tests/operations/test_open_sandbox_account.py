"""A sandbox account stands on a clock of its own; its external id is the key."""

import asyncio
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from domain.actor import Actor, ActorKind, customer
from domain.commands import OpenSandboxAccount
from domain.errors import Forbidden, InvalidInput, NotFound
from domain.ids import UserId
from operations.accounts.open_sandbox_account import SandboxOpened, open_sandbox_account
from tests.make import PRO, april
from tests.operations.lives import SUPPORT, Lives
from tests.stored import Customer, World, changed

IN_2030 = datetime(2030, 1, 31, 12, 30, 15, 999, tzinfo=UTC)
SANDBOX = OpenSandboxAccount(
    external_id="proto-1", name="Prototype", currency="USD", zone="Europe/Paris", country="FR", clock_at=IN_2030,
    net_days=14,
)  # fmt: skip


async def opened(world: World, actor: Actor, **fields: object) -> SandboxOpened:
    async with world.unit(april(1), actor) as unit:
        return await open_sandbox_account(unit, replace(SANDBOX, **fields))  # type: ignore[arg-type]


async def test_a_customer_owns_the_sandbox_it_opens(world: World) -> None:
    lives, who = Lives(world), await world.customer()
    outcome = await opened(world, who.owner, external_id="owned")
    (row,) = await world.rows("SELECT * FROM accounts WHERE id = :id", id=outcome.account_id)
    assert (row.is_sandbox, row.clock_at, row.zone, row.country, row.net_days) == (
        True, IN_2030.replace(microsecond=0), "Europe/Paris", "FR", 14,
    )  # fmt: skip
    # the customer may do there what owners do, at the sandbox's own time
    sandbox = Customer(replace(who.account, id=outcome.account_id), who.owner, who.viewer)
    await lives.started(sandbox, PRO)
    subscription = await lives.subscription(sandbox)
    assert subscription.current_period_start == datetime(2030, 1, 30, 23, tzinfo=UTC)
    (invoice,) = await world.of(sandbox, "invoices")
    assert invoice.number.startswith("ACME-TEST-")


async def test_asked_twice_there_is_one(world: World) -> None:
    who = await world.customer()
    first = await opened(world, who.owner, external_id="twice")
    again = await opened(world, who.owner, external_id="twice", name="Another name")
    assert (first.is_replay, again.is_replay, again.account_id) == (False, True, first.account_id)
    staff = await opened(world, SUPPORT, external_id="by staff")
    assert await world.rows("SELECT 1 FROM memberships WHERE account_id = :id", id=staff.account_id) == []


async def test_l23_parallel_openings_have_one_effect(world: World) -> None:
    who = await world.customer()
    outcomes = await asyncio.gather(*(opened(world, who.owner, external_id="at once") for _ in range(8)))
    assert Counter(each.is_replay for each in outcomes) == {False: 1, True: 7}
    assert len({each.account_id for each in outcomes}) == 1


async def test_bad_input_names_its_field_and_writes_nothing(world: World) -> None:
    who, other = await world.customer(), await world.customer()
    await opened(world, other.owner, external_id="theirs")
    before = await world.billing_state()
    for field, named in (
        ("externalId", {"external_id": ""}),
        ("externalId", {"external_id": "theirs"}),
        ("externalId", {"external_id": who.account.name}),  # their own, but no sandbox
        ("name", {"name": ""}),
        ("currency", {"currency": "XXX"}),
        ("timeZone", {"zone": "Nowhere"}),
        ("country", {"country": "France"}),
        ("clockAt", {"clock_at": datetime(2030, 1, 1)}),
        ("netDays", {"net_days": -1}),
        ("email", {"email": "x"}),
    ):
        with pytest.raises(InvalidInput) as caught:
            await opened(world, who.owner, **{"external_id": "bad", **named})
        assert caught.value.path == (field,)
    with pytest.raises(Forbidden):
        await opened(world, Actor(ActorKind.GATEWAY), external_id="bad")
    with pytest.raises(NotFound):
        await opened(world, customer(UserId(world.ids.new())), external_id="bad")
    assert changed(before, await world.billing_state()) == set()
