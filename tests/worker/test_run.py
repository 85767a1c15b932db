"""The worker does what is due in real time, each thing once, however many workers and jobs there are."""

import asyncio
import re
import signal
from collections import Counter
from datetime import timedelta

import asyncpg
import pytest
from sqlalchemy import text
from structlog.typing import EventDict

from db.engine import Database
from tests.make import APRIL, PRO
from tests.stored import Customer, World, a_world
from tests.worker.working import NO_LOOK, a_process, a_worker, bills, is_idle, queue, statuses, until
from worker.due import run_all_due
from worker.figures import Figures
from worker.look import look
from worker.rhythm import Rhythm

A_MONTH_LATE = APRIL.end + timedelta(days=31)
TWO_BILLS = [APRIL.end, A_MONTH_LATE]


@pytest.fixture
async def world(fresh_database: Database) -> World:
    """A world of this test's own: the worker takes whatever is due in a database."""
    return await a_world(fresh_database)


async def subscribers(world: World, number: int) -> list[Customer]:
    """Customers who have subscribed on 1 April."""
    found = [await world.customer() for _ in range(number)]
    for who in found:
        await world.subscribe(who, PRO)
    return found


async def test_everything_due_is_billed_and_a_standing_clock_is_left_alone(world: World) -> None:
    (living,) = await subscribers(world, 1)
    standing = await world.customer(is_sandbox=True, clock_at=APRIL.start)
    await world.subscribe(standing, PRO)
    async with a_worker(world.database, A_MONTH_LATE):
        await until(lambda: is_idle(world, A_MONTH_LATE))
    assert await bills(world, living) == TWO_BILLS
    assert await bills(world, standing) == []


async def test_an_hourly_job_queued_twice_does_not_bill_twice(world: World) -> None:
    ann, bob = await subscribers(world, 2)
    # three jobs over the same two accounts, none of them the same job, done by two workers at once
    await queue(world.database, [ann.id, bob.id], [bob.id, ann.id], [ann.id], [bob.id])
    assert await statuses(world) == ["queued"] * 4
    async with a_worker(world.database, A_MONTH_LATE, NO_LOOK), a_worker(world.database, A_MONTH_LATE, NO_LOOK):
        await until(lambda: is_idle(world, A_MONTH_LATE))
    assert await bills(world, ann) == TWO_BILLS
    assert await bills(world, bob) == TWO_BILLS


async def test_the_same_job_is_queued_once(world: World) -> None:
    ann, bob = await subscribers(world, 2)
    for _ in range(2):
        await queue(world.database, [ann.id, bob.id], [ann.id])
    assert await statuses(world) == ["queued"] * 2


async def test_looks_do_not_pile_up_jobs(world: World) -> None:
    await subscribers(world, 5)
    rhythm = Rhythm(batch_accounts=2, waiting_accounts=4)
    seen = [await look(world.database, A_MONTH_LATE, rhythm, Figures()) for _ in range(2)]
    # two jobs of two are all that may wait; the fifth account is still due and comes later
    assert seen == [4, 0]
    assert await statuses(world) == ["queued"] * 2
    assert await look(world.database, A_MONTH_LATE, Rhythm(), Figures()) == 1


async def test_looks_of_two_workers_at_once_find_each_account_once(world: World) -> None:
    await subscribers(world, 5)
    seen = await asyncio.gather(
        *(look(world.database, A_MONTH_LATE, Rhythm(batch_accounts=1), Figures()) for _ in "ab")
    )
    assert sum(seen) == 5
    assert await statuses(world) == ["queued"] * 5


async def test_two_worker_processes_never_bill_a_period_twice(world: World) -> None:
    everybody = await subscribers(world, 12)
    async with a_process(world.database.address.dsn, A_MONTH_LATE), a_process(world.database.address.dsn, A_MONTH_LATE):
        await until(lambda: is_idle(world, A_MONTH_LATE))
    for who in everybody:
        assert await bills(world, who) == TWO_BILLS
    numbers = Counter(row.number for row in await world.rows("SELECT number FROM invoices"))
    assert set(numbers.values()) == {1}


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_signal_ends_a_worker_in_peace_between_two_transactions(world: World, number: signal.Signals) -> None:
    everybody = await subscribers(world, 8)
    async with a_process(world.database.address.dsn, A_MONTH_LATE) as process:
        await until(lambda: anybody_billed(world))
        process.send_signal(number)
        assert await process.wait() == 0
    assert await statuses(world) == []
    # whoever was not reached is due still, and the next worker goes on
    async with a_worker(world.database, A_MONTH_LATE):
        await until(lambda: is_idle(world, A_MONTH_LATE))
    for who in everybody:
        assert await bills(world, who) == TWO_BILLS


