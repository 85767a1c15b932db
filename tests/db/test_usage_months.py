"""Usage lies by the month, and is kept as long as anybody may still be billed for it."""

import asyncio
import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import text

from db import usage_months
from db.engine import Database
from db.usage_months import MonthsOnFile, Tended, kept_since, months_on_file, tend_months
from domain.usage import Measure, UsageEvent, UsageRejection, UsageStatus
from domain.usage_months import Month
from operations.use.record_usage import record_usage
from tests.stored import Customer, World, a_world

NOW = datetime(2026, 11, 22, tzinfo=UTC)
"""Events are kept for 800 days: since 13 September 2024."""
MONTHS = 29
"""September 2024 to January 2027: 4 + 12 + 12 + 1."""
OLD = datetime(2024, 9, 20, tzinfo=UTC)
LATER = datetime(2026, 12, 10, tzinfo=UTC)
"""800 days after 1 October 2024: all of September 2024 may go."""
ACCEPTED, DUPLICATE, REJECTED = UsageStatus


@pytest.fixture
async def world(fresh_database: Database) -> World:
    """A world of this test's own: months are every account's."""
    return await a_world(fresh_database)


async def send(world: World, who: Customer, name: str, occurred_at: datetime, at: datetime) -> UsageStatus:
    """What becomes of an event of one e-mail that comes in at an instant."""
    event = UsageEvent(who.id, "crm", name, occurred_at, (Measure("emails", Decimal(1)),))
    async with world.unit(at) as unit:
        (result,) = await record_usage(unit, [event])
    assert result.rejection in (None, UsageRejection.TOO_OLD)
    return result.status


async def places(world: World) -> dict[str, str]:
    """Which table each event lies in."""
    rows = await world.rows("SELECT event_id, tableoid::regclass::text AS place FROM usage_events ORDER BY event_id")
    return {row.event_id: row.place for row in rows}


async def count(world: World, table: str) -> int:
    (row,) = await world.rows(f"SELECT count(*) AS rows FROM {table}")
    return int(row.rows)


async def on_file(world: World) -> MonthsOnFile:
    async with world.database.snapshot() as session:
        return await months_on_file(session)


async def test_months_are_made_once_from_the_oldest_kept_to_two_ahead(world: World) -> None:
    assert await tend_months(world.database, NOW) == Tended(made=MONTHS, is_done=True)
    found = await on_file(world)
    assert (found.attached[0], found.attached[-1], len(found.attached)) == (Month(2024, 9), Month(2027, 1), MONTHS)
    assert await tend_months(world.database, NOW) == Tended(is_done=True)
    assert await on_file(world) == found
    # another year later: twelve more ahead, and the twelve oldest are gone
    assert await tend_months(world.database, NOW.replace(year=2027)) == Tended(made=12, dropped=12, is_done=True)


async def test_an_event_lies_in_its_month_and_those_before_the_months_move_there(world: World) -> None:
    who = await world.customer()
    first, last = datetime(2026, 10, 1, tzinfo=UTC), datetime(2026, 11, 1, tzinfo=UTC) - timedelta(microseconds=1)
    for name, at in (("first", first), ("last", last)):
        assert await send(world, who, name, at, NOW) is ACCEPTED
    assert set((await places(world)).values()) == {"usage_events_default"}
    await tend_months(world.database, NOW)
    assert await send(world, who, "now", NOW, NOW) is ACCEPTED
    assert await places(world) == {
        "first": "usage_events_y2026m10",
        "last": "usage_events_y2026m10",
        "now": "usage_events_y2026m11",
    }
    # what has moved is what it was
    assert await send(world, who, "first", first, NOW) is DUPLICATE


