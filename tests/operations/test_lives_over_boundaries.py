"""Trials that end, cancellations whose instant comes, pauses over boundaries, moves of version: as jobs do it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from domain.catalog import BASE, ChargeTiming, Component, PlanVersion
from domain.commands import MigratePlanVersion
from domain.ids import MeterId, PlanId, PlanVersionId, PriceId
from domain.pricing.model import Price, PriceModel, PriceTier
from domain.usage import Aggregation
from operations.catalog.migrate_plan_version import migrate_plan_version
from operations.subscriptions.cancel_subscription import Cancelled
from tests.make import APRIL, MONTH, PRO, SCALE, STARTER, YEAR, an_id, april
from tests.operations.lives import FINANCE, Lives
from tests.stored import Customer, World, dearer

MAY, JUNE, JULY = (datetime(2026, month, 1, tzinfo=UTC) for month in (5, 6, 7))


def may(day: int) -> datetime:
    """A midnight of May 2026."""
    return datetime(2026, 5, day, tzinfo=UTC)


async def metered(world: World) -> PlanVersion:
    """A plan with a fee of 100.00 (1,000.00 a year) and e-mails at 0.02 in arrears, in a hub of its own."""
    pro = (await world.ladder())["starter"]
    code = f"{pro.plan.code}_by_use"
    plan = replace(pro.plan, id=PlanId(an_id(code)), code=code, rank=9)
    prices = [
        Price(PriceId(an_id(f"{code} {component} {interval}")), component, "USD", interval, model, (tier,))
        for interval, fee in ((MONTH, 10_000), (YEAR, 100_000))
        for component, model, tier in (
            (BASE, PriceModel.FLAT, PriceTier(None, None, fee)),
            ("emails", PriceModel.PER_UNIT, PriceTier(None, Decimal(2))),
        )
    ]
    emails = Component(
        "emails", "E-mails", 0, None, ChargeTiming.IN_ARREARS, MeterId(an_id("meter emails")), Aggregation.SUM
    )
    version = replace(
        pro,
        id=PlanVersionId(an_id(f"{code} 1")),
        plan=plan,
        components=(Component(BASE, "Base", 1, 1), emails),
        prices=tuple(prices),
        features=(),
    )
    await world.publish(version)
    return version


async def test_a_trial_is_said_to_end_and_becomes_paid_on_its_day(world: World) -> None:
    lives, who = Lives(world), await world.customer()
    await lives.started(who, PRO, april(10), seats=2, trial_days=14)
    await world.run_until(who, april(23))
    (told,) = await world.of(who, "outbox_events", where="type = 'subscription.trial_ending'")
    assert told.occurred_at == april(21)
    assert '"trialEndAt":"2026-04-24T00:00:00+00:00"' in told.data
    assert await world.of(who, "invoices") == []
    await world.run_until(who, april(24))
    assert await lives.lines(who, "TRIAL_END") == [
        ("CHARGE", "Pro", 10_000, april(24), may(24)),
        ("CHARGE", "Pro: Seats × 2", 5_000, april(24), may(24)),
    ]
    row = await lives.subscription(who)
    assert (row.status, row.anchor_on, row.notice_at) == ("ACTIVE", april(24).date(), None)


async def test_a_trial_that_is_cancelled_bills_nothing_ever(world: World) -> None:
    lives, who = Lives(world), await world.customer()
    subscription = await lives.started(who, trial_days=14)
    await lives.cancel(who, subscription, april(2))
    await world.run_until(who, JULY)
    row = await lives.subscription(who)
    assert (row.status, row.ended_at) == ("CANCELLED", april(15))
    assert await world.of(who, "invoices") == []


async def test_a_stub_is_followed_by_whole_periods(world: World) -> None:
    lives, who = Lives(world), await world.customer()
    await lives.started(who, PRO, april(16), anchor_day=1)
    await world.run_until(who, JUNE)
    assert [line[2:] for line in await lives.lines(who) if line[1] == "Pro"] == [
        (5_000, april(16), MAY), (10_000, MAY, JUNE), (10_000, JUNE, JULY),
    ]  # fmt: skip


async def test_a_cancellation_is_done_at_its_instant_however_late_the_job(world: World) -> None:
    lives, who = Lives(world), await world.customer()
    subscription = await world.subscribe(who, PRO)
    await world.change(who, subscription, STARTER, april(10))
    await lives.cancel(who, subscription, april(16))
    await world.run_until(who, JUNE + timedelta(hours=7))
    row = await lives.subscription(who)
    assert (row.status, row.ended_at, row.due_at) == ("CANCELLED", MAY, None)
    assert {item.valid_until for item in await world.of(who, "subscription_items")} == {MAY}
    assert len(await world.of(who, "invoices")) == 1
    assert await lives.entitled(who, MAY) == {}
    (change,) = await world.of(who, "plan_changes", where="kind = 'SWITCH'")
    assert change.status == "CANCELLED"
    (ended,) = await world.of(who, "outbox_events", where="type = 'subscription.cancelled'")
    assert ended.occurred_at == MAY


async def test_use_up_to_the_end_is_billed(world: World) -> None:
    lives, now, later = Lives(world), await world.customer(), await world.customer()
    plan = await metered(world)
    for who in (now, later):
        subscription = await world.subscribe(who, plan)
        await world.use(who, "emails", 300, april(5))
        await world.use(who, "emails", 70, april(16, 9))
        if who is now:
            await lives.cancel(who, subscription, april(16), is_immediate=True)
        else:
            await lives.cancel(who, subscription, april(6))
    await world.run_until(later, MAY)
    # 300 e-mails at 0.02 up to the 16th, all 370 up to the end of April; what is used after an end is nobody's
    assert [line[:3] for line in await lives.lines(now, "CANCELLATION")] == [("USAGE", "Starter: 300 E-mails", 600)]
    assert [line[:3] for line in await lives.lines(later, "CANCELLATION")] == [("USAGE", "Starter: 370 E-mails", 740)]
    (draft,) = await world.of(now, "invoices", where="reason = 'CANCELLATION'")
    assert draft.status == "DRAFT"  # it waits out the grace period for late use


async def test_a_pause_over_a_renewal_is_billed_for_what_was_used_when_it_resumes(world: World) -> None:
    lives, who = Lives(world), await world.customer()
    subscription = await world.subscribe(who, await metered(world))
    await world.use(who, "emails", 300, april(5))
    await lives.pause(who, subscription, april(16))
    await world.use(who, "emails", 70, april(20))  # while it rests nobody counts
    assert await world.run_until(who, may(20)) == []  # nothing is due while it rests
    await lives.resume(who, subscription, may(22))
    # the 300 e-mails of April, and 10 of 31 days of the fee: 32.26
    assert await lives.lines(who, "RESUME") == [
        ("USAGE", "Starter: 300 E-mails", 600, APRIL.start, april(16)),
        ("PRORATION_CHARGE", "Starter", 3_226, may(22), JUNE),
    ]
    await world.run_until(who, JUNE)
    assert [line[1:3] for line in await lives.lines(who, "RENEWAL")] == [("Starter: 0 E-mails", 0), ("Starter", 10_000)]


async def test_a_paused_subscription_that_ends_is_billed_for_what_was_used(world: World) -> None:
    lives, who = Lives(world), await world.customer()
    subscription = await world.subscribe(who, await metered(world))
    await world.use(who, "emails", 300, april(5))
    await lives.pause(who, subscription, april(16))
    outcome = await lives.cancel(who, subscription, may(20))
    assert isinstance(outcome, Cancelled)
    assert await lives.lines(who, "CANCELLATION") == [("USAGE", "Starter: 300 E-mails", 600, APRIL.start, april(16))]


async def test_it_resumes_by_itself_on_the_day_that_was_said(world: World) -> None:
    lives, who = Lives(world), await world.customer()
    subscription = await world.subscribe(who, PRO)
    await lives.pause(who, subscription, april(16), resumes_at=may(16))
    assert await world.run_until(who, may(31)) == [may(16)]
    # 16 of 31 days: 51.61 and 12.90 of 64.52 together, the cent too many to the greater remainder
    assert [line[1:] for line in await lives.lines(who, "RESUME")] == [
        ("Pro", 5_161, may(16), JUNE), ("Pro: Seats × 1", 1_291, may(16), JUNE),
    ]  # fmt: skip
    row = await lives.subscription(who)
    assert (row.status, row.due_at) == ("ACTIVE", JUNE)


async def test_a_commitment_that_a_pause_made_longer_renews_a_boundary_later(world: World) -> None:
    lives, who = Lives(world), await world.customer()
    subscription = await world.subscribe(who, PRO, months=1)  # to 1 May
    await world.change(who, subscription, STARTER, april(5))  # a lower tier waits for that
    await lives.pause(who, subscription, april(11))
    await lives.resume(who, subscription, april(21))  # to 11 May
    (change,) = await world.of(who, "plan_changes", where="kind = 'SWITCH'")
    assert change.effective_at == may(11)
    await world.run_until(who, MAY)
    assert len(await world.of(who, "commitment_terms")) == 1
    (change,) = await world.of(who, "plan_changes", where="kind = 'SWITCH'")
    assert change.status == "SCHEDULED"
    await world.run_until(who, JUNE)
    terms = await world.of(who, "commitment_terms", "start_at")
    assert [(term.start_at, term.end_at) for term in terms] == [(APRIL.start, may(11)), (JUNE, JULY)]
    (change,) = await world.of(who, "plan_changes", where="kind = 'SWITCH'")
    assert change.status == "APPLIED"


async def test_a_migration_is_taken_at_its_boundary_and_priced_by_the_new_version(world: World) -> None:
    pro = (await world.ladder())["pro"]
    moved, bound = await world.customer(), await world.customer()
    await world.subscribe(moved, pro, seats=2)
    await world.subscribe(bound, pro, months=3)
    new = dearer(pro)
    await world.publish(new, at=april(6))
    async with world.unit(april(10), FINANCE) as unit:
        await migrate_plan_version(unit, MigratePlanVersion(pro.plan.id, "Prices of 2026.", world.ids.new().hex))
    for who in (moved, bound):
        await world.run_until(who, JULY)
    # 30 days of notice end on 10 May: June is the first at seven times the price; the commitment ends with June
    assert await in_advance(world, moved) == [(MAY, 15_000), (JUNE, 105_000), (JULY, 105_000)]
    assert await in_advance(world, bound) == [(MAY, 12_500), (JUNE, 12_500), (JULY, 87_500)]
    (row,) = await world.of(moved, "subscriptions")
    assert (row.plan_version_id, row.plan_version_since) == (new.id, JUNE)
    (move,) = await world.of(moved, "subscription_migrations")
    assert (move.status, move.done_at) == ("DONE", JUNE)


async def in_advance(world: World, who: Customer) -> list[tuple[datetime, int]]:
    """What each renewal came to, by its instant."""
    found = await world.of(who, "invoices", "drafted_at", where="reason = 'RENEWAL'")
    return [(invoice.drafted_at, invoice.total_minor) for invoice in found]


async def test_a_pause_within_the_grace_of_a_draft_makes_it_final_first(world: World) -> None:
    lives, who = Lives(world), await world.customer()
    subscription = await world.subscribe(who, await metered(world))
    await world.run_until(who, MAY)
    (draft,) = await world.of(who, "invoices", where="reason = 'RENEWAL'")
    assert (draft.status, draft.number) == ("DRAFT", None)
    await lives.pause(who, subscription, MAY + timedelta(minutes=10))
    (final,) = await world.of(who, "invoices", where="reason = 'RENEWAL'")
    assert final.number is not None
    # all but ten minutes of May: 44 630 of 44 640 minutes
    assert [row[1] for row in await lives.given_back(who)] == [9_998]


async def test_a_commitment_is_said_to_renew_unless_it_is_to_end(world: World) -> None:
    lives, stays, leaves = Lives(world), await world.customer(), await world.customer()
    await lives.started(stays, PRO, months=3)
    await lives.cancel(leaves, await lives.started(leaves, SCALE, months=3), april(2))
    for who in (stays, leaves):
        await world.run_until(who, JULY - timedelta(seconds=1))
    (told,) = await world.of(stays, "outbox_events", where="type = 'subscription.commitment_renewing'")
    assert told.occurred_at == JUNE  # 30 days before 1 July
    assert await world.of(leaves, "outbox_events", where="type = 'subscription.commitment_renewing'") == []
