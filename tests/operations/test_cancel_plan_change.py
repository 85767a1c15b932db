"""Taking back a scheduled change before its day."""

import asyncio
from collections import Counter
from datetime import datetime

import pytest

from domain.actor import Actor, StaffRole, staff
from domain.commands import CancelPlanChange
from domain.errors import Forbidden, NotFound
from domain.ids import PlanChangeId
from domain.plan_change.verdict import PlanChangeStatus
from operations.asking import KeyReused, NotNow
from operations.changes.cancel_plan_change import ChangeCancelled, cancel_plan_change
from tests.make import APRIL, FREE, PRO, SCALE, STARTER, april
from tests.stored import Customer, World, changed


async def cancel(
    world: World,
    who: Customer,
    change: PlanChangeId,
    key: str | None = None,
    actor: Actor | None = None,
    at: datetime | None = None,
) -> ChangeCancelled | NotNow | KeyReused:
    async with world.unit(at or april(20), actor or who.owner) as unit:
        return await cancel_plan_change(unit, CancelPlanChange(change, key or world.ids.new().hex))


async def scheduled(world: World, who: Customer) -> PlanChangeId:
    subscription = await world.subscribe(who, PRO)
    return (await world.change(who, subscription, STARTER)).change.id


def not_scheduled(status: PlanChangeStatus) -> NotNow:
    return NotNow("NOT_SCHEDULED", status, "This change is not waiting for its day.")


async def test_a_cancelled_change_is_not_taken(world: World) -> None:
    who = await world.customer()
    change = await scheduled(world, who)
    assert await cancel(world, who, change) == ChangeCancelled(change, is_replay=False)
    await world.run_until(who, APRIL.end)
    (row,) = await world.of(who, "subscriptions")
    assert row.plan_id == PRO.plan.id
    assert (await world.of(who, "plan_changes"))[0].status == PlanChangeStatus.CANCELLED
    (event,) = await world.of(who, "outbox_events", where="type = 'plan_change.cancelled'")
    assert event.aggregate_id == change
    assert await world.of(who, "audit_entries", where="action = 'plan_change.cancel'")


async def test_after_a_cancellation_another_change_may_wait(world: World) -> None:
    who = await world.customer()
    await cancel(world, who, await scheduled(world, who))
    (row,) = await world.of(who, "subscriptions")
    await world.change(who, row.id, FREE, april(21))
    assert sorted(each.status for each in await world.of(who, "plan_changes")) == ["CANCELLED", "SCHEDULED"]


async def test_l23_equal_parallel_cancellations_have_one_effect(world: World) -> None:
    who = await world.customer()
    change = await scheduled(world, who)
    outcomes = await asyncio.gather(*(cancel(world, who, change, "once") for _ in range(10)))
    assert Counter(getattr(outcome, "is_replay", None) for outcome in outcomes) == {False: 1, True: 9}
    assert len(await world.of(who, "outbox_events", where="type = 'plan_change.cancelled'")) == 1


async def test_what_does_not_wait_cannot_be_cancelled(world: World) -> None:
    who = await world.customer()
    subscription = await world.subscribe(who, PRO)
    applied = await world.change(who, subscription, SCALE)
    before = await world.billing_state()
    assert await cancel(world, who, applied.change.id) == not_scheduled(PlanChangeStatus.APPLIED)
    assert changed(before, await world.billing_state()) == set()


async def test_a_change_whose_day_has_come_is_the_renewals_however_late_that_runs(world: World) -> None:
    who = await world.customer()
    change = await scheduled(world, who)
    assert await cancel(world, who, change, at=APRIL.end) == not_scheduled(PlanChangeStatus.SCHEDULED)
    await world.run_until(who, APRIL.end)
    (row,) = await world.of(who, "subscriptions")
    assert row.plan_id == STARTER.plan.id


async def test_a_key_of_another_mutation_is_not_reused(world: World) -> None:
    who = await world.customer()
    change = await scheduled(world, who)
    (row,) = await world.of(who, "idempotency_keys", "key")
    assert await cancel(world, who, change, row.key) == KeyReused()


async def test_viewers_look_and_strangers_do_not_see(world: World) -> None:
    who, stranger = await world.customer(), await world.customer()
    change = await scheduled(world, who)
    with pytest.raises(Forbidden):
        await cancel(world, who, change, actor=who.viewer)
    with pytest.raises(NotFound):
        await cancel(world, who, change, actor=stranger.owner)
    with pytest.raises(NotFound):
        await cancel(world, who, PlanChangeId(world.ids.new()))


async def test_staff_cancel_nothing_also_where_they_are_a_member_themselves(world: World) -> None:
    who = await world.customer()
    change = await scheduled(world, who)
    with pytest.raises(Forbidden):
        await cancel(world, who, change, actor=staff(StaffRole.SUPPORT, who.owner.user_id))
