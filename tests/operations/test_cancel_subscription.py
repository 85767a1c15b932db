"""Cancelling: with the period, with the commitment, or now; and taking it back."""

import asyncio
from collections import Counter
from datetime import UTC, datetime

import pytest

from domain.cancellation import EndReason
from domain.errors import Forbidden, InvalidInput, NotFound
from domain.ids import SubscriptionId
from operations.asking import KeyReused, NotNow
from operations.subscriptions.cancel_subscription import Cancelled
from operations.subscriptions.undo_cancel import CancelUndone
from tests.make import APRIL, MID_APRIL, PRO, SCALE, STARTER, april
from tests.operations.lives import FINANCE, SUPPORT, Lives, refused_by
from tests.stored import World, changed

IN_A_YEAR = datetime(2027, 4, 1, tzinfo=UTC)


async def test_a_cancellation_ends_with_the_period_and_bills_nothing(world: World) -> None:
    lives, who = Lives(world), await world.customer()
    subscription = await world.subscribe(who, PRO, seats=3)
    outcome = await lives.cancel(who, subscription, MID_APRIL, reason="Too dear.")
    assert isinstance(outcome, Cancelled)
    assert (outcome.ends_at, outcome.reason) == (APRIL.end, EndReason.END_OF_PERIOD)
    assert (outcome.invoice_id, outcome.credit_note_ids) == (None, ())
    row = await lives.subscription(who)
    assert (row.status, row.cancel_at, row.ended_at, row.due_at) == ("ACTIVE", APRIL.end, None, APRIL.end)
    assert len(await world.of(who, "invoices")) == 1
    (event,) = await world.of(who, "outbox_events", where="type = 'subscription.cancel_scheduled'")
    assert '"endsBecause":"END_OF_PERIOD","reason":"Too dear."' in event.data
    (entry,) = await world.of(who, "audit_entries", where="action = 'subscription.cancel'")
    assert entry.reason == "Too dear."


async def test_what_it_grants_ends_at_its_instant_even_if_no_job_runs(world: World) -> None:
    lives, who = Lives(world), await world.customer()
    subscription = await world.subscribe(who, PRO, seats=3)
    before = await lives.entitled(who, april(2))
    await lives.cancel(who, subscription, MID_APRIL)
    assert await lives.entitled(who, april(30, 23, 59)) == before
    assert await lives.entitled(who, APRIL.end) == {}


async def test_inside_a_commitment_it_ends_with_that(world: World) -> None:
    lives, who = Lives(world), await world.customer()
    subscription = await world.subscribe(who, PRO, months=12)  # 30 days' notice: up to 2 March 2027
    outcome = await lives.cancel(who, subscription, MID_APRIL)
    assert isinstance(outcome, Cancelled)
    assert (outcome.ends_at, outcome.reason) == (IN_A_YEAR, EndReason.END_OF_TERM)
    row = await lives.subscription(who)
    assert (row.cancel_at, row.due_at) == (IN_A_YEAR, APRIL.end)  # eleven more months are billed


async def test_a_customer_does_not_leave_a_commitment_at_once_and_finance_may_let_it_go(world: World) -> None:
    lives, who = Lives(world), await world.customer()
    subscription = await world.subscribe(who, PRO, months=12)
    refused = await lives.cancel(who, subscription, MID_APRIL, is_immediate=True)
    assert refused_by(refused) == ["PC-30"]
    # nor by pausing first: the commitment goes on with the resume
    await lives.pause(who, subscription, MID_APRIL)
    refused = await lives.cancel(who, subscription, april(20))
    assert refused_by(refused) == ["PC-30"]
    assert isinstance(await lives.cancel(who, subscription, april(20), is_immediate=True, actor=FINANCE), Cancelled)


