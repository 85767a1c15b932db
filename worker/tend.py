"""The care of usage: once an hour a worker makes the months that come and takes down those that are past.

Owns when it is done, and what is told of it. Does not own what there is to do (db.usage_months).
"""

import asyncio
from contextlib import suppress
from datetime import datetime

import structlog

from db.engine import Database, DatabaseUnavailable
from db.usage_months import months_on_file, tend_months
from worker.due import Clock
from worker.figures import Figures
from worker.rhythm import Rhythm

log = structlog.get_logger("worker")


async def tend_on(database: Database, stop: asyncio.Event, clock: Clock, rhythm: Rhythm) -> None:
    """Tend the months of usage every hour until `stop` is set, beside the worker's other work, whatever it meets with.

    The first time a little after the start: workers that are started together, or again and again, have that to do
    first which customers wait for.
    """
    await _rest(stop, rhythm.tend_after_s)
    while not stop.is_set():
        try:
            tended = await tend_months(database, clock(), stop.is_set)
            if tended.made or tended.dropped or tended.forgotten:
                log.info("months of usage tended", made=tended.made, dropped=tended.dropped, events=tended.forgotten)
            if not tended.is_done and not stop.is_set():
                log.warning("months of usage are in use, and wait for the next time")
        except DatabaseUnavailable as problem:
            log.error("cannot tend the months of usage", error=str(problem))
        except Exception as problem:
            log.error("cannot tend the months of usage", error=type(problem).__name__, exc_info=problem)
        await _rest(stop, rhythm.tend_s)


async def watch_months(database: Database, now: datetime, figures: Figures) -> None:
    """Tell the figures which months there are. One statement. Raises `DatabaseUnavailable`."""
    async with database.write() as session:
        figures.months(await months_on_file(session), now)


async def _rest(stop: asyncio.Event, seconds_s: float) -> None:
    with suppress(TimeoutError):
        await asyncio.wait_for(stop.wait(), seconds_s)
