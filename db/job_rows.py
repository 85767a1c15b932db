"""What the worker and its operators ask of the queue beyond the library: who waits, what is held, what may go.

Owns those statements. Does not own the queue (`db.job_queue`), nor its tables: they are pgqueuer's, by our migration.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import (
    JSON,
    BigInteger,
    DateTime,
    Integer,
    LargeBinary,
    Text,
    cast,
    column,
    delete,
    exists,
    func,
    select,
)
from sqlalchemy import table as table_of
from sqlalchemy.ext.asyncio import AsyncSession

MOST_HELD_ROWS: Final = 1000
"""How many held jobs are told of at once."""

_JOBS: Final = table_of(
    "pgqueuer",
    column("id", BigInteger),
    column("status", Text),
    column("priority", Integer),
    column("entrypoint", Text),
    column("payload", LargeBinary),
    column("attempts", Integer),
    column("updated", DateTime(timezone=True)),
    schema="queue",
)
_LOG: Final = table_of(
    "pgqueuer_log",
    column("id", BigInteger),
    column("job_id", BigInteger),
    column("created", DateTime(timezone=True)),
    column("traceback", JSON),
    schema="queue",
)
_STATUS: Final = cast(_JOBS.c.status, Text)
_ONE_LOOK_AT_A_TIME: Final = 0x6C6F6F6B  # any number, the same for every worker


@dataclass(frozen=True, slots=True)
class KnownJob:
    """A job in the queue; `is_fresh` if it has neither failed nor been put aside, so that it will be done soon."""

    payload: bytes
    is_fresh: bool


@dataclass(frozen=True, slots=True)
class HeldJob:
    """A job that failed too often and waits for somebody; `error` is its last failure in one line."""

    id: int
    payload: bytes
    attempts: int
    held_at: datetime
    error: str


async def is_alone(session: AsyncSession) -> bool:
    """Whether no other worker looks for what is due now; if so, none will until this transaction ends."""
    return bool(await session.scalar(select(func.pg_try_advisory_xact_lock(_ONE_LOOK_AT_A_TIME))))


async def known_jobs(session: AsyncSession, entrypoint: str) -> Sequence[KnownJob]:
    """The jobs of an entrypoint: those that wait, those under way, and the held ones."""
    is_fresh = (_STATUS != "failed") & (_JOBS.c.priority >= 0) & (_JOBS.c.attempts == 0)
    found = await session.execute(
        select(_JOBS.c.payload, is_fresh.label("is_fresh")).where(_JOBS.c.entrypoint == entrypoint)
    )
    return [KnownJob(row.payload or b"", row.is_fresh) for row in found]


async def job_counts(session: AsyncSession) -> Mapping[str, int]:
    """How many jobs there are by status: queued, picked, and failed, which are the held ones."""
    found = await session.execute(select(_STATUS, func.count()).group_by(_STATUS))
    return {status: number for status, number in found}  # noqa: C416 - dict() would lose the types of a row


async def held_jobs(session: AsyncSession, ids: Sequence[int] = ()) -> Sequence[HeldJob]:
    """The held jobs, the longest held first; only those of `ids`, if any are given."""
    error = (
        select(_LOG.c.traceback["exception_message"].as_string())
        .where(_LOG.c.job_id == _JOBS.c.id, _LOG.c.traceback.is_not(None))
        .order_by(_LOG.c.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    found = await session.execute(
        select(_JOBS.c.id, _JOBS.c.payload, _JOBS.c.attempts, _JOBS.c.updated, error.label("error"))
        .where(_STATUS == "failed", *([_JOBS.c.id.in_(ids)] if ids else []))
        .order_by(_JOBS.c.updated, _JOBS.c.id)
        .limit(MOST_HELD_ROWS)
    )
    return [HeldJob(row.id, row.payload or b"", row.attempts, row.updated, row.error or "") for row in found]


async def forget_jobs_before(session: AsyncSession, instant: datetime) -> None:
    """Delete what was noted of jobs that are gone, up to an instant of real time; pgqueuer keeps it for ever."""
    still_there = exists().where(_JOBS.c.id == _LOG.c.job_id)
    await session.execute(delete(_LOG).where(_LOG.c.created < instant, ~still_there))
