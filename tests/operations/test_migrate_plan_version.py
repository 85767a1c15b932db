"""Moving a cohort to another version of its plan: shown, announced, called off; a few statements for any number."""

import asyncio
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import event

from domain.actor import Actor
from domain.catalog import PlanVersion, Segment
from domain.commands import CancelMigration, MigratePlanVersion, PreviewMigration
from domain.errors import Forbidden, InvalidInput, NotFound
from domain.ids import MigrationId, PlanId, PlanVersionId
from operations.asking import KeyReused
from operations.catalog.cancel_migration import MigrationCancelled, cancel_migration
from operations.catalog.migrate_plan_version import MigrationAnnounced, migrate_plan_version
from operations.catalog.preview_migration import MigrationPreview, preview_migration
from tests.make import YEAR, april, usd
from tests.operations.lives import FINANCE, SUPPORT, Lives
from tests.stored import World, changed, dearer

IN_A_YEAR = datetime(2027, 4, 1, tzinfo=UTC)
JUNE = datetime(2026, 6, 1, tzinfo=UTC)


async def shown(world: World, plan: PlanVersion, actor: Actor = FINANCE, **fields: Any) -> MigrationPreview:
    async with world.unit(april(10), actor) as unit:
        return await preview_migration(unit, PreviewMigration(plan.plan.id, **fields))


async def announced(
    world: World, plan: PlanVersion, *, key: str | None = None, actor: Actor = FINANCE, **fields: Any
) -> MigrationAnnounced | KeyReused:
    command = MigratePlanVersion(plan.plan.id, "Prices of 2026.", key or world.ids.new().hex, **fields)
    async with world.unit(april(10), actor) as unit:
        return await migrate_plan_version(unit, command)


async def called_off(world: World, migration_id: MigrationId, key: str) -> MigrationCancelled | KeyReused:
    async with world.unit(april(11), FINANCE) as unit:
        return await cancel_migration(unit, CancelMigration(migration_id, "Not this year.", key))


async def test_each_is_moved_at_its_first_boundary_after_notice_and_never_in_a_commitment(world: World) -> None:
    pro = (await world.ladder())["pro"]
    monthly, yearly, bound, ending = [await world.customer() for _ in range(4)]
    await world.subscribe(monthly, pro, seats=3)
    await world.subscribe(yearly, pro, interval=YEAR)
    await world.subscribe(bound, pro, months=12)
    lives = Lives(world)
    await lives.cancel(ending, await world.subscribe(ending, pro), april(5))
    await world.publish(dearer(pro), at=april(6))
    preview = await shown(world, pro)
    # 30 days from 10 April is 10 May
    assert (preview.subscriptions, preview.staying) == (3, 1)
    assert (preview.first_at, preview.last_at) == (JUNE, IN_A_YEAR)
    # by the month 100.00 + 3 × 25.00 and 100.00 + 25.00, times seven; by the year 1000.00 + 250.00
    assert [(each.interval.value, each.subscriptions, each.before, each.after) for each in preview.money] == [
        ("MONTH", 2, usd("300.00"), usd("2100.00")),
        ("YEAR", 1, usd("1250.00"), usd("8750.00")),
    ]
    assert [(each.account.id, each.before) for each in preview.sample] == [
        (yearly.id, usd("1250.00")), (monthly.id, usd("175.00")), (bound.id, usd("125.00")),
    ]  # fmt: skip
    outcome = await announced(world, pro)
    assert isinstance(outcome, MigrationAnnounced)
    assert (outcome.subscriptions, outcome.is_replay) == (3, False)
    for who, effective_at in ((monthly, JUNE), (yearly, IN_A_YEAR), (bound, IN_A_YEAR)):
        (move,) = await world.of(who, "subscription_migrations")
        assert (move.status, move.effective_at, move.announced_at) == ("SCHEDULED", effective_at, april(10))
        (told,) = await world.of(who, "outbox_events", where="type = 'subscription.migration_announced'")
        assert f'"effectiveAt":"{effective_at.isoformat()}"' in told.data
    assert (
        '"beforeMinor":17500,"afterMinor":122500'
        in (await world.of(monthly, "outbox_events", where="type = 'subscription.migration_announced'"))[0].data
    )
    assert await world.of(ending, "subscription_migrations") == []