async def test_a_month_that_is_past_goes_with_its_keys_and_its_counters_stay(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(usage_months, "PAGES_AT_ONCE", 1)
    who = await world.customer()
    await tend_months(world.database, NOW)
    async with world.unit(OLD) as unit:
        measures = (Measure("emails", Decimal(1)), Measure("contacts", Decimal(5)))
        many = [
            UsageEvent(who.id, "crm", f"old-{number:03}", OLD - timedelta(days=number % 5), measures)
            for number in range(200)
        ]
        assert {each.status for each in await record_usage(unit, many)} == {ACCEPTED}
    assert await send(world, who, "october", datetime(2024, 10, 1, tzinfo=UTC), datetime(2024, 10, 1, tzinfo=UTC))
    counters = await world.rows("SELECT day, count FROM usage_counters ORDER BY meter_id, day")
    assert await count(world, "usage_late") == 4
    assert await tend_months(world.database, LATER - timedelta(seconds=1)) == Tended(made=1, is_done=True)
    assert await tend_months(world.database, LATER) == Tended(dropped=1, forgotten=400, is_done=True)
    assert await places(world) == {"october": "usage_events_y2024m10"}
    assert [row.event_id for row in await world.rows("SELECT event_id FROM usage_keys")] == ["october"]
    assert await count(world, "usage_late") == 0
    assert await world.rows("SELECT day, count FROM usage_counters ORDER BY meter_id, day") == counters
    assert await world.rows("SELECT 1 FROM pg_class WHERE relname = 'usage_events_y2024m09'") == []
    # what is dropped is not counted again: it is too old long before
    assert await send(world, who, "old-000", OLD, LATER) is REJECTED
    assert await world.rows("SELECT day, count FROM usage_counters ORDER BY meter_id, day") == counters


async def test_a_key_that_is_anothers_by_now_stays(world: World) -> None:
    who = await world.customer()
    await tend_months(world.database, NOW)
    await send(world, who, "again", OLD, OLD)
    async with world.database.write() as session:
        # as if its key had gone with half of the month, and its id had been used again
        await session.execute(text("UPDATE usage_keys SET occurred_at = '2026-12-01'"))
    await tend_months(world.database, LATER)
    assert (await count(world, "usage_events"), await count(world, "usage_keys")) == (0, 1)


async def test_what_is_past_and_in_no_month_goes_in_batches(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(usage_months, "ROWS_AT_ONCE", 3)
    who, past = await world.customer(), datetime(2020, 1, 1, tzinfo=UTC)
    for number in range(7):
        await send(world, who, f"past-{number}", past, past)
    assert await tend_months(world.database, NOW) == Tended(made=MONTHS, forgotten=7, is_done=True)
    assert [await count(world, each) for each in ("usage_events", "usage_keys", "usage_late")] == [0, 0, 0]
    assert await count(world, "usage_counters") == 1


async def test_accounts_on_clocks_ahead_and_behind_keep_what_is_theirs(world: World) -> None:
    """By its own clock of 1 October 2024 September is last month: it stays when the others' goes, in no month."""
    ahead_at = datetime(2040, 1, 1, tzinfo=UTC)
    behind_at = datetime(2024, 10, 1, tzinfo=UTC)
    ahead = await world.customer(is_sandbox=True, clock_at=ahead_at)
    behind = await world.customer(is_sandbox=True, clock_at=behind_at)
    real = await world.customer()
    await tend_months(world.database, NOW)
    await send(world, ahead, "ahead", ahead_at, NOW)
    await send(world, behind, "behind", OLD, NOW)
    await send(world, real, "real", OLD, OLD)
    assert await tend_months(world.database, LATER) == Tended(made=1, dropped=1, forgotten=1, is_done=True)
    assert await places(world) == {"ahead": "usage_events_default", "behind": "usage_events_default"}
    assert await send(world, behind, "behind", OLD, LATER) is DUPLICATE
    assert await send(world, behind, "behind too", OLD, LATER) is ACCEPTED
    # 800 days on by its own clock it is past for this one as well
    async with world.database.write() as session:
        clock = text("UPDATE accounts SET clock_at = '2026-12-10' WHERE id = :id")
        await session.execute(clock, {"id": behind.id})
    assert await tend_months(world.database, LATER) == Tended(forgotten=2, is_done=True)
    assert await places(world) == {"ahead": "usage_events_default"}


async def test_since_when_all_is_kept() -> None:
    """None has been dropped without months; who lives behind real time has kept what its own clock keeps."""
    assert kept_since(MonthsOnFile((), (), 0), None) is None
    found = MonthsOnFile((Month(2024, 9), Month(2024, 10)), (), 0)
    assert kept_since(found, None) == datetime(2024, 9, 1, tzinfo=UTC)
    assert kept_since(found, NOW.replace(year=2040)) == datetime(2024, 9, 1, tzinfo=UTC)
    assert kept_since(found, OLD) == OLD - timedelta(days=800)


async def test_runners_at_once_make_and_drop_each_month_once(world: World) -> None:
    async def together(at: datetime) -> Sequence[Tended]:
        return await asyncio.gather(*(tend_months(world.database, at) for _ in range(3)))

    who = await world.customer()
    await send(world, who, "moves", OLD, OLD)
    ran = await together(NOW)
    assert (sum(each.made for each in ran), all(each.is_done for each in ran)) == (MONTHS, True)
    assert await places(world) == {"moves": "usage_events_y2024m09"}
    ran = await together(LATER)
    assert (sum(each.made for each in ran), sum(each.dropped for each in ran)) == (1, 1)
    assert [await count(world, each) for each in ("usage_events", "usage_keys")] == [0, 0]
    assert len((await on_file(world)).attached) == MONTHS


async def test_a_month_waits_for_whoever_writes_and_not_the_other_way(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(usage_months, "LOCK_TIMEOUT_S", 0.01)
    who = await world.customer()
    event = UsageEvent(who.id, "crm", "held", NOW, (Measure("emails", Decimal(1)),))
    async with world.unit(NOW) as unit:
        await record_usage(unit, [event])
        assert await tend_months(world.database, NOW) == Tended(is_done=False)
    assert await on_file(world) == MonthsOnFile((), (), 0)
    assert await tend_months(world.database, NOW) == Tended(made=MONTHS, is_done=True)
    assert await places(world) == {"held": "usage_events_y2026m11"}


async def test_a_run_that_is_told_to_stop_leaves_the_rest_to_the_next(world: World) -> None:
    answers = iter([False, False, True, True, True, True])
    assert await tend_months(world.database, NOW, lambda: next(answers)) == Tended(made=2, is_done=False)
    assert await tend_months(world.database, NOW) == Tended(made=MONTHS - 2, is_done=True)


async def test_a_month_is_looked_for_in_its_own_partition_alone(world: World) -> None:
    await tend_months(world.database, NOW)
    who = await world.customer()
    await send(world, who, "here", NOW, NOW)
    asked = (
        "EXPLAIN SELECT sum(value) FROM usage_events WHERE account_id = :who "
        "AND occurred_at >= '2026-11-01Z' AND occurred_at < '2026-12-01Z'"
    )
    plan = " ".join(str(row[0]) for row in await world.rows(asked, who=who.id))
    assert set(re.findall("usage_events_(?:y[0-9]{4}m[0-9]{2}|default)", plan)) == {"usage_events_y2026m11"}
