"""A preview answers and promises, and changes nothing but its own two tables."""

from datetime import UTC, datetime, timedelta

import pytest

from domain.actor import ActorKind
from domain.catalog import PlanFeature, PlanVersion
from domain.commands import ChangePlan
from domain.entitlement import FeatureValue
from domain.errors import InvalidInput, NotFound
from domain.ids import PlanId, SubscriptionId
from domain.periods import BillingInterval
from domain.plan_change.verdict import RemedyAction, Verdict
from operations.changes.preview_plan_change import preview_plan_change
from operations.changes.quote_change import QUOTE_TTL_S
from tests.make import APRIL, CONTACTS, CONTRACT, FREE, PRO, QUARTER, SCALE, STARTER, YEAR, a_version, april, usd
from tests.stored import World, changed


async def test_a_preview_shows_the_delta_that_will_be_charged(world: World) -> None:
    who = await world.customer()
    subscription = await world.subscribe(who, PRO, seats=2)
    shown = await world.preview(who, subscription, SCALE)
    # half a month: −(100.00 + 2 × 25.00) / 2 + (300.00 + 2 × 40.00) / 2
    assert shown.prepared.delta.net == usd("115.00")
    assert shown.prepared.decision.verdict is Verdict.ALLOW
    assert shown.quote is not None
    assert (shown.quote.priced_at, shown.quote.expires_at) == (april(16), april(16) + timedelta(seconds=QUOTE_TTL_S))


ASKED: list[tuple[PlanVersion | None, BillingInterval | None, int | None]] = [
    (SCALE, None, None),  # at once
    (FREE, None, None),  # for the end of the period
    (CONTRACT, None, None),  # needs approval
    (None, YEAR, None),  # a new period
    (None, QUARTER, None),  # not sold so
    (None, None, 2),  # no change
    (STARTER, YEAR, 9),  # several parts
]


async def test_l22_a_preview_changes_no_billing_state(world: World) -> None:
    who = await world.customer()
    subscription = await world.subscribe(who, PRO, seats=2)
    await world.use(who, "contacts", 90)
    before = await world.billing_state()
    for plan, interval, seats in ASKED:
        await world.preview(who, subscription, plan, interval=interval, seats=seats)
        assert before == await world.billing_state()
    await world.preview(who, subscription, SCALE, actor=who.viewer)
    # a decision each; a quote only where the answer was yes: at once, at the end, a new period, several parts
    assert len(await world.of(who, "policy_decisions")) == len(ASKED) + 1
    assert len(await world.of(who, "quotes")) == 4
    # and again beside a change that waits
    await world.change(who, subscription, STARTER)
    before = await world.billing_state()
    for plan, interval, seats in ASKED:
        await world.preview(who, subscription, plan, interval=interval, seats=seats, replace_pending=True)
        await world.preview(who, subscription, plan, interval=interval, seats=seats)
    assert changed(before, await world.billing_state()) == set()


async def test_a_refused_preview_has_reasons_and_no_quote(world: World) -> None:
    who = await world.customer()
    subscription = await world.subscribe(who, PRO)
    shown = await world.preview(who, subscription, CONTRACT)
    assert (shown.prepared.decision.verdict, shown.quote) == (Verdict.ASK_APPROVAL, None)
    shown = await world.preview(who, subscription, SCALE, actor=who.viewer)
    assert (shown.prepared.decision.verdict, shown.quote) == (Verdict.REFUSE, None)
    (stored,) = [row for row in await world.of(who, "policy_decisions", "created_at") if row.verdict == "REFUSE"]
    assert stored.actor_kind == ActorKind.CUSTOMER
    assert [reason["code"] for reason in stored.reasons] == ["T-07", "PC-02"]


async def test_a_quote_never_reaches_across_the_end_of_its_period(world: World) -> None:
    who = await world.customer()
    subscription = await world.subscribe(who)
    shown = await world.preview(who, subscription, SCALE, APRIL.end - timedelta(minutes=10))
    assert shown.quote is not None
    assert shown.quote.expires_at == APRIL.end


