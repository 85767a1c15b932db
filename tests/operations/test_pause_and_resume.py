"""Pausing gives the rest of the period back, resuming charges to the next boundary at the prices it had."""

import asyncio
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from domain.errors import Forbidden, InvalidInput, NotFound
from domain.ids import SubscriptionId
from operations.asking import KeyReused, NotAllowed, NotNow
from operations.subscriptions.cancel_subscription import Cancelled
from operations.subscriptions.pause_subscription import Paused
from operations.subscriptions.resume_subscription import Resumed
from tests.make import APRIL, MID_APRIL, PRO, YEAR, april
from tests.operations.lives import FINANCE, SUPPORT, Lives, refused_by
from tests.stored import World, changed

MAY_16 = datetime(2026, 5, 16, tzinfo=UTC)
JUNE = datetime(2026, 6, 1, tzinfo=UTC)


async def test_a_pause_gives_the_rest_back_by_credit_note(world: World) -> None:
    lives, who = Lives(world), await world.customer()
    subscription = await world.subscribe(who, PRO, seats=3)  # 100.00 + 3 × 25.00
    outcome = await lives.pause(who, subscription, MID_APRIL)
    assert isinstance(outcome, Paused)
    # 15 of 30 days are left: half of 100.00 and of 75.00
    assert await lives.given_back(who) == [
        ("Unused: Pro", 5_000, MID_APRIL, APRIL.end),
        ("Unused: Pro: Seats × 3", 3_750, MID_APRIL, APRIL.end),
    ]
    (note,) = await world.of(who, "credit_notes")
    assert (note.reason, note.total_minor, note.to_invoice_minor, note.to_balance_minor) == ("PAUSE", 8_750, 8_750, 0)
    (invoice,) = await world.of(who, "invoices")
    assert (invoice.total_minor, invoice.credited_minor, invoice.status) == (17_500, 8_750, "OPEN")
    row = await lives.subscription(who)
    assert (row.status, row.paused_at, row.resumes_at, row.due_at) == ("PAUSED", MID_APRIL, None, None)
    assert await world.of(who, "subscription_items", where="valid_until IS NULL") == []


async def test_a_pause_of_what_was_paid_fills_the_balance(world: World) -> None:
    lives, who = Lives(world), await world.customer()
    subscription = await world.subscribe(who, PRO)  # 125.00
    (invoice,) = await world.of(who, "invoices")
    await world.pay(who, invoice.id, april(2))
    await lives.pause(who, subscription, MID_APRIL)
    (entry,) = await world.of(who, "credit_entries")
    assert (entry.kind, entry.amount_minor, entry.balance_minor) == ("GRANTED", 6_250, 6_250)
    await lives.resume(who, subscription, april(21))
    # 10 of 30 days: a third of 125.00, 41.67, all of it paid from the balance
    (resumed,) = await world.of(who, "invoices", where="reason = 'RESUME'")
    assert (resumed.total_minor, resumed.applied_minor, resumed.status) == (4_167, 4_167, "PAID")


async def test_a_resume_in_the_same_period_charges_what_is_left_of_it(world: World) -> None:
    lives, who = Lives(world), await world.customer()
    subscription = await world.subscribe(who, PRO, seats=3)
    await lives.pause(who, subscription, april(11))
    outcome = await lives.resume(who, subscription, april(25))
    assert isinstance(outcome, Resumed)
    # 6 of 30 days: a fifth of 100.00 and of 75.00
    assert await lives.lines(who, "RESUME") == [
        ("PRORATION_CHARGE", "Pro", 2_000, april(25), APRIL.end),
        ("PRORATION_CHARGE", "Pro: Seats × 3", 1_500, april(25), APRIL.end),
    ]
    row = await lives.subscription(who)
    assert (row.status, row.paused_at, row.due_at) == ("ACTIVE", None, APRIL.end)
    assert (row.current_period_start, row.current_period_end) == (APRIL.start, APRIL.end)
    items = await world.of(who, "subscription_items", "component, valid_from")
    assert [(item.component, item.quantity, item.valid_from, item.valid_until) for item in items] == [
        ("base", 1, april(1), april(11)),
        ("base", 1, april(25), None),
        ("seats", 3, april(1), april(11)),
        ("seats", 3, april(25), None),
    ]


