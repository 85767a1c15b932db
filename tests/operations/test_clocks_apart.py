"""Two requests of one account by machines whose clocks are a second apart: whoever waited counts from the other's."""

from datetime import timedelta

import pytest

from domain.commands import Cancel, Pause, Turn
from domain.plan_change.verdict import PlanChangeStatus
from operations.changes.change_plan import Accepted
from tests.make import MID_APRIL, PRO, SCALE, STARTER
from tests.operations.lives import Lives
from tests.stored import World

A_SECOND = timedelta(seconds=1)


async def test_a_change_asked_for_before_the_last_one_is_priced_after_it(world: World) -> None:
    who = await world.customer()
    subscription = await world.subscribe(who, STARTER)
    first = await world.change(who, subscription, PRO, MID_APRIL)
    second = await world.change(who, subscription, SCALE, MID_APRIL - A_SECOND)
    assert [each.change.status for each in (first, second)] == [PlanChangeStatus.APPLIED] * 2
    items = await world.of(who, "subscription_items")
    assert all(item.valid_until is None or item.valid_from <= item.valid_until for item in items)
    # Pro was had for no time at all: what it was charged comes back whole
    notes = await world.of(who, "invoice_lines", where="kind = 'PRORATION_CREDIT'")
    charged = await world.of(who, "invoice_lines", where="kind = 'PRORATION_CHARGE'")
    pro = {line.id: line.amount_minor for line in charged if line.plan_version_id == PRO.id}
    given_back = {line.credited_line_id: line.amount_minor for line in notes if line.credited_line_id in pro}
    assert given_back == {line_id: -amount for line_id, amount in pro.items()}
    assert pro


@pytest.mark.parametrize("turn", [Cancel(is_immediate=True), Pause()], ids=["an end", "a pause"])
async def test_a_turn_asked_for_before_the_last_change_is_of_its_instant(world: World, turn: Turn) -> None:
    who = await world.customer()
    subscription = await world.subscribe(who, STARTER)
    await world.change(who, subscription, PRO, MID_APRIL)
    lives = Lives(world)
    earlier = MID_APRIL - A_SECOND
    if isinstance(turn, Cancel):
        await lives.cancel(who, subscription, earlier, is_immediate=True)
    else:
        await lives.pause(who, subscription, earlier)
    (row,) = await world.of(who, "subscriptions")
    assert (row.ended_at or row.paused_at) == MID_APRIL


async def test_a_quote_is_taken_by_a_machine_that_is_behind_the_one_that_gave_it(world: World) -> None:
    who = await world.customer()
    subscription = await world.subscribe(who, STARTER)
    shown = await world.preview(who, subscription, PRO, MID_APRIL)
    assert shown.quote is not None
    taken = await world.apply(who, shown.quote.id, MID_APRIL - A_SECOND)
    assert isinstance(taken, Accepted)
    (row,) = await world.of(who, "plan_changes")
    assert row.applied_at == MID_APRIL
