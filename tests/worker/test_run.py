"""The worker renews what is due in real time; an account that fails holds up no other."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import text

from db.engine import Database
from domain.ids import AccountId
from tests.make import APRIL, PRO
from tests.stored import Customer, World, a_world
from worker import run as worker

A_MONTH_LATE = APRIL.end + timedelta(days=31)


@pytest.fixture
async def world(fresh_database: Database) -> World:
    """A world of this test's own: the worker takes whatever is due in a database."""
    return await a_world(fresh_database)


async def bills(world: World, who: Customer) -> list[datetime]:
    return [row.finalised_at for row in await world.of(who, "invoices", "finalised_at", "reason = 'RENEWAL'")]


async def works_until(world: World, last: Customer, at: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the worker run at an instant until it has been at a customer."""
    stop = asyncio.Event()
    renew = worker.renew_account

    async def watched(database: Database, account_id: AccountId, clock: Callable[[], datetime]) -> int:
        try:
            return await renew(database, account_id, clock)
        finally:
            if account_id == last.id:
                stop.set()

    monkeypatch.setattr(worker, "renew_account", watched)
    async with asyncio.timeout(30):
        await worker.work(world.database, stop, lambda: at)


async def test_everything_due_is_billed_and_a_standing_clock_is_left_alone(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    living = await world.customer()
    standing = await world.customer(is_sandbox=True, clock_at=APRIL.start)
    for who in (living, standing):
        await world.subscribe(who, PRO)
    await works_until(world, living, A_MONTH_LATE, monkeypatch)
    assert await bills(world, living) == [APRIL.end, A_MONTH_LATE]
    assert await bills(world, standing) == []


async def test_accounts_that_fail_hold_up_no_other_however_many_they_are(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    # two at a time, and the two that have been due longest cannot be renewed
    monkeypatch.setattr(worker, "ACCOUNTS_AT_ONCE", 2)
    monkeypatch.setattr(worker, "POLL_S", 0.01)
    failing = [await world.customer() for _ in range(2)]
    fine = await world.customer()
    for who in failing:
        await world.subscribe(who, PRO)
    await world.subscribe(fine, PRO, at=APRIL.start + timedelta(days=1))
    async with world.unit(APRIL.start) as unit:
        for who in failing:
            await unit.session.execute(
                text("UPDATE subscriptions SET status = 'PAUSED' WHERE account_id = :id"), {"id": who.id}
            )
    await works_until(world, fine, A_MONTH_LATE, monkeypatch)
    assert await bills(world, fine) == [APRIL.end + timedelta(days=1)]
    assert await bills(world, failing[0]) == []
