"""A worker that runs while a test looks on, in this process or in one of its own, at an instant that stands still."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path

from sqlalchemy import text

from db.engine import Database
from db.job_queue import queue_in
from db.queries.due import due_accounts
from domain.ids import AccountId
from tests.stored import Customer, World
from worker.figures import Figures
from worker.jobs import put_in
from worker.rhythm import Rhythm
from worker.run import work

ROOT = Path(__file__).parents[2]
PATIENCE_S = 600
"""After which a worker is taken to hang; how quick it is says nothing."""

QUICK = Rhythm(look_s=0.05, heartbeat_s=1.0, tries=3, first_delay_s=0.05, longest_delay_s=0.2)
NO_LOOK = Rhythm(look_s=0.05, heartbeat_s=1.0, waiting_accounts=0)
"""A worker that does jobs and makes none."""


@asynccontextmanager
async def a_worker(database: Database, at: datetime, rhythm: Rhythm = QUICK) -> AsyncIterator[Figures]:
    """A worker's figures while it runs; it stops at the end of the block, as after a signal."""
    stop, figures = asyncio.Event(), Figures()
    running = asyncio.create_task(work(database, database.address, stop, lambda: at, rhythm, figures))
    try:
        yield figures
    finally:
        stop.set()
        await running


@asynccontextmanager
async def a_process(url: str, at: datetime, *arguments: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """A worker in a process of its own, nearly as quick; killed at the end of the block if it still runs."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.worker.process", at.isoformat(), *arguments),
        cwd=ROOT,
        env={"PATH": os.defpath, "DATABASE_URL": url},
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def until(condition: Callable[[], Awaitable[bool]]) -> None:
    """Wait for something that the worker brings about."""
    async with asyncio.timeout(PATIENCE_S):
        while not await condition():  # noqa: ASYNC110 - what is waited for happens in a database
            await asyncio.sleep(0.02)


async def queue(database: Database, *batches: list[AccountId]) -> None:
    """Put jobs into the queue."""
    async with database.write() as session:
        await put_in(await queue_in(session), batches)


async def statuses(world: World) -> list[str]:
    """The status of each job there is."""
    return [row.status for row in await world.rows("SELECT status::text AS status FROM queue.pgqueuer ORDER BY id")]


async def is_idle(world: World, at: datetime) -> bool:
    """Whether nothing waits or is under way, and nothing is due but to accounts whose jobs are held."""
    async with world.unit(at) as unit:
        due = await due_accounts(unit.session, unit.scope, at, 1000)
    jobs = await world.rows(
        "SELECT status::text AS status, convert_from(payload, 'UTF8') AS accounts FROM queue.pgqueuer"
    )
    held = {job.accounts for job in jobs if job.status == "failed"}
    return len(held) == len(jobs) and {f"acct_{each.hex}" for each in due} <= held


async def bills(world: World, who: Customer) -> list[datetime]:
    """The instants of a customer's renewals."""
    return [row.finalised_at for row in await world.of(who, "invoices", "finalised_at", "reason = 'RENEWAL'")]


async def poison(world: World, who: Customer) -> None:
    """Let the database refuse every new invoice of an account: a fault that no operation foresees."""
    async with world.database.write() as session:
        await session.execute(
            text(
                "CREATE OR REPLACE FUNCTION refuse() RETURNS trigger AS "
                "$$ BEGIN RAISE EXCEPTION 'no invoice for you'; END $$ LANGUAGE plpgsql"
            )
        )
        await session.execute(
            text(
                f'CREATE TRIGGER "poison {who.id.hex}" BEFORE INSERT ON invoices FOR EACH ROW '
                f"WHEN (NEW.account_id = '{who.id}') EXECUTE FUNCTION refuse()"
            )
        )


async def mend(world: World, who: Customer) -> None:
    """Take the fault away."""
    async with world.database.write() as session:
        await session.execute(text(f'DROP TRIGGER "poison {who.id.hex}" ON invoices'))