async def test_a_preview_writes_nothing_and_a_segment_is_a_cohort(world: World) -> None:
    pro = (await world.ladder())["pro"]
    small, large = await world.customer(), await world.customer(segment=Segment.ENTERPRISE)
    await world.subscribe(small, pro)
    await world.subscribe(large, pro)
    new = dearer(pro)
    await world.publish(new, at=april(6))
    before = await world.billing_state()
    for segment, count in ((None, 2), (Segment.SMB, 1), (Segment.ENTERPRISE, 1)):
        assert (await shown(world, pro, segment=segment)).subscriptions == count
    assert (await shown(world, pro, to_version_id=pro.id)).subscriptions == 0  # nobody is moved back
    with pytest.raises(NotFound):
        await shown(world, pro, to_version_id=PlanVersionId(world.ids.new()))
    with pytest.raises(NotFound):
        await shown(world, replace(pro, plan=replace(pro.plan, id=PlanId(world.ids.new()))))
    with pytest.raises(InvalidInput) as caught:
        await shown(world, pro, notice_days=-1)
    assert caught.value.path == ("noticeDays",)
    for actor in (SUPPORT, small.owner):
        with pytest.raises(Forbidden):
            await shown(world, pro, actor)
        with pytest.raises(Forbidden):
            await announced(world, pro, actor=actor)
    assert changed(before, await world.billing_state()) == set()


async def test_called_off_nobody_waits_for_it(world: World) -> None:
    pro = (await world.ladder())["pro"]
    who = await world.customer()
    await world.subscribe(who, pro)
    await world.publish(dearer(pro), at=april(6))
    outcome = await announced(world, pro)
    assert isinstance(outcome, MigrationAnnounced)
    off = await called_off(world, outcome.migration_id, "off")
    assert off == MigrationCancelled(outcome.migration_id, is_replay=False, subscriptions=1)
    again = await called_off(world, outcome.migration_id, "off")
    assert again == MigrationCancelled(outcome.migration_id, is_replay=True)
    (move,) = await world.of(who, "subscription_migrations")
    assert move.status == "CANCELLED"
    (told,) = await world.of(who, "outbox_events", where="type = 'subscription.migration_cancelled'")
    assert told.occurred_at == april(11)


async def test_a_later_migration_takes_the_place_of_one_that_waits(world: World) -> None:
    pro = (await world.ladder())["pro"]
    who = await world.customer()
    await world.subscribe(who, pro)
    second = dearer(pro)
    await world.publish(second, dearer(second), at=april(6))
    await announced(world, pro, to_version_id=second.id)
    await announced(world, pro)
    moves = await world.of(who, "subscription_migrations", "id")
    assert Counter(move.status for move in moves) == {"CANCELLED": 1, "SCHEDULED": 1}
    (waiting,) = [move for move in moves if move.status == "SCHEDULED"]
    assert waiting.to_plan_version_id == dearer(second).id


async def test_an_end_takes_the_move_with_it(world: World) -> None:
    lives, who = Lives(world), await world.customer()
    pro = (await world.ladder())["pro"]
    subscription = await world.subscribe(who, pro)
    await world.publish(dearer(pro), at=april(6))
    await announced(world, pro)
    await lives.cancel(who, subscription, april(20), is_immediate=True)
    (move,) = await world.of(who, "subscription_migrations")
    assert move.status == "CANCELLED"


async def test_l23_equal_parallel_announcements_have_one_effect(world: World) -> None:
    pro = (await world.ladder())["pro"]
    who = await world.customer()
    await world.subscribe(who, pro)
    await world.publish(dearer(pro), at=april(6))
    outcomes = await asyncio.gather(*(announced(world, pro, key="once") for _ in range(6)))
    assert Counter(each.is_replay for each in outcomes if isinstance(each, MigrationAnnounced)) == {False: 1, True: 5}
    assert len(await world.of(who, "subscription_migrations")) == 1
    assert isinstance(await announced(world, pro, key="once", notice_days=1), KeyReused)


async def test_a_cohort_of_any_size_is_as_many_statements(world: World) -> None:
    counts = []
    for size in (1, 12):
        pro = (await world.ladder())["pro"]
        for _ in range(size):
            await world.subscribe(await world.customer(), pro)
        await world.publish(dearer(pro), at=april(6))
        counts.append(await _statements(world, pro))
    assert counts[0] == counts[1]


async def _statements(world: World, plan: PlanVersion) -> int:
    """How many statements an announcement is."""
    seen: list[str] = []

    def note(connection: object, cursor: object, statement: str, *rest: object) -> None:
        seen.append(statement)

    engine = world.database._engine.sync_engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        await announced(world, plan)
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return len(seen)
