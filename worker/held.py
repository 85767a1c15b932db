"""The jobs that failed too often: what they are, and giving them another chance. Nothing else ever takes one away.

Owns the list that operators see. Does not own when a job is held (worker.jobs), nor printing (cli.work).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from pgqueuer.types import JobId

from db.engine import Database
from db.job_queue import queue_in
from db.job_rows import held_jobs


@dataclass(frozen=True, slots=True)
class Held:
    """A held job. `account` is its account's public id, or whatever its payload says; `error` the last one's line."""

    job_id: int
    account: str
    tries: int
    held_at: datetime
    error: str


async def held(database: Database) -> Sequence[Held]:
    """Every held job, the longest held first. Raises `DatabaseUnavailable`."""
    async with database.write() as session:
        return [
            Held(job.id, job.payload.decode(errors="replace"), job.attempts + 1, job.held_at, job.error)
            for job in await held_jobs(session)
        ]


class NotHeld(Exception):
    """Jobs were named that are not held; the text is one line that names them."""


async def retry(database: Database, job_ids: Sequence[int] = ()) -> Sequence[int]:
    """Queue held jobs again, as if they had never failed; all of them if none is named. Returns the ids of those.

    Raises `NotHeld`, and then none is queued; `DatabaseUnavailable`.
    """
    async with database.write() as session:
        found = [JobId(job.id) for job in await held_jobs(session, job_ids)]
        if missing := sorted(set(job_ids) - set(found)):
            raise NotHeld(f"not held: {', '.join(map(str, missing))}; `billing work --held` lists what is")
        await (await queue_in(session)).requeue_jobs(found)
        return found
