"""What waits to be written: one statement a table for any number of rows, in an order that the constraints allow."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from db import audit
from db.engine import Database, Ran
from db.gather import LostUpdate
from db.tables import idempotency_keys, subscription_items, subscriptions
from domain.events import account_opened
from domain.ids import ItemId
from tests.make import PRO, april
from tests.stored import Customer, World, a_world


@pytest.fixture(scope="module")
async def world(database: Database) -> World:
    """The ladder of tests.make on sale."""
    return await a_world(database)


async def statements_of_writing(world: World, accounts: int) -> list[Ran]:
    """The statements of a unit that writes a key, an audit entry and two events for each of so many accounts."""
    customers = [await world.customer() for _ in range(accounts)]
    with world.database.recording() as ran:
        async with world.unit(april(1)) as unit:
            for who in customers:
                unit.insert(idempotency_keys, a_key(who, "k-1"))
                unit.emit(who.id, *(account_opened(who.account, april(day)) for day in (1, 2)))
                await unit.audit(audit.Entry(who.id, "account.look", "Account", who.id, april(1)))
    return ran


async def test_a_hundred_accounts_are_written_in_as_many_statements_as_one(world: World) -> None:
    one, many = [await statements_of_writing(world, accounts) for accounts in (1, 100)]
    assert [ran.sql for ran in one] == [ran.sql for ran in many]
    # the keys, the audit entries; the accounts' sequences, the aggregates' last numbers, the events
    assert len(one) == 5


async def test_what_is_queued_is_there_for_whoever_reads(world: World) -> None:
    who = await world.customer()
    async with world.unit(april(2)) as unit:
        unit.insert(idempotency_keys, a_key(who, "k-1"))
        found = await unit.session.scalar(
            select(func.count()).select_from(idempotency_keys).where(idempotency_keys.c.account_id == who.id)
        )
        assert found == 1


async def test_a_row_changed_before_it_was_written_is_written_changed(world: World) -> None:
    who = await world.customer()
    with world.database.recording() as ran:
        async with world.unit(april(2)) as unit:
            key = a_key(who, "k-2")
            unit.insert(idempotency_keys, key)
            unit.update(idempotency_keys, key, {"mutation": "another"})
    assert len(ran) == 1
    (row,) = await world.of(who, "idempotency_keys", "key")
    assert row.mutation == "another"


async def test_a_span_ends_before_the_next_begins(world: World) -> None:
    # written the other way round, the two would overlap for a moment and be refused
    who = await world.customer()
    await world.subscribe(who, PRO)
    (item,) = await world.of(who, "subscription_items", where="component = 'base'")
    async with world.unit(april(2)) as unit:
        opened = dict(item._mapping) | {"id": ItemId(unit.ids.new()), "valid_from": april(2)}
        unit.insert(subscription_items, opened)
        unit.update(subscription_items, dict(item._mapping), {"valid_until": april(2)})
    rows = await world.of(who, "subscription_items", "valid_from", "component = 'base'")
    assert [(row.valid_from, row.valid_until) for row in rows] == [(april(1), april(2)), (april(2), None)]


async def test_a_change_of_a_row_that_is_not_there_is_an_error_and_writes_nothing(world: World) -> None:
    who = await world.customer()
    with pytest.raises(LostUpdate):
        async with world.unit(april(2)) as unit:
            unit.insert(idempotency_keys, a_key(who, "k-3"))
            unit.update(subscription_items, {"account_id": who.id, "id": unit.ids.new()}, {"quantity": 2})
    assert await world.of(who, "idempotency_keys", "key") == []


async def test_a_row_that_does_not_say_whose_it_is_is_not_taken(world: World) -> None:
    async with world.unit(april(2)) as unit:
        with pytest.raises(KeyError):
            unit.insert(subscription_items, {"id": unit.ids.new()})
        with pytest.raises(KeyError):
            unit.update(subscription_items, {"id": unit.ids.new()}, {"quantity": 2})


async def test_numbers_of_several_changes_add_up(world: World) -> None:
    who = await world.customer()
    await world.subscribe(who, PRO)
    (row,) = await world.of(who, "subscriptions")
    async with world.unit(april(2)) as unit:
        for _ in range(3):
            unit.update(subscriptions, dict(row._mapping), {}, plus={"version": 1})
    assert (await world.of(who, "subscriptions"))[0].version == row.version + 3


async def test_entitlements_that_stay_are_not_written_again(world: World) -> None:
    who = await world.customer()
    await world.subscribe(who, PRO)
    with world.database.recording() as ran:
        await world.run_until(who, april(30) + timedelta(days=1))
    assert not [each.sql for each in ran if '"entitlements"' in each.sql and each.sql.startswith("DELETE")]
    kept = await world.of(who, "entitlements", where="feature_code = 'reports'")
    assert [(row.valid_from, row.valid_until) for row in kept] == [(april(1), None)]


def a_key(who: Customer, key: str) -> dict[str, object]:
    """A row of `idempotency_keys`."""
    return {
        "account_id": who.id,
        "key": key,
        "mutation": "none",
        "input_hash": "none",
        "outcome": {},
        "created_at": april(2),
    }