async def test_a_pause_over_boundaries_keeps_the_anchor(world: World) -> None:
    lives, who = Lives(world), await world.customer(net_days=90)
    subscription = await world.subscribe(who, PRO, at=april(10))  # periods from the 10th
    await lives.pause(who, subscription, april(25))
    # 15 of the 30 days of 10 April to 10 May are left
    assert [row[1] for row in await lives.given_back(who)] == [5_000, 1_250]
    july_1, july_10 = datetime(2026, 7, 1, tzinfo=UTC), datetime(2026, 7, 10, tzinfo=UTC)
    await lives.resume(who, subscription, july_1)
    # 9 of the 30 days of 10 June to 10 July: 30.00 and 7.50
    assert await lives.lines(who, "RESUME") == [
        ("PRORATION_CHARGE", "Pro", 3_000, july_1, july_10),
        ("PRORATION_CHARGE", "Pro: Seats × 1", 750, july_1, july_10),
    ]
    row = await lives.subscription(who)
    assert row.anchor_on == datetime(2026, 4, 10, tzinfo=UTC).date()
    assert (row.current_period_start, row.current_period_end) == (datetime(2026, 6, 10, tzinfo=UTC), july_10)


async def test_a_commitment_is_longer_by_the_pause(world: World) -> None:
    lives, who = Lives(world), await world.customer()
    subscription = await world.subscribe(who, PRO, months=12)
    await lives.pause(who, subscription, MID_APRIL)
    await lives.resume(who, subscription, MAY_16)
    (term,) = await world.of(who, "commitment_terms")
    assert (term.start_at, term.end_at) == (april(1), datetime(2027, 4, 1, tzinfo=UTC) + timedelta(days=30))


async def test_what_it_grants_is_suspended_by_a_pause(world: World) -> None:
    lives, who = Lives(world), await world.customer()
    subscription = await world.subscribe(who, PRO, seats=3)
    before = await lives.entitled(who, april(15))
    assert before["seats"] == 3
    await lives.pause(who, subscription, MID_APRIL)
    assert await lives.entitled(who, MID_APRIL) == {}
    await lives.resume(who, subscription, april(20))
    assert await lives.entitled(who, april(20)) == before


async def test_a_pause_says_why_and_until_when(world: World) -> None:
    lives, who = Lives(world), await world.customer()
    subscription = await world.subscribe(who, PRO)
    await lives.pause(who, subscription, MID_APRIL, resumes_at=MAY_16)
    row = await lives.subscription(who)
    assert (row.resumes_at, row.due_at) == (MAY_16, MAY_16)
    (event,) = await world.of(who, "outbox_events", where="type = 'subscription.paused'")
    assert '"quantities":{"base":1,"seats":1}' in event.data
    assert '"resumesAt":"2026-05-16T00:00:00+00:00"' in event.data
    (entry,) = await world.of(who, "audit_entries", where="action = 'subscription.pause'")
    assert '"status":"ACTIVE"' in entry.before
    assert '"status":"PAUSED"' in entry.after


async def test_who_may_not_pause_is_told_nothing_is_written(world: World) -> None:
    lives, who, stranger = Lives(world), await world.customer(), await world.customer()
    subscription = await world.subscribe(who, PRO)
    before = await world.billing_state()
    for actor, error in ((who.viewer, Forbidden), (SUPPORT, Forbidden), (stranger.owner, NotFound)):
        with pytest.raises(error):
            await lives.pause(who, subscription, MID_APRIL, actor=actor)
        with pytest.raises(error):
            await lives.resume(who, subscription, MID_APRIL, actor=actor)
    with pytest.raises(NotFound):
        await lives.pause(who, SubscriptionId(world.ids.new()), MID_APRIL)
    with pytest.raises(InvalidInput) as caught:
        await lives.pause(who, subscription, MID_APRIL, resumes_at=MID_APRIL)
    assert caught.value.path == ("resumesAt",)
    assert changed(before, await world.billing_state()) == set()


