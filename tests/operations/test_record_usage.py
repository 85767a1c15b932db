"""Usage: kept once, counted once, answered event by event (laws L26 to L29)."""

import asyncio
import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from db.queries.usage import counted, known_meters
from db.save.catalog import Meter, new_meter
from domain.actor import Actor
from domain.ids import AccountId, MeterId
from domain.invoicing.arrears import UsageWindow
from domain.periods import Period
from domain.usage import (
    CLOCK_SKEW,
    RETENTION,
    Aggregation,
    Measure,
    UsageEvent,
    UsageRejection,
    UsageResult,
    UsageStatus,
)
from operations.use.record_usage import record_usage
from tests.make import april
from tests.stored import SYSTEM, Customer, World

ACCEPTED, DUPLICATE, REJECTED = UsageStatus
NOW = april(16, 12)


def an_event(
    who: Customer, name: str = "evt-1", value: str = "1", meter: str = "emails", **changes: object
) -> UsageEvent:
    event = UsageEvent(who.id, "crm", name, april(10), (Measure(meter, Decimal(value)),))
    return replace(event, **changes)  # type: ignore[arg-type]


async def send(world: World, *events: UsageEvent, at: datetime = NOW, actor: Actor = SYSTEM) -> tuple[UsageResult, ...]:
    async with world.unit(at, actor) as unit:
        return await record_usage(unit, events)


async def figures(world: World, who: Customer) -> list[tuple[date, int, int, int]]:
    """(day, count, sum, max) of each counter."""
    rows = await world.of(who, "usage_counters", "day, meter_id")
    return [(row.day, row.count, int(row.sum), int(row.max)) for row in rows]


def statuses(results: Sequence[UsageResult]) -> list[UsageStatus]:
    return [result.status for result in results]


async def test_an_event_is_kept_and_counted(world: World) -> None:
    who = await world.customer()
    results = await send(world, an_event(who, value="40"), an_event(who, "evt-2", "2.5"))
    assert results == (UsageResult(0, ACCEPTED), UsageResult(1, ACCEPTED))
    (counter,) = await world.of(who, "usage_counters", "day")
    assert (counter.count, counter.sum, counter.max, counter.latest) == (2, Decimal("42.5"), 40, Decimal("2.5"))


async def test_a_retry_is_a_duplicate_and_counts_nothing(world: World) -> None:
    who = await world.customer()
    batch = [an_event(who, f"evt-{number}", "10") for number in range(5)]
    assert statuses(await send(world, *batch)) == [ACCEPTED] * 5
    assert statuses(await send(world, *batch)) == [DUPLICATE] * 5
    assert await figures(world, who) == [(date(2026, 4, 10), 5, 50, 10)]


async def test_an_event_twice_in_one_batch_counts_once(world: World) -> None:
    who = await world.customer()
    assert statuses(await send(world, an_event(who), an_event(who))) == [ACCEPTED, DUPLICATE]
    assert await figures(world, who) == [(date(2026, 4, 10), 1, 1, 1)]


async def test_one_instant_or_value_written_in_two_ways_is_one_content(world: World) -> None:
    from zoneinfo import ZoneInfo

    who = await world.customer()
    there = april(10).astimezone(ZoneInfo("Asia/Tokyo"))
    results = await send(world, an_event(who, value="1.0"), an_event(who, value="1.000000", occurred_at=there))
    assert statuses(results) == [ACCEPTED, DUPLICATE]