async def test_told_to_stop_it_does_not_begin_another_transaction(world: World) -> None:
    ann, bob = await subscribers(world, 2)
    answers = iter([False, True])
    report = await run_all_due(world.database, [ann.id, bob.id], lambda: A_MONTH_LATE, lambda: next(answers))
    assert report.is_cut_short
    # one transaction does what is due first on each of them
    assert [await bills(world, who) for who in (ann, bob)] == [[APRIL.end]] * 2


async def test_what_finds_no_end_does_not_keep_a_worker_and_is_written_down(
    world: World, logged: list[EventDict], monkeypatch: pytest.MonkeyPatch
) -> None:
    (ann,) = await subscribers(world, 1)
    # one transaction a job: two months are three jobs, the last of which finds nothing due
    monkeypatch.setattr("worker.due.MOST_ROUNDS", 1)
    async with a_worker(world.database, A_MONTH_LATE):
        await until(lambda: is_idle(world, A_MONTH_LATE))
    assert await bills(world, ann) == TWO_BILLS
    assert "a job found no end" in {line["event"] for line in logged}


async def anybody_billed(world: World) -> bool:
    """Whether there is a renewal yet."""
    return bool(await world.rows("SELECT 1 FROM invoices WHERE reason = 'RENEWAL' LIMIT 1"))


async def test_the_job_of_a_killed_worker_is_anothers(world: World) -> None:
    (ann,) = await subscribers(world, 1)
    async with world.database.write() as session:
        # the account is locked, so that the worker is killed in the middle of its job
        await session.execute(text("SELECT FROM accounts WHERE id = :id FOR UPDATE"), {"id": ann.id})
        async with a_process(world.database.address.dsn, A_MONTH_LATE) as process:
            await until(lambda: is_picked(world))
            process.kill()
            await process.wait()
    assert await statuses(world) == ["picked"]
    async with a_worker(world.database, A_MONTH_LATE):
        await until(lambda: is_idle(world, A_MONTH_LATE))
    assert await bills(world, ann) == TWO_BILLS


async def is_picked(world: World) -> bool:
    """Whether a job is under way."""
    return "picked" in await statuses(world)


async def test_a_worker_outlives_a_database_that_goes_and_comes_back(world: World, logged: list[EventDict]) -> None:
    (ann,) = await subscribers(world, 1)
    async with a_worker(world.database, APRIL.end):
        await until(lambda: is_idle(world, APRIL.end))
        await end_connections(world.database)
        await until(lambda: is_said(logged, "cannot reach the queue"))
    async with a_worker(world.database, A_MONTH_LATE):
        await end_connections(world.database)
        await until(lambda: is_idle(world, A_MONTH_LATE))
    assert await bills(world, ann) == TWO_BILLS
    assert "cannot reach the queue" in {line["event"] for line in logged}


async def is_said(logged: list[EventDict], event: str) -> bool:
    """Whether a line of the log tells of it."""
    return event in {line["event"] for line in logged}


async def end_connections(database: Database) -> None:
    """End every connection to a database, as its server does when it is started anew; returns when all are gone."""
    connection = await asyncpg.connect(database.address.dsn)
    ended = [
        each["pid"]
        for each in await connection.fetch(
            "SELECT pid, pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    ]
    alive = "SELECT count(*) FROM pg_stat_activity WHERE pid = ANY($1::int[])"
    while await connection.fetchval(alive, ended):  # noqa: ASYNC110 - the server says nothing when they are gone
        await asyncio.sleep(0.01)
    await connection.close()


async def test_a_look_compares_nobody_with_each_that_is_in_the_queue(world: World) -> None:
    with world.database.recording() as ran:
        await look(world.database, A_MONTH_LATE, Rhythm(), Figures())
    (due,) = [statement.sql for statement in ran if "clock_at IS NULL" in statement.sql]
    # a connection soon plans for any list of accounts, and then an array would be searched from end to end for each row
    assert "hashed SubPlan" in await plan_for_anything(world.database, due)


async def plan_for_anything(database: Database, sql: str) -> str:
    """How the server runs a statement when it does not look at what is bound."""
    connection = await asyncpg.connect(database.address.dsn)
    try:
        await connection.execute(f"PREPARE due AS {sql}; SET plan_cache_mode = force_generic_plan")
        anything = ", ".join("NULL" for _ in set(re.findall(r"\$[0-9]+", sql)))
        return "\n".join(line for (line,) in await connection.fetch(f"EXPLAIN EXECUTE due ({anything})"))
    finally:
        await connection.close()
