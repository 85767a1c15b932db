"""The look for what is due: every few seconds one worker puts due accounts into the queue, the longest due first.

Owns that nobody is put in twice. Does not own what due means (db.queries.due), nor what follows (worker.jobs).
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from db.engine import Database
from db.identity import RandomIds
from db.job_queue import queue_in
from db.job_rows import KnownJob, forget_jobs_before, is_alone, job_counts, known_jobs
from db.queries.due import due_accounts
from db.save.policy import forget_facts_before
from db.unit_of_work import unit_of_work
from domain.errors import DomainError
from domain.ids import AccountId
from worker.due import SYSTEM
from worker.figures import Figures
from worker.jobs import BILL, accounts_of, put_in
from worker.rhythm import Rhythm


async def look(database: Database, now: datetime, rhythm: Rhythm, figures: Figures) -> int:
    """Put everything due by `now` into the queue that is not in it already, in one transaction; how many accounts.

    An account whose job waits, is under way or is held stays out, and so does everybody while another worker looks.
    Raises `DatabaseUnavailable`.
    """
    async with unit_of_work(database, SYSTEM, RandomIds(), now) as unit:
        figures.queue(await job_counts(unit.session))
        if not await is_alone(unit.session):
            return 0
        jobs = [(job, _readable(job)) for job in await known_jobs(unit.session, BILL)]
        # those that are tried again or held are not waited for: however many they are, the others go on
        room = rhythm.waiting_accounts - sum(len(accounts) for job, accounts in jobs if job.is_fresh)
        if room <= 0:
            return 0
        known = {account_id for _, accounts in jobs for account_id in accounts}
        due = await due_accounts(unit.session, unit.scope, now, room, but=known)
        size = rhythm.batch_accounts
        await put_in(await queue_in(unit.session), [due[at : at + size] for at in range(0, len(due), size)])
        return len(due)


async def tidy(database: Database, now: datetime, rhythm: Rhythm) -> None:
    """Forget what the queue has noted of jobs long gone, and what decisions of long ago looked at.

    Raises `DatabaseUnavailable`.
    """
    async with unit_of_work(database, SYSTEM, RandomIds(), now) as unit:
        await forget_jobs_before(unit.session, now - timedelta(days=rhythm.log_days))
        await forget_facts_before(unit, now - timedelta(days=rhythm.facts_days))


def _readable(job: KnownJob) -> Sequence[AccountId]:
    """The accounts of a job; none of one that is not ours, which its handler will complain of."""
    try:
        return accounts_of(job.payload)
    except DomainError:
        return ()