@pytest.mark.parametrize(
    ("says", "value", "meter", "occurred_at"),
    [
        ("another value", "2", "emails", april(10)),
        ("another meter", "1", "contacts", april(10)),
        ("another instant", "1", "emails", april(11)),
    ],
)
async def test_a_known_id_with_other_content_is_rejected_and_the_first_is_kept(
    world: World, says: str, value: str, meter: str, occurred_at: datetime
) -> None:
    who = await world.customer()
    first, other = an_event(who), an_event(who, value=value, meter=meter, occurred_at=occurred_at)
    reused = UsageResult(1, REJECTED, UsageRejection.ID_REUSED)
    assert (await send(world, first, other))[1] == reused, "within a batch"
    assert (await send(world, first, other))[1] == reused, "in another batch"
    assert (await send(world, other, first))[0] == replace(reused, index=0), "whatever its order"
    assert await figures(world, who) == [(date(2026, 4, 10), 1, 1, 1)], says


async def test_one_id_of_two_senders_or_two_accounts_names_two_events(world: World) -> None:
    who, other = await world.customer(), await world.customer()
    results = await send(world, an_event(who), an_event(who, source="erp"), an_event(other))
    assert statuses(results) == [ACCEPTED] * 3


async def test_l29_every_event_is_counted_once_or_rejected_with_a_reason(world: World) -> None:
    who = await world.customer()
    stranger = AccountId(world.ids.new())
    events = [
        an_event(who, "good"),
        an_event(who, "meter", meter="nothing we measure"),
        an_event(who, "account", account_id=stranger),
        an_event(who, "negative", "-1"),
        an_event(who, "early", occurred_at=NOW + CLOCK_SKEW + timedelta(microseconds=1)),
        an_event(who, "on time", occurred_at=NOW + CLOCK_SKEW),
        an_event(who, "late", occurred_at=NOW - RETENTION - timedelta(microseconds=1)),
        an_event(who, "just in time", occurred_at=NOW - RETENTION),
        an_event(who, "zero", "0"),
    ]
    results = await send(world, *events)
    assert [result.index for result in results] == list(range(len(events)))
    assert [result.rejection for result in results] == [
        None,
        UsageRejection.UNKNOWN_METER,
        UsageRejection.UNKNOWN_ACCOUNT,
        UsageRejection.NEGATIVE_VALUE,
        UsageRejection.IN_THE_FUTURE,
        None,
        UsageRejection.TOO_OLD,
        None,
        None,
    ]
    stored = {row.event_id for row in await world.of(who, "usage_events", "event_id")}
    assert stored == {"good", "on time", "just in time", "zero"}
    assert sum(count for _, count, _, _ in await figures(world, who)) == len(stored)


async def test_an_account_out_of_reach_is_unknown(world: World) -> None:
    who, stranger = await world.customer(), await world.customer()
    (result,) = await send(world, an_event(who), actor=stranger.owner)
    assert result.rejection is UsageRejection.UNKNOWN_ACCOUNT


async def test_the_accounts_own_clock_says_what_is_future(world: World) -> None:
    who = await world.customer(is_sandbox=True, clock_at=april(5))
    (result,) = await send(world, an_event(who), at=datetime(2031, 1, 1, tzinfo=UTC))
    assert result.rejection is UsageRejection.IN_THE_FUTURE


async def test_an_event_counts_on_the_accounts_local_day(world: World) -> None:
    who = await world.customer(zone="Asia/Tokyo")
    await send(world, an_event(who, occurred_at=april(10, 14, 59)), an_event(who, "evt-2", occurred_at=april(10, 15)))
    assert [day for day, *_ in await figures(world, who)] == [date(2026, 4, 10), date(2026, 4, 11)]