async def test_a_period_that_is_over_is_renewed_before_anything_changes(world: World) -> None:
    # the worker is late by an hour: the answer is a reason and a remedy, not an error
    who = await world.customer()
    subscription = await world.subscribe(who)
    shown = await world.preview(who, subscription, SCALE, APRIL.end + timedelta(hours=1))
    assert shown.quote is None
    (reason,) = [each for each in shown.prepared.decision.reasons if each.code == "PC-15"]
    assert reason.remedy is not None
    assert reason.remedy.action is RemedyAction.WAIT_UNTIL
    await world.run_until(who, APRIL.end + timedelta(hours=1))
    assert (await world.preview(who, subscription, SCALE, APRIL.end + timedelta(hours=1))).quote is not None


async def test_a_preview_is_pinned_to_the_whole_second(world: World) -> None:
    who = await world.customer()
    subscription = await world.subscribe(who)
    shown = await world.preview(who, subscription, SCALE, datetime(2026, 4, 16, 0, 0, 0, 999_999, tzinfo=UTC))
    assert shown.prepared.facts.now == april(16)


async def test_a_preview_reads_the_accounts_own_clock(world: World) -> None:
    who = await world.customer(is_sandbox=True, clock_at=april(16))
    subscription = await world.subscribe(who)
    shown = await world.preview(who, subscription, SCALE, datetime(2031, 1, 1, tzinfo=UTC))
    assert shown.prepared.facts.now == april(16)


async def test_seats_out_of_bounds_are_bad_input_that_names_them(world: World) -> None:
    who = await world.customer()
    subscription = await world.subscribe(who)
    for seats in (-1, 0):
        with pytest.raises(InvalidInput) as caught:
            await world.preview(who, subscription, SCALE, seats=seats)
        assert caught.value.path == ("quantities", "seats")
    with pytest.raises(InvalidInput) as caught:
        await world.preview(who, subscription, STARTER, seats=11)
    assert "between 1 and 10" in caught.value.message


async def test_what_is_stored_is_seen_also_in_the_second_in_which_entitlements_were_derived_again(world: World) -> None:
    # a preview is pinned to the whole second, which begins before the timeline that was written within it
    who = await world.customer()
    subscription = await world.subscribe(who, PRO)
    await world.use(who, "contacts", 5_000)
    derived_at = april(16) + timedelta(milliseconds=400)
    await world.override(who, "emails", FeatureValue(limit=7), derived_at)
    shown = await world.preview(who, subscription, STARTER, derived_at + timedelta(milliseconds=300))
    assert "PC-17" in [reason.code for reason in shown.prepared.decision.reasons]


async def test_what_is_stored_must_fit_also_where_the_present_plan_has_no_such_limit(world: World) -> None:
    bare, limited = a_version("bare", 40), a_version("limited", 41, features=(PlanFeature(CONTACTS, limit=1_000),))
    await world.publish(bare, limited)
    who = await world.customer()
    subscription = await world.subscribe(who, bare)
    await world.use(who, "contacts", 5_000)
    shown = await world.preview(who, subscription, limited)
    assert "PC-17" in [reason.code for reason in shown.prepared.decision.reasons]


async def test_l38_what_a_stranger_may_not_see_does_not_exist(world: World) -> None:
    mine, theirs = await world.customer(), await world.customer()
    subscription = await world.subscribe(mine)
    with pytest.raises(NotFound):
        await world.preview(theirs, subscription, SCALE)
    with pytest.raises(NotFound):
        await world.preview(mine, SubscriptionId(world.ids.new()), SCALE)
    with pytest.raises(NotFound):
        async with world.unit(april(16), mine.owner) as unit:
            await preview_plan_change(unit, ChangePlan(subscription, PlanId(world.ids.new())))
