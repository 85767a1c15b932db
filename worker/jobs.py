"""What a job is: some accounts with something due; and what becomes of it when they fail.

A job is a hint that may be lost or done twice: what is due stands with the accounts, under their locks. A job of
several accounts never fails; an account that fails gets a job of its own, which is tried again, ever later, and is
held when it has failed too often. Does not own which accounts (worker.look), nor how they are billed (worker.due).
"""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import structlog
from pgqueuer.errors import RetryRequested
from pgqueuer.models import Job
from pgqueuer.queries import Queries

from db.engine import Database, DatabaseUnavailable
from domain.ids import PREFIXES, AccountId, parse_id_of, public_id
from worker.due import Clock, run_all_due
from worker.figures import Figures
from worker.rhythm import Rhythm

BILL: Final = "bill"
"""The entrypoint: do everything due on the accounts of the payload."""
_AFTER_THE_OTHERS: Final = -1
_LONGEST_ERROR_CHARACTERS: Final = 200

log = structlog.get_logger("worker")


class AccountFailed(Exception):
    """An account's job failed for the last time; the text is one line without a customer's data."""


@dataclass(frozen=True, slots=True)
class Biller:
    """Handles jobs. `queue` is where an account that failed gets its own."""

    database: Database
    queue: Queries
    clock: Clock
    must_stop: Callable[[], bool]
    rhythm: Rhythm
    figures: Figures

    async def bill(self, job: Job) -> None:
        """Do what is due on the accounts of a job; asks for another try, or fails, only when it has one account.

        Told to stop, or without a database, it ends after the transaction under way; the next look finds the rest.
        """
        account_ids = accounts_of(job.payload or b"")
        try:
            report = await run_all_due(self.database, account_ids, self.clock, self.must_stop)
        except DatabaseUnavailable as problem:
            log.error("a job ended for want of the database", job_id=job.id, error=str(problem))
            return
        if report.is_cut_short and not self.must_stop():
            log.warning("a job found no end", job_id=job.id, accounts=len(account_ids), things=len(report.done))
        failed = report.failed
        self.figures.accounts(len(account_ids) - len(failed), len(failed))
        for account_id, error in failed.items():
            log.error("account failed", account_id=account_id.hex, job_id=job.id, exc_info=error)
        if len(account_ids) > 1:
            await put_in_alone(self.queue, failed, self.rhythm.delay(1))
        elif failed:
            self._try_again(job, account_ids[0], in_one_line(failed[account_ids[0]]))

    def _try_again(self, job: Job, account_id: AccountId, error: str) -> None:
        failures = job.attempts + 1
        if failures < self.rhythm.tries:
            raise RetryRequested(self.rhythm.delay(failures), error)
        self.figures.held()
        log.error("account held", account_id=account_id.hex, job_id=job.id, tries=failures, error=error)
        raise AccountFailed(error)


async def put_in(queue: Queries, batches: Sequence[Sequence[AccountId]]) -> None:
    """A job for each batch, unless the very same one waits or is under way."""
    if batches:
        number = len(batches)
        await queue.enqueue(
            [BILL] * number,
            [payload_of(batch) for batch in batches],
            [0] * number,
            dedupe_key=[_key(batch) for batch in batches],
            on_conflict="skip",
        )


async def put_in_alone(queue: Queries, account_ids: Iterable[AccountId], delay: timedelta) -> None:
    """A job of its own for each account, after a rest and after the others."""
    alone = [[account_id] for account_id in account_ids]
    if alone:
        number = len(alone)
        await queue.enqueue(
            [BILL] * number,
            [payload_of(batch) for batch in alone],
            [_AFTER_THE_OTHERS] * number,
            [delay] * number,
            dedupe_key=[_key(batch) for batch in alone],
            on_conflict="skip",
        )


def payload_of(account_ids: Iterable[AccountId]) -> bytes:
    """The accounts' public ids with spaces between, so that somebody who looks at the queue can read it."""
    return " ".join(_public(account_id) for account_id in account_ids).encode()


def accounts_of(payload: bytes) -> Sequence[AccountId]:
    """The accounts of a job. Raises `MalformedId` for a payload that is not ours."""
    return [AccountId(parse_id_of("Account", each)) for each in payload.decode().split()]


def in_one_line(problem: Exception) -> str:
    """An error as it is kept with a job: the first line only, since a database adds the offending row."""
    first_line = str(problem).partition("\n")[0][:_LONGEST_ERROR_CHARACTERS]
    return f"{type(problem).__name__}: {first_line}"


def _key(account_ids: Sequence[AccountId]) -> str:
    """What makes two jobs the same. An account's own job is another than a batch that begins with it."""
    if len(account_ids) == 1:
        return _public(account_ids[0])
    return hashlib.sha256(payload_of(account_ids)).hexdigest()


def _public(account_id: AccountId) -> str:
    return public_id(PREFIXES["Account"], account_id)