async def test_l27_the_order_of_arrival_never_shows(world: World) -> None:
    chance = random.Random(27)
    script = [
        ("emails" if number % 2 else "contacts", f"evt-{number:02}", str(chance.randint(0, 90)),
         april(chance.randint(1, 3), chance.choice([6, 12])))
        for number in range(30)
    ]  # fmt: skip
    seen = []
    for order in range(3):
        who = await world.customer()
        events = [
            an_event(who, name, value, meter=meter, occurred_at=occurred_at)
            for meter, name, value, occurred_at in script
        ]
        sent = [*events, *chance.sample(events, 10)]  # some of them twice
        if order:
            chance.shuffle(sent)
        while sent:
            size = chance.randint(1, 9)
            await send(world, *sent[:size])
            sent = sent[size:]
        counters = await world.of(who, "usage_counters", "meter_id, day")
        seen.append([{**row._mapping, "account_id": None} for row in counters])
    assert seen[0] == seen[1] == seen[2]
    # and what is latest is what Python finds: the greatest (instant, source, id) of a meter's day
    latest = max(
        (each for each in script if each[0] == "contacts" and each[3].day == 1), key=lambda each: (each[3], each[1])
    )
    assert (Decimal(latest[2]), latest[1]) in {(row["latest"], row["latest_event_id"]) for row in seen[0]}


async def test_l26_a_failed_batch_uses_up_no_id(world: World) -> None:
    who = await world.customer()
    with pytest.raises(RuntimeError, match="power cut"):
        async with world.unit(NOW) as unit:
            assert statuses(await record_usage(unit, [an_event(who)])) == [ACCEPTED]
            raise RuntimeError("power cut")
    assert statuses(await send(world, an_event(who))) == [ACCEPTED]
    assert await figures(world, who) == [(date(2026, 4, 10), 1, 1, 1)]


async def test_l27_equal_batches_in_parallel_are_counted_once_and_overlapping_ones_never_deadlock(
    world: World,
) -> None:
    one, two = await world.customer(), await world.customer()
    events = [an_event(who, f"evt-{number:03}", "3") for who in (one, two) for number in range(60)]
    batches = [events[start : start + 60] for start in (0, 30, 60)] * 2
    for batch in batches[3:]:
        batch.reverse()
    results = await asyncio.gather(*(send(world, *batch) for batch in batches))
    accepted = sum(statuses(result).count(ACCEPTED) for result in results)
    assert accepted == len({(event.account_id, event.id) for batch in batches for event in batch}) == 120
    assert await figures(world, one) == await figures(world, two) == [(date(2026, 4, 10), 60, 180, 3)]


async def test_l28_adding_events_never_lowers_count_sum_or_max(world: World) -> None:
    who, before = await world.customer(), (0, 0, 0)
    for number, value in enumerate(("5", "0", "9", "9", "2")):
        await send(world, an_event(who, f"evt-{number}", value))
        ((_, *now),) = await figures(world, who)
        assert all(new >= old for new, old in zip(now, before, strict=True))
        before = (now[0], now[1], now[2])


async def test_an_event_is_received_at_the_accounts_own_time(world: World) -> None:
    # what is late is told by it: an account on a standing clock is billed by that clock, whatever the real time is
    who = await world.customer(is_sandbox=True, clock_at=april(20))
    await send(world, an_event(who, "evt-1", "5"))
    assert [row.received_at for row in await world.of(who, "usage_events", "event_id")] == [april(20)]


async def test_an_empty_batch_has_an_empty_answer(world: World) -> None:
    assert await send(world) == ()


async def test_a_batch_is_four_statements_whatever_its_size(world: World) -> None:
    who = await world.customer()
    counts = []
    for size in (1, 200):
        with world.database.recording() as ran:
            await send(world, *(an_event(who, f"{size}-{number}") for number in range(size)))
            counts.append(len([each for each in ran if each.sql.lstrip()[:4] in ("SELE", "WITH", "INSE", "UPDA")]))
    assert counts[0] == counts[1] <= 4


def a_window(meter_id: MeterId, aggregation: Aggregation, span: Period) -> UsageWindow:
    """A span of which only the count is asked: neither sold nor priced."""
    nothing: Any = None
    return UsageWindow(nothing, nothing, nothing, meter_id, aggregation, span)


async def a_meter(world: World, aggregation: Aggregation, dimensions: tuple[str, ...] = ()) -> str:
    """A new meter; its code."""
    code = f"meter-{world.ids.new().hex}"
    async with world.unit(NOW) as unit:
        await new_meter(unit, Meter(MeterId(world.ids.new()), code, code, "unit", aggregation, dimensions=dimensions))
    return code


