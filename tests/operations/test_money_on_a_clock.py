"""Collection, dunning and suspension on a sandbox account's clock, by the same code that the worker runs."""

from datetime import UTC, datetime

import pytest

from db.engine import Database
from db.sandbox_provider import SandboxProvider
from domain.commands import AdvanceClock
from operations.clock.advance_clock import MOST_STEPS, Advanced, advance_clock
from tests.make import PRO, april
from tests.operations.money import B, Till, assert_balanced
from tests.stored import Customer, a_world

TODAY = datetime(2026, 6, 1, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
async def till(database: Database) -> Till:
    """A counter in a world of this module's own."""
    return Till(await a_world(database))


async def a_sandbox(till: Till, card: B, net_days: int = 0) -> Customer:
    """An account whose clock stands at noon of 1 April, on Pro with a seat, 125.00 a month."""
    who = await till.world.customer(is_sandbox=True, clock_at=april(1, 12), net_days=net_days)
    await till.card(who, card, at=TODAY)
    await till.world.subscribe(who, PRO, at=april(1, 12))
    return who


async def advance(till: Till, who: Customer, to: datetime, most_steps: int = MOST_STEPS) -> Advanced:
    """The owner moves the clock."""
    return await advance_clock(
        till.world.database,
        who.owner,
        till.world.ids,
        lambda: TODAY,
        SandboxProvider(till.world.database),
        AdvanceClock(who.id, to),
        most_steps=most_steps,
    )


def day(month: int, number: int, hour: int = 0) -> datetime:
    """An instant of 2026."""
    return datetime(2026, month, number, hour, tzinfo=UTC)


async def test_a_good_card_pays_every_month_the_moment_it_is_billed(till: Till) -> None:
    who = await a_sandbox(till, B.SUCCEEDS)
    assert (await advance(till, who, day(7, 1, 1))).is_complete
    bills = await till.world.of(who, "invoices", "drafted_at")
    # April to July, each paid as it was issued; the first when the clock first moved
    assert [(bill.status, bill.paid_at) for bill in bills] == [
        ("PAID", april(1, 12)), ("PAID", day(5, 1)), ("PAID", day(6, 1)), ("PAID", day(7, 1)),
    ]  # fmt: skip
    assert {payment.status for payment in await till.world.of(who, "payments")} == {"SUCCEEDED"}
    assert sum(entry.amount_minor for entry in await till.books(who)) == 4 * 12_500
    await assert_balanced(till.world, who)


async def test_what_one_call_leaves_the_next_does_also_at_the_instant_it_ends_with(till: Till) -> None:
    """On 1 May a bill and its payment are due at one instant: one thing a call, so the clock arrives early."""
    who = await a_sandbox(till, B.SUCCEEDS)
    calls = [await advance(till, who, day(5, 1), most_steps=1)]
    while not calls[-1].is_complete:
        calls.append(await advance(till, who, day(5, 1), most_steps=1))
    assert [call.clock_at for call in calls if not call.is_complete][-1] == day(5, 1)
    assert [bill.status for bill in await till.world.of(who, "invoices")] == ["PAID", "PAID"]


@pytest.mark.parametrize("card", [B.TIMES_OUT_CHARGED, B.TIMES_OUT_UNCHARGED])
async def test_a_card_that_times_out_is_settled_by_the_provider_s_books(till: Till, card: B) -> None:
    who = await a_sandbox(till, card)
    await advance(till, who, day(5, 1, 1))
    bills = await till.world.of(who, "invoices", "drafted_at")
    assert [bill.status for bill in bills] == ["PAID", "PAID"]
    # asked at once, and a minute later what became of it
    assert [payment.settled_at.minute for payment in await till.world.of(who, "payments", "created_at")] == [1, 1]
    assert sum(entry.amount_minor for entry in await till.books(who)) == 2 * 12_500
    await assert_balanced(till.world, who)


async def test_who_stops_paying_is_blocked_then_suspended_and_pays_back_in(till: Till) -> None:
    who = await a_sandbox(till, B.SUCCEEDS_ONCE)
    await advance(till, who, day(5, 14))
    rows = await till.world.of(who, "dunning_steps", "occurred_at, day", where="day > 0")
    # May's bill is due on 1 May: reminded on the 2nd, charged again on the 4th and the 8th
    assert [(row.day, row.occurred_at) for row in rows] == [(1, day(5, 2)), (3, day(5, 4)), (7, day(5, 8))]
    assert await till.world.of(who, "entitlements", where="valid_until IS NULL") != []
    await advance(till, who, day(5, 31))
    assert await till.world.of(who, "entitlements", where="valid_until IS NULL") == []
    (bill,) = await till.world.of(who, "invoices", where="status = 'OPEN'")
    await advance(till, who, day(6, 2))
    # June is billed all the same, and gives no access while May is owed
    assert await till.world.of(who, "entitlements", where="valid_until IS NULL") == []
    await till.card(who, B.SUCCEEDS, at=TODAY)
    await till.paid(who, bill.id, at=TODAY)
    assert await till.world.of(who, "entitlements", where="valid_until IS NULL") != []
    await assert_balanced(till.world, who)


async def test_terms_are_waited_for(till: Till) -> None:
    who = await a_sandbox(till, B.SUCCEEDS, net_days=14)
    await advance(till, who, april(14, 23))
    (bill,) = await till.world.of(who, "invoices")
    assert bill.status == "OPEN"
    await advance(till, who, april(15))
    (bill,) = await till.world.of(who, "invoices")
    assert (bill.status, bill.paid_at) == ("PAID", april(15))


async def test_l25_advancing_in_steps_or_at_once_ends_alike(till: Till) -> None:
    ends = []
    for stops in ([day(6, 15)], [april(1, 13), april(2), april(30), day(5, 1), day(5, 4), day(6, 15)]):
        who = await a_sandbox(till, B.SUCCEEDS_ONCE)
        for stop in stops:
            await advance(till, who, stop)
        ends.append(
            [
                [
                    (row.status, row.due_on, row.paid_minor, row.next_step_at)
                    for row in await till.world.of(who, "invoices", "drafted_at")
                ],
                [(row.day, row.occurred_at) for row in await till.world.of(who, "dunning_steps", "occurred_at, day")],
                [(row.status, row.created_at) for row in await till.world.of(who, "payments", "created_at")],
            ]
        )
    assert ends[0] == ends[1]
