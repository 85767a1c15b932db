"""Law L15 over random lives on a real Postgres: an item's service periods are disjoint, adjacent, and its life."""

import asyncio
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from random import Random
from typing import Any

import pytest

from domain.ids import SubscriptionId
from domain.periods import BillingInterval
from tests.make import MONTH, PRO, SCALE, STARTER, YEAR, april
from tests.operations.lives import FINANCE, Lives
from tests.stored import Customer, World

SEEDS = range(6)
DEEDS = ("pause", "resume", "upgrade", "seats", "downgrade", "cancel", "undo", "wait", "wait")


async def a_deed(lives: Lives, who: Customer, subscription: SubscriptionId, at: datetime, chance: Random) -> None:
    """Whatever somebody does next; a no is as good as a deed, as long as nothing breaks."""
    match chance.choice(DEEDS):
        case "pause":
            await lives.pause(who, subscription, at)
        case "resume":
            await lives.resume(who, subscription, at)
        case "upgrade":
            await change(lives, who, subscription, at, SCALE)
        case "downgrade":
            await change(lives, who, subscription, at, STARTER)
        case "seats":
            await change(lives, who, subscription, at, None, seats=chance.randrange(1, 9))
        case "cancel":
            await lives.cancel(who, subscription, at)
        case "undo":
            await lives.undo(who, subscription, at)
        case _:
            pass


async def change(
    lives: Lives, who: Customer, subscription: SubscriptionId, at: datetime, plan: Any, seats: int | None = None
) -> None:
    """Another plan or other seats, where that is allowed now."""
    shown = await lives.world.preview(who, subscription, plan, at, seats=seats, replace_pending=True)
    if shown.quote is not None:
        await lives.world.apply(who, shown.quote.id, at, confirm=["PC-13"])


@pytest.mark.parametrize("interval", [MONTH, YEAR])
@pytest.mark.parametrize("seed", SEEDS)
async def test_l15_service_periods_are_disjoint_adjacent_and_the_life_less_pauses(
    world: World, seed: int, interval: BillingInterval
) -> None:
    chance, lives, who = Random(seed), Lives(world), await world.customer(net_days=365)
    subscription = await lives.started(who, PRO, seats=2, interval=interval)
    at = april(1)
    for _ in range(12):
        at += timedelta(days=chance.randrange(1, 20), seconds=chance.randrange(86_400))
        await world.run_until(who, at)
        if (await lives.subscription(who)).ended_at is not None:
            break
        await a_deed(lives, who, subscription, at, chance)
        await assert_served(world, who)
    if (await lives.subscription(who)).ended_at is None:
        await lives.cancel(who, subscription, at, is_immediate=True, credits_unused=True, actor=FINANCE)
    await assert_served(world, who)


async def test_l15_holds_when_everything_happens_at_once(world: World) -> None:
    lives, who = Lives(world), await world.customer(net_days=365)
    subscription = await lives.started(who, PRO, seats=2)
    chances = [Random(number) for number in range(12)]
    await asyncio.gather(*(a_deed(lives, who, subscription, april(16), chance) for chance in chances))
    await assert_served(world, who)


async def assert_served(world: World, who: Customer) -> None:
    """What each item version was charged for and not given back: one span, from its beginning to its end."""
    (row,) = await world.of(who, "subscriptions")
    charged = await world.rows(
        "SELECT l.id, l.item_id, l.service_start, l.service_end FROM invoice_lines l JOIN invoices i "
        "ON i.account_id = l.account_id AND i.id = l.invoice_id WHERE l.account_id = :id AND i.status <> 'VOID' "
        "AND l.kind IN ('CHARGE', 'PRORATION_CHARGE') ORDER BY l.service_start",
        id=who.id,
    )
    given_back = await world.rows(
        "SELECT credited_line_id AS id, service_start, service_end FROM invoice_lines WHERE account_id = :id "
        "AND kind = 'PRORATION_CREDIT' UNION ALL SELECT invoice_line_id, service_start, service_end "
        "FROM credit_note_lines WHERE account_id = :id",
        id=who.id,
    )
    begin_of = {line.id: line.service_start for line in charged}
    cut = {line.id: line.service_end for line in charged}
    for credit in sorted(given_back, key=lambda each: each.service_start, reverse=True):
        assert credit.service_end == cut[credit.id], "a credit reaches to where the line still counts"
        assert begin_of[credit.id] <= credit.service_start
        cut[credit.id] = credit.service_start
    spans: dict[Any, list[tuple[datetime, datetime]]] = {}
    for line in charged:
        if line.service_start < cut[line.id]:
            spans.setdefault(line.item_id, []).append((line.service_start, cut[line.id]))
    for item in await world.of(who, "subscription_items"):
        end = item.valid_until or row.current_period_end
        if item.valid_from == end:
            assert item.id not in spans
            continue
        served = spans[item.id]
        assert (served[0][0], served[-1][1]) == (item.valid_from, end)
        assert all(before[1] == after[0] for before, after in pairwise(served))
    assert row.started_at == datetime(2026, 4, 1, tzinfo=UTC)