async def test_what_is_unique_is_counted_once_over_days(world: World) -> None:
    who, visitors = await world.customer(), await a_meter(world, Aggregation.UNIQUE)
    seen = [("10", "ann"), ("10", "ann"), ("10", "bob"), ("11", "ann"), ("12", "eve")]
    sent = [
        an_event(who, f"evt-{place}", occurred_at=april(int(day)), measures=(Measure(visitors, Decimal(1), name),))
        for place, (day, name) in enumerate(seen)
    ]
    assert statuses(await send(world, *sent)) == [ACCEPTED] * 5
    (nobody,) = await send(world, an_event(who, "evt-9", measures=(Measure(visitors, Decimal(1)),)))
    assert nobody.rejection is UsageRejection.NO_VALUE
    rows = await world.of(who, "usage_texts", "day, text_value")
    assert [(row.day.day, row.text_value) for row in rows] == [(10, "ann"), (10, "bob"), (11, "ann"), (12, "eve")]
    async with world.unit(NOW) as unit:
        (meter,) = [each for code, each in (await known_meters(unit.session)).items() if code == visitors]
        days = Period(april(10), april(12)), Period(april(11), april(13)), Period(april(13), april(14))
        windows = [(who.id, a_window(meter.id, Aggregation.UNIQUE, each)) for each in days]
        assert await counted(unit.session, unit.scope, windows) == [2, 2, 0]


async def test_a_figure_is_told_apart_by_the_dimensions_of_its_meter(world: World) -> None:
    who, tokens = await world.customer(), await a_meter(world, Aggregation.SUM, ("model", "kind"))
    said: list[tuple[int, tuple[tuple[str, str], ...]]] = [
        (5, (("kind", "in"), ("model", "a"))),
        (7, (("model", "a"), ("kind", "out"))),
        (1, (("model", "b"),)),
    ]
    sent = [
        an_event(who, f"evt-{place}", measures=(Measure(tokens, Decimal(value), dimensions=apart),))
        for place, (value, apart) in enumerate(said)
    ]
    assert statuses(await send(world, *sent)) == [ACCEPTED] * 3
    assert statuses(await send(world, *sent)) == [DUPLICATE] * 3, "in whatever order they were said"
    rows = await world.of(who, "usage_dimension_days", "dimension, value")
    assert [(row.dimension, row.value, row.count, int(row.sum)) for row in rows] == [
        ("kind", "in", 1, 5),
        ("kind", "out", 1, 7),
        ("model", "a", 2, 12),
        ("model", "b", 1, 1),
    ]
    (unknown,) = await send(
        world, an_event(who, "evt-9", measures=(Measure(tokens, Decimal(1), dimensions=(("colour", "red"),)),))
    )
    assert unknown.rejection is UsageRejection.UNKNOWN_DIMENSION


async def test_one_event_is_counted_by_several_meters_and_is_still_one(world: World) -> None:
    who, calls, tokens = (
        await world.customer(),
        await a_meter(world, Aggregation.COUNT),
        await a_meter(world, Aggregation.SUM),
    )
    event = an_event(who, measures=(Measure(calls, Decimal(1)), Measure(tokens, Decimal(40))))
    assert statuses(await send(world, event, event)) == [ACCEPTED, DUPLICATE]
    assert {(row.count, int(row.sum)) for row in await world.of(who, "usage_counters", "meter_id")} == {(1, 1), (1, 40)}
    newer = replace(event, measures=(*event.measures, Measure("emails", Decimal(3))))
    assert statuses(await send(world, newer)) == [DUPLICATE], "a meter that looks at it only now"
    other = replace(event, measures=(Measure(calls, Decimal(1)), Measure(tokens, Decimal(41))))
    assert (await send(world, other))[0].rejection is UsageRejection.ID_REUSED
