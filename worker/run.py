"""`billing work`: do what is due, as long as it runs. Accounts on a standing clock are left to whoever moves it.

Owns the life of a worker: its signals, its connection to the queue, when it looks. Does not own what is due
(operations), what a job is (worker.jobs), nor how jobs are handed out: that is pgqueuer's.
"""

import asyncio
import signal
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import structlog
from pgqueuer.qm import QueueManager
from pgqueuer.queries import Queries

from db.address import Address
from db.engine import Database, DatabaseUnavailable
from db.job_queue import CHANNEL, listening
from worker.due import Clock
from worker.figures import Figures
from worker.jobs import BILL, Biller
from worker.look import look, tidy
from worker.rhythm import Rhythm
from worker.tend import tend_on, watch_months
from worker.watch import WATCH_EVERY_S, watch

TIDY_EVERY_S = 3600.0

log = structlog.get_logger("worker")


def real_time() -> datetime:
    """Now, by this machine."""
    return datetime.now(UTC)


async def run(database: Database, queue: Address, rhythm: Rhythm, figures: Figures, clock: Clock = real_time) -> None:
    """Work until SIGINT, SIGTERM or SIGHUP; the transaction under way is finished first. `queue` is direct."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, stop.set)
    log.info("worker started")
    await work(database, queue, stop, clock, rhythm, figures)
    log.info("worker stopped")


async def work(
    database: Database, queue: Address, stop: asyncio.Event, clock: Clock, rhythm: Rhythm, figures: Figures
) -> None:
    """Look for due accounts and do their jobs until `stop` is set; `clock` tells real time.

    A database that is away is waited for: jobs that were under way are picked again once their heartbeat is old.
    """
    while not stop.is_set():
        try:
            async with listening(queue) as queries:
                await _work_on(queries, database, stop, clock, rhythm, figures)
        except DatabaseUnavailable as problem:
            log.error("cannot reach the queue", error=str(problem))
            await _rest(stop, rhythm.look_s)


async def _work_on(
    queries: Queries, database: Database, stop: asyncio.Event, clock: Clock, rhythm: Rhythm, figures: Figures
) -> None:
    """One connection's life: jobs are handed out and looked for until `stop` is set or the connection breaks."""
    manager = QueueManager(queries, CHANNEL)
    biller = Biller(database, queries, clock, manager.shutdown.is_set, rhythm, figures)
    manager.entrypoint(BILL, on_failure="hold", accepts_context=False)(biller.bill)
    looking = asyncio.create_task(_look_on(database, manager.shutdown, clock, rhythm, figures))
    tending = asyncio.create_task(tend_on(database, manager.shutdown, clock, rhythm))
    stopping = asyncio.create_task(_pass_on(stop, manager.shutdown))
    try:
        await manager.run(
            dequeue_timeout=timedelta(seconds=rhythm.look_s),
            # the least the library allows for so many jobs at once
            batch_size=max(rhythm.jobs_at_once // 2, 1),
            max_concurrent_tasks=max(rhythm.jobs_at_once, 2),
            shutdown_on_listener_failure=True,
            heartbeat_timeout=timedelta(seconds=rhythm.heartbeat_s),
            # ours are the figures
            log_aggregation_interval=timedelta(0),
        )
    finally:
        manager.shutdown.set()
        stopping.cancel()
        await looking
        await tending


async def _look_on(database: Database, stop: asyncio.Event, clock: Clock, rhythm: Rhythm, figures: Figures) -> None:
    """Look every few seconds until `stop` is set, whatever a look meets with."""
    tidy_at_s = watch_at_s = 0.0
    while not stop.is_set():
        try:
            await look(database, clock(), rhythm, figures)
            now_s = asyncio.get_running_loop().time()
            if now_s >= tidy_at_s:
                await tidy(database, clock(), rhythm)
                tidy_at_s = now_s + TIDY_EVERY_S
            if now_s >= watch_at_s:
                await watch(database, clock(), figures)
                await watch_months(database, clock(), figures)
                watch_at_s = now_s + WATCH_EVERY_S
        except DatabaseUnavailable as problem:
            log.error("cannot look for what is due", error=str(problem))
        except Exception as problem:
            log.error("cannot look for what is due", error=type(problem).__name__, exc_info=problem)
        await _rest(stop, rhythm.look_s)


async def _pass_on(stop: asyncio.Event, shutdown: asyncio.Event) -> None:
    await stop.wait()
    shutdown.set()


async def _rest(stop: asyncio.Event, seconds_s: float) -> None:
    with suppress(TimeoutError):
        await asyncio.wait_for(stop.wait(), seconds_s)