async def test_now_ends_at_the_instant_and_gives_nothing_back_by_itself(world: World) -> None:
    lives, who = Lives(world), await world.customer()
    subscription = await world.subscribe(who, PRO)
    outcome = await lives.cancel(who, subscription, MID_APRIL, is_immediate=True, reason="Moved away.")
    assert isinstance(outcome, Cancelled)
    assert (outcome.ends_at, outcome.reason) == (MID_APRIL, EndReason.NOW)
    row = await lives.subscription(who)
    assert (row.status, row.ended_at, row.due_at) == ("CANCELLED", MID_APRIL, None)
    assert await lives.entitled(who, MID_APRIL) == {}
    assert await lives.given_back(who) == []
    items = await world.of(who, "subscription_items")
    assert {item.valid_until for item in items} == {MID_APRIL}
    (event,) = await world.of(who, "outbox_events", where="type = 'subscription.cancelled'")
    assert '"endedAt":"2026-04-16T00:00:00+00:00","reason":"Moved away."' in event.data


async def test_finance_gives_the_unused_rest_back(world: World) -> None:
    lives, who = Lives(world), await world.customer()
    subscription = await world.subscribe(who, PRO, seats=3)  # 100.00 + 75.00
    outcome = await lives.cancel(
        who, subscription, april(22), is_immediate=True, credits_unused=True, actor=FINANCE, reason="Our fault."
    )
    assert isinstance(outcome, Cancelled)
    # 9 of 30 days: 30.00 and 22.50
    assert await lives.given_back(who) == [
        ("Unused: Pro", 3_000, april(22), APRIL.end),
        ("Unused: Pro: Seats × 3", 2_250, april(22), APRIL.end),
    ]
    (note,) = await world.of(who, "credit_notes")
    assert (note.reason, note.memo, note.total_minor) == ("CANCELLATION", "Our fault.", 5_250)
    assert outcome.credit_note_ids == (note.id,)


async def test_a_trial_is_left_freely(world: World) -> None:
    lives, who, other = Lives(world), await world.customer(), await world.customer()
    trial = await lives.started(who, trial_days=14)
    outcome = await lives.cancel(who, trial, april(3))
    assert isinstance(outcome, Cancelled)
    assert (outcome.ends_at, outcome.reason) == (april(15), EndReason.END_OF_PERIOD)
    trial = await lives.started(other, trial_days=14, months=12)
    outcome = await lives.cancel(other, trial, april(3), is_immediate=True)
    assert isinstance(outcome, Cancelled)
    assert await world.of(other, "invoices") == []


async def test_a_paused_one_ends_at_once(world: World) -> None:
    lives, who = Lives(world), await world.customer()
    subscription = await world.subscribe(who, PRO)
    await lives.pause(who, subscription, MID_APRIL)
    outcome = await lives.cancel(who, subscription, april(20))
    assert isinstance(outcome, Cancelled)
    assert (outcome.ends_at, outcome.reason) == (april(20), EndReason.NOW)
    assert [given[1] for given in await lives.given_back(who)] == [5_000, 1_250]
    assert len(await world.of(who, "invoices")) == 1


async def test_what_was_scheduled_ends_with_it_and_outlives_a_cancellation_taken_back(world: World) -> None:
    lives, who = Lives(world), await world.customer()
    subscription = await world.subscribe(who, PRO)
    await world.change(who, subscription, STARTER, april(10))  # at the end of April
    await lives.cancel(who, subscription, MID_APRIL)
    (change,) = await world.of(who, "plan_changes", where="kind = 'SWITCH'")
    assert change.status == "SCHEDULED"
    assert isinstance(await lives.undo(who, subscription, april(20)), CancelUndone)
    (change,) = await world.of(who, "plan_changes", where="kind = 'SWITCH'")
    assert change.status == "SCHEDULED"
    await lives.cancel(who, subscription, april(21), is_immediate=True)
    (change,) = await world.of(who, "plan_changes", where="kind = 'SWITCH'")
    assert change.status == "CANCELLED"


async def test_taken_back_it_runs_on_as_it_did(world: World) -> None:
    lives, who = Lives(world), await world.customer()
    subscription = await world.subscribe(who, PRO, seats=3)
    before, granted = await lives.subscription(who), await lives.entitled(who, april(2))
    await lives.cancel(who, subscription, MID_APRIL)
    outcome = await lives.undo(who, subscription, april(20))
    assert outcome == CancelUndone(subscription, is_replay=False)
    after = await lives.subscription(who)
    assert after._mapping == dict(before._mapping) | {"version": 3}
    assert await lives.entitled(who, APRIL.end) == granted
    # once its instant has come it is the renewal's
    await lives.cancel(who, subscription, april(21))
    late = await lives.undo(who, subscription, APRIL.end)
    assert isinstance(late, NotNow)
    assert late.code == "BEING_BILLED"


