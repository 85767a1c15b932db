"""An account that fails holds up no other, is tried again ever later, and is held in sight when it failed too often."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text
from structlog.typing import EventDict

from db.engine import Database
from db.job_queue import queue_in
from tests.make import APRIL, PRO
from tests.stored import World, a_world
from tests.worker.working import QUICK, a_worker, bills, is_idle, mend, poison, queue, statuses, until
from worker.figures import Figures
from worker.held import NotHeld, held, retry
from worker.look import look
from worker.rhythm import Rhythm

DUE = APRIL.end


@pytest.fixture
async def world(fresh_database: Database) -> World:
    """A world of this test's own: the worker takes whatever is due in a database."""
    return await a_world(fresh_database)


def figure(figures: Figures, name: str, **labels: str) -> float | None:
    """One figure as Prometheus would read it."""
    return figures.registry.get_sample_value(name, labels)


async def test_a_poisoned_account_is_held_while_a_hundred_others_are_billed(
    world: World, logged: list[EventDict]
) -> None:
    everybody = [await world.customer() for _ in range(101)]
    for who in everybody:
        await world.subscribe(who, PRO)
    # due as early as the others and in one batch with them
    poisoned = everybody.pop(50)
    await poison(world, poisoned)
    async with a_worker(world.database, DUE) as figures:
        await until(lambda: is_idle(world, DUE))
        await until(lambda: is_counted(figures))
        await asyncio.sleep(3 * QUICK.look_s)  # later looks leave it alone
    for who in everybody:
        assert await bills(world, who) == [DUE]
    assert await bills(world, poisoned) == []

    (job,) = await held(world.database)
    assert job.account == f"acct_{poisoned.id.hex}"
    assert job.tries == QUICK.tries
    assert job.error.endswith("no invoice for you")
    assert "\n" not in job.error
    assert await statuses(world) == ["failed"]
    (line,) = [line for line in logged if line["event"] == "account held"]
    assert (line["account_id"], line["job_id"], line["error"]) == (poisoned.id.hex, job.job_id, job.error)
    assert figure(figures, "billing_held_accounts_total") == 1
    assert figure(figures, "billing_jobs", status="held") == 1
    # in the batch once, alone three times
    assert figure(figures, "billing_job_accounts_total", outcome="failed") == 1 + QUICK.tries
    assert figure(figures, "billing_job_accounts_total", outcome="done") == 100


async def is_counted(figures: Figures) -> bool:
    """Whether a look has seen the held job."""
    return figure(figures, "billing_jobs", status="held") == 1


async def test_a_held_account_is_billed_when_its_cause_is_mended_and_somebody_asks(world: World) -> None:
    poisoned = await world.customer()
    await world.subscribe(poisoned, PRO)
    await poison(world, poisoned)
    async with a_worker(world.database, DUE):
        await until(lambda: is_idle(world, DUE))
    (job,) = await held(world.database)
    await mend(world, poisoned)
    async with a_worker(world.database, DUE):
        # nobody asked, and a worker alone never brings it back
        await asyncio.sleep(3 * QUICK.look_s)
        assert await bills(world, poisoned) == []
        assert await retry(world.database, [job.job_id]) == [job.job_id]
        await until(lambda: is_idle(world, DUE))
    assert await bills(world, poisoned) == [DUE]
    assert await statuses(world) == []
    assert await held(world.database) == []


async def test_what_fails_again_is_held_again_with_its_last_error(world: World) -> None:
    poisoned = await world.customer()
    await world.subscribe(poisoned, PRO)
    await poison(world, poisoned)
    for _ in range(2):
        async with a_worker(world.database, DUE):
            await until(lambda: is_idle(world, DUE))
        (job,) = await held(world.database)
        assert job.tries == QUICK.tries
        await retry(world.database)
    assert await statuses(world) == ["queued"]


async def test_an_account_that_fails_rests_while_the_others_go_on(world: World) -> None:
    first, second = [await world.customer() for _ in "ab"]
    for who in (first, second):
        await world.subscribe(who, PRO)
    await poison(world, first)
    patient = replace(QUICK, first_delay_s=3600, longest_delay_s=3600)
    async with a_worker(world.database, DUE, patient):
        await until(lambda: is_billed(world, second.id.hex))
        await until(lambda: rests(world))
        await asyncio.sleep(3 * QUICK.look_s)
    # it waits for its next try in a job of its own, behind whatever else there is, and is not looked for meanwhile
    jobs = await world.rows(
        "SELECT status::text AS status, priority, attempts, execute_after > now() + interval '50 minutes' AS rests, "
        "convert_from(payload, 'UTF8') AS accounts FROM queue.pgqueuer"
    )
    assert [tuple(job) for job in jobs] == [("queued", -1, 0, True, f"acct_{first.id.hex}")]


async def is_billed(world: World, account: str) -> bool:
    """Whether an account has a renewal."""
    return bool(await world.rows("SELECT 1 FROM invoices WHERE account_id = :id AND reason = 'RENEWAL'", id=account))


async def rests(world: World) -> bool:
    """Whether all that is in the queue waits for a later time."""
    return await statuses(world) == ["queued"]


async def test_held_accounts_however_many_leave_room_for_the_others(world: World) -> None:
    everybody = [await world.customer() for _ in range(4)]
    for who in everybody:
        await world.subscribe(who, PRO)
    await queue(world.database, *([who.id] for who in everybody[:3]))
    async with world.database.write() as session:
        await session.execute(text("UPDATE queue.pgqueuer SET status = 'failed'"))
    assert await look(world.database, DUE, Rhythm(waiting_accounts=2), Figures()) == 1


async def test_a_job_that_cannot_be_read_is_held_and_stops_no_look(world: World) -> None:
    ann = await world.customer()
    await world.subscribe(ann, PRO)
    async with world.database.write() as session:
        await (await queue_in(session)).enqueue("bill", b"x")
    async with a_worker(world.database, DUE):
        await until(lambda: is_billed(world, ann.id.hex))
        await until(lambda: is_held(world))
    (job,) = await held(world.database)
    assert (job.account, job.tries) == ("x", 1)
    assert "is not an id" in job.error


async def is_held(world: World) -> bool:
    """Whether all that is in the queue is held."""
    return await statuses(world) == ["failed"]


async def test_only_held_jobs_are_queued_again_all_that_are_named_or_none(world: World) -> None:
    ann, bob = [await world.customer() for _ in "ab"]
    await queue(world.database, [ann.id], [bob.id])
    first, second = [row.id for row in await world.rows("SELECT id FROM queue.pgqueuer ORDER BY id")]
    async with world.database.write() as session:
        await session.execute(text("UPDATE queue.pgqueuer SET status = 'failed' WHERE id = :id"), {"id": first})
    with pytest.raises(NotHeld, match=f"not held: {second};"):
        await retry(world.database, [first, second])
    assert sorted(await statuses(world)) == ["failed", "queued"]
    assert await retry(world.database) == [first]
    assert await statuses(world) == ["queued", "queued"]


def test_delays_grow_up_to_an_hour() -> None:
    delays = [Rhythm().delay(failures) for failures in range(1, 10)]
    # 30 s doubled each time: 30, 60, 120, 240, 480, 960, 1920 s, then 3840 and 7680 s are an hour
    assert delays == [timedelta(seconds=each) for each in (30, 60, 120, 240, 480, 960, 1920, 3600, 3600)]