async def test_what_cannot_be_paused_or_resumed_as_it_stands_is_an_answer(world: World) -> None:
    lives = Lives(world)
    trial, active, ending, over = [await world.customer() for _ in range(4)]
    subscriptions = {
        trial.id: await lives.started(trial, trial_days=14),
        active.id: await world.subscribe(active, PRO),
        ending.id: await world.subscribe(ending, PRO),
        over.id: await world.subscribe(over, PRO),
    }
    await lives.cancel(ending, subscriptions[ending.id], april(5))
    await lives.cancel(over, subscriptions[over.id], april(5), is_immediate=True)
    before = await world.billing_state()
    refused = [
        await lives.pause(trial, subscriptions[trial.id], april(6)),
        await lives.resume(active, subscriptions[active.id], april(6)),
        await lives.pause(ending, subscriptions[ending.id], april(6)),
        await lives.pause(over, subscriptions[over.id], april(6)),
        await lives.pause(active, subscriptions[active.id], APRIL.end),
    ]
    assert [refused_by(each) for each in refused[:3]] == [["PC-33"], ["PC-35"], ["PC-32"]]
    # what has ended, and what waits for its renewal, is no matter of policy
    assert [(each.code, each.status) for each in refused if isinstance(each, NotNow)] == [
        ("SUBSCRIPTION_CANCELLED", "CANCELLED"),
        ("BEING_BILLED", "ACTIVE"),
    ]
    assert changed(before, await world.billing_state()) == set()


async def test_a_key_does_one_thing_and_a_refusal_keeps_it_free(world: World) -> None:
    # L26: what was refused stores nothing under the key
    lives, who = Lives(world), await world.customer()
    subscription = await world.subscribe(who, PRO)
    assert refused_by(await lives.resume(who, subscription, april(5), key="once")) == ["PC-35"]
    first = await lives.pause(who, subscription, MID_APRIL, key="once")
    again = await lives.pause(who, subscription, april(20), key="once")
    assert isinstance(first, Paused)
    assert isinstance(again, Paused)
    assert (first.is_replay, again.is_replay, again.credit_note_ids) == (False, True, first.credit_note_ids)
    assert isinstance(await lives.resume(who, subscription, april(20), key="once"), KeyReused)
    assert isinstance(await lives.pause(who, subscription, april(20), key="once", resumes_at=MAY_16), KeyReused)


async def test_l23_equal_parallel_pauses_have_one_effect(world: World) -> None:
    lives, who = Lives(world), await world.customer()
    subscription = await world.subscribe(who, PRO)
    outcomes = await asyncio.gather(*(lives.pause(who, subscription, MID_APRIL, key="once") for _ in range(8)))
    assert Counter(each.is_replay for each in outcomes if isinstance(each, Paused)) == {False: 1, True: 7}
    assert len(await world.of(who, "credit_notes")) == 1
    resumed = await asyncio.gather(*(lives.resume(who, subscription, april(20)) for _ in range(8)))
    assert Counter(type(each) for each in resumed) == {Resumed: 1, NotAllowed: 7}
    assert len(await world.of(who, "invoices")) == 2


async def test_l24_pause_and_cancel_at_once_take_turns(world: World) -> None:
    lives = Lives(world)
    for number in range(4):
        who = await world.customer()
        subscription = await world.subscribe(who, PRO)
        deeds = [
            lives.pause(who, subscription, MID_APRIL),
            lives.cancel(who, subscription, MID_APRIL, is_immediate=True, credits_unused=True, actor=FINANCE),
        ]
        outcomes = await asyncio.gather(*(deeds if number % 2 else reversed(deeds)))
        row = await lives.subscription(who)
        assert row.status == "CANCELLED"
        assert any(isinstance(each, Cancelled) for each in outcomes)
        # whoever was first gave the rest back, and nobody twice
        assert sum(given[1] for given in await lives.given_back(who)) == 6_250


async def test_a_year_is_paused_by_its_own_days(world: World) -> None:
    lives, who = Lives(world), await world.customer()
    subscription = await world.subscribe(who, PRO, interval=YEAR)  # 1000.00 + 250.00, 365 days
    await lives.pause(who, subscription, JUNE)
    # 304 of 365 days are left: 832.8767… and 208.2191…, 1041.0958… together rounded once to 1041.10
    assert [row[1] for row in await lives.given_back(who)] == [83_288, 20_822]


async def test_who_has_to_pay_first_resumes_nothing_but_on_the_day_that_was_said(world: World) -> None:
    lives = Lives(world)
    paused, by_itself = await world.customer(net_days=0), await world.customer(net_days=0)
    for who in (paused, by_itself):
        subscription = await world.subscribe(who, PRO)
        await lives.pause(who, subscription, april(11), resumes_at=april(20) if who is by_itself else None)
    row = await lives.subscription(paused)
    outcome = await lives.resume(paused, row.id, april(15))  # 14 days overdue
    assert refused_by(outcome) == ["PC-18"]
    assert isinstance(await lives.resume(paused, row.id, april(15), actor=FINANCE), Resumed)  # finance may
    await world.run_until(by_itself, april(21))
    assert (await lives.subscription(by_itself)).status == "ACTIVE"