async def test_the_product_can_be_had_again_on_the_same_day(world: World) -> None:
    lives, who = Lives(world), await world.customer()
    subscription = await world.subscribe(who, PRO, at=april(1))
    await lives.cancel(who, subscription, april(16, 12), is_immediate=True)
    again = await lives.started(who, SCALE, april(16, 15))
    rows = await world.of(who, "subscriptions", "started_at")
    assert [(row.id, row.started_at) for row in rows] == [(subscription, april(1)), (again, april(16, 12))]
    # the day of a sign-up counts whole, though the other one had its morning
    lines = await lives.lines(who, "SIGN_UP")
    assert [line[2] for line in lines[2:]] == [30_000, 4_000]
    assert {line[4] for line in lines[2:]} == {datetime(2026, 5, 16, tzinfo=UTC)}


async def test_who_may_not_cancel_writes_nothing(world: World) -> None:
    lives, who, stranger = Lives(world), await world.customer(), await world.customer()
    subscription = await world.subscribe(who, PRO)
    before = await world.billing_state()
    for actor, error in ((who.viewer, Forbidden), (SUPPORT, Forbidden), (stranger.owner, NotFound)):
        with pytest.raises(error):
            await lives.cancel(who, subscription, MID_APRIL, actor=actor)
        with pytest.raises(error):
            await lives.undo(who, subscription, MID_APRIL, actor=actor)
    with pytest.raises(Forbidden):  # what was paid is finance's to give back
        await lives.cancel(who, subscription, MID_APRIL, is_immediate=True, credits_unused=True)
    with pytest.raises(InvalidInput) as caught:
        await lives.cancel(who, subscription, MID_APRIL, credits_unused=True, actor=FINANCE)
    assert caught.value.path == ("creditUnused",)
    with pytest.raises(NotFound):
        await lives.cancel(who, SubscriptionId(world.ids.new()), MID_APRIL)
    nothing = await lives.undo(who, subscription, MID_APRIL)
    assert isinstance(nothing, NotNow)
    assert nothing.code == "NOT_CANCELLING"
    assert changed(before, await world.billing_state()) == set()


async def test_l23_equal_parallel_cancellations_have_one_effect(world: World) -> None:
    lives, who = Lives(world), await world.customer()
    subscription = await world.subscribe(who, PRO)
    ended = [
        lives.cancel(who, subscription, MID_APRIL, is_immediate=True, credits_unused=True, actor=FINANCE, key="once")
        for _ in range(8)
    ]
    outcomes = await asyncio.gather(*ended)
    assert Counter(each.is_replay for each in outcomes if isinstance(each, Cancelled)) == {False: 1, True: 7}
    assert len(await world.of(who, "credit_notes")) == 1
    assert len(await world.of(who, "outbox_events", where="type = 'subscription.cancelled'")) == 1


async def test_l26_a_failed_write_never_consumes_the_key(world: World) -> None:
    lives, who = Lives(world), await world.customer()
    subscription = await world.subscribe(who, PRO)
    with pytest.raises(Forbidden):
        await lives.cancel(who, subscription, MID_APRIL, actor=who.viewer, key="once")
    first = await lives.cancel(who, subscription, MID_APRIL, key="once")
    assert isinstance(first, Cancelled)
    pending = await lives.cancel(who, subscription, april(17), key="another")
    assert refused_by(pending) == ["PC-31"]
    assert await world.of(who, "idempotency_keys", "key", where="key = 'another'") == []
    again = await lives.cancel(who, subscription, april(18), key="once")
    assert isinstance(again, Cancelled)
    assert (again.is_replay, again.ends_at) == (True, APRIL.end)
    assert isinstance(await lives.cancel(who, subscription, april(18), key="once", reason="x"), KeyReused)
