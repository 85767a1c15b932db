"""Starting a subscription: trials, anchors and their stubs, commitments, a coupon at the door, who may."""

import asyncio
from collections import Counter
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from db.save.catalog import new_coupon
from db.tables import accounts
from domain.account import AccountStatus
from domain.discount import CouponTerms
from domain.errors import Forbidden, InvalidInput, NotFound
from domain.ids import CouponId
from domain.periods import BillingInterval
from domain.plan_change.verdict import Remedy, RemedyAction
from operations.asking import KeyReused, NotNow
from operations.subscriptions.start_subscription import Started
from tests.make import APRIL, CONTRACT, FREE, MONTH, PRO, SCALE, YEAR, april
from tests.operations.lives import FINANCE, SUPPORT, Lives
from tests.stored import Customer, World, changed


def at(month: int, day: int, year: int = 2026) -> datetime:
    """A midnight in UTC."""
    return datetime(year, month, day, tzinfo=UTC)


async def test_a_start_bills_the_first_period_in_full(world: World) -> None:
    lives, who = Lives(world), await world.customer()
    await lives.started(who, PRO, april(10, 15), seats=3)
    assert await lives.lines(who) == [
        ("CHARGE", "Pro", 10_000, april(10), at(5, 10)),
        ("CHARGE", "Pro: Seats × 3", 7_500, april(10), at(5, 10)),
    ]
    row = await lives.subscription(who)
    assert (row.status, row.trial_end_at, row.notice_at, row.due_at) == ("ACTIVE", None, None, at(5, 10))


async def test_a_trial_charges_nothing_and_says_when_it_ends(world: World) -> None:
    lives, who = Lives(world), await world.customer(zone="Europe/Berlin")
    await lives.started(who, PRO, datetime(2026, 3, 20, 9, tzinfo=UTC), trial_days=14, months=12)
    row = await lives.subscription(who)
    # 20 March 00:00 is 23:00 UTC the day before; 3 April is in summer time, 22:00
    start, end = datetime(2026, 3, 19, 23, tzinfo=UTC), datetime(2026, 4, 2, 22, tzinfo=UTC)
    assert (row.status, row.current_period_start, row.current_period_end) == ("TRIALING", start, end)
    assert (row.trial_end_at, row.due_at, row.anchor_on) == (end, end, date(2026, 4, 3))
    assert row.notice_at == datetime(2026, 3, 30, 22, tzinfo=UTC)
    assert await world.of(who, "invoices") == []
    assert (await lives.entitled(who, april(1)))["seats"] == 1
    (term,) = await world.of(who, "commitment_terms")
    assert (term.start_at, term.end_at) == (end, datetime(2027, 4, 2, 22, tzinfo=UTC))


ANCHORS = [
    # says, started, interval, anchor_day, anchor_on, anchor stored, first boundary, charged of 100.00 (or 1000.00)
    ("the first of the month", april(16), MONTH, 1, None, date(2026, 5, 1), at(5, 1), 5_000),  # 15 of 30 days
    ("the first, on the first", april(1), MONTH, 1, None, date(2026, 4, 1), at(5, 1), 10_000),
    ("the 31st in April", april(10), MONTH, 31, None, date(2026, 3, 31), at(4, 30), 6_667),  # 20 of 30 days
    ("a date of the year", april(1), YEAR, None, date(2020, 7, 1), date(2020, 7, 1), at(7, 1), 24_931),  # 91 of 365
    ("the 15th, by the year", april(1), YEAR, 15, None, date(2026, 4, 15), at(4, 15), 3_836),  # 14 of 365
]


@pytest.mark.parametrize(("says", "start", "interval", "day", "on", "anchor", "end", "minor"), ANCHORS)
async def test_another_anchor_begins_with_a_stub(
    world: World, says: str, start: datetime, interval: BillingInterval, day: int | None, on: date | None,
    anchor: date, end: datetime, minor: int,
) -> None:  # fmt: skip
    lives, who = Lives(world), await world.customer()
    await lives.started(who, PRO, start, interval=interval, anchor_day=day, anchor_on=on)
    row = await lives.subscription(who)
    assert (row.anchor_on, row.current_period_start, row.current_period_end) == (anchor, start, end), says
    lines = await lives.lines(who)
    assert lines[0][1:] == ("Pro", minor, start, end), says


async def test_a_commitment_is_counted_from_the_first_whole_period(world: World) -> None:
    lives, who = Lives(world), await world.customer()
    await lives.started(who, PRO, april(16), anchor_day=1, months=12)
    (term,) = await world.of(who, "commitment_terms")
    assert (term.start_at, term.end_at, term.months) == (april(16), at(5, 1, 2027), 12)


async def test_a_coupon_at_the_door_discounts_the_first_bill(world: World) -> None:
    lives, who = Lives(world), await world.customer()
    async with world.unit(april(1)) as unit:
        terms = CouponTerms("HALF", "Half off", percent=Decimal(50), periods=1)
        await new_coupon(unit, CouponId(world.ids.new()), terms, april(1))
    await lives.started(who, PRO, coupon="HALF")
    assert [(line[0], line[2]) for line in await lives.lines(who)] == [
        ("CHARGE", 10_000), ("DISCOUNT", -5_000), ("CHARGE", 2_500), ("DISCOUNT", -1_250),
    ]  # fmt: skip
    (invoice,) = await world.of(who, "invoices")
    assert (invoice.subtotal_minor, invoice.discount_minor, invoice.total_minor) == (12_500, 6_250, 6_250)
    (covered,) = await world.of(who, "discount_periods", "period_start")
    assert (covered.period_start, covered.period_end) == (APRIL.start, APRIL.end)


async def test_bad_input_names_its_field_and_writes_nothing(world: World) -> None:
    lives, who, had = Lives(world), await world.customer(), await world.customer()
    subscription = await lives.started(had)
    await lives.cancel(had, subscription, april(2), is_immediate=True)
    live = await world.customer()
    await lives.started(live)
    before = await world.billing_state()
    cases: list[tuple[str, Customer, dict[str, Any]]] = [
        ("trialDays", who, {"trial_days": 31}),
        ("trialDays", had, {"trial_days": 7}),
        ("trialDays", who, {"trial_days": -1}),
        ("trialDays", who, {"trial_days": 366, "actor": FINANCE}),
        ("anchorDay", who, {"anchor_day": 32}),
        ("anchorDay", who, {"anchor_day": 0}),
        ("anchorDay", who, {"anchor_day": 1, "trial_days": 7}),
        ("anchorOn", who, {"anchor_on": date(2026, 7, 1), "trial_days": 7}),
        ("anchorOn", who, {"anchor_on": date(2026, 7, 1), "anchor_day": 1}),
        ("commitmentMonths", who, {"months": 6, "interval": YEAR}),
        ("commitmentMonths", who, {"months": -12}),
        ("couponCode", who, {"coupon": "NO SUCH"}),
        ("planId", who, {"plan": CONTRACT}),
        ("planId", live, {"plan": SCALE}),
        ("quantities", who, {"seats": 0}),
    ]
    for field, customer, named in cases:
        with pytest.raises(InvalidInput) as caught:
            await lives.start(customer, at=april(3), **named)
        assert caught.value.path[0] == field, named
    for actor, error in ((who.viewer, Forbidden), (SUPPORT, Forbidden), (live.owner, NotFound)):
        with pytest.raises(error):
            await lives.start(who, actor=actor)
    assert changed(before, await world.billing_state()) == set()


async def test_finance_starts_what_a_customer_may_not(world: World) -> None:
    lives, who = Lives(world), await world.customer()
    outcome = await lives.start(who, CONTRACT, trial_days=90, months=24, actor=FINANCE)
    assert isinstance(outcome, Started)
    row = await lives.subscription(who)
    assert (row.status, row.trial_end_at) == ("TRIALING", at(6, 30))


async def test_l23_equal_parallel_starts_have_one_effect(world: World) -> None:
    lives, who = Lives(world), await world.customer()
    outcomes = await asyncio.gather(*(lives.start(who, key="once") for _ in range(8)))
    assert Counter(each.is_replay for each in outcomes if isinstance(each, Started)) == {False: 1, True: 7}
    assert len(await world.of(who, "subscriptions")) == 1
    assert len(await world.of(who, "invoices")) == 1
    assert isinstance(await lives.start(who, FREE, key="once"), KeyReused)


async def test_l24_two_different_starts_at_once_leave_one_live(world: World) -> None:
    lives, who = Lives(world), await world.customer()
    outcomes = await asyncio.gather(lives.start(who, PRO), lives.start(who, SCALE), return_exceptions=True)
    assert Counter(type(each) for each in outcomes) == {Started: 1, InvalidInput: 1}
    assert len(await world.of(who, "subscriptions")) == 1


async def test_l26_a_refused_start_leaves_the_key_free(world: World) -> None:
    lives, who = Lives(world), await world.customer()
    with pytest.raises(InvalidInput):
        await lives.start(who, seats=0, key="once")
    assert isinstance(await lives.start(who, key="once"), Started)


async def test_a_closed_account_starts_nothing(world: World) -> None:
    lives, who = Lives(world), await world.customer()
    async with world.unit(april(1)) as unit:
        unit.update(accounts, {"id": who.id}, {"status": AccountStatus.CLOSED.value})
    with pytest.raises(InvalidInput) as caught:
        await lives.start(who)
    assert caught.value.path == ("accountId",)


async def test_who_has_to_pay_first_starts_nothing_and_is_told_which_invoice(world: World) -> None:
    lives, who = Lives(world), await world.customer(net_days=0)
    await lives.cancel(who, await lives.started(who), april(2), is_immediate=True)
    (invoice,) = await world.of(who, "invoices")
    before = await world.billing_state()
    for days in (0, 7):
        outcome = await lives.start(who, at=april(15), key="once", trial_days=days)  # 14 days overdue
        assert isinstance(outcome, NotNow)
        assert (outcome.code, outcome.status) == ("CHANGES_BLOCKED", "CHANGES_BLOCKED")
        assert outcome.remedy == Remedy(RemedyAction.PAY_INVOICE, f"Pay invoice {invoice.number}.")
        assert outcome.message.startswith("125.00 USD has been overdue since 2026-04-01.")
    assert changed(before, await world.billing_state()) == set()
    await world.pay(who, invoice.id, april(15, 1))
    assert isinstance(await lives.start(who, at=april(15, 2), key="once"), Started)
