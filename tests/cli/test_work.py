"""`billing work` shows the jobs that failed too often, and queues them again when asked."""

import pytest
from sqlalchemy import text

from db.engine import Database
from db.job_queue import queue_in
from tests.cli.terminal import billing, refused


@pytest.fixture
async def url(fresh_database: Database) -> str:
    """A database with one held job and one that waits."""
    account = f"acct_{7:032x}"
    async with fresh_database.write() as session:
        queue = await queue_in(session)
        await queue.enqueue(["bill"] * 2, [account.encode(), b"acct_other"], [0, 0])
        await session.execute(
            text("UPDATE queue.pgqueuer SET status = 'failed', attempts = 9, updated = '2026-05-01' WHERE id = 1")
        )
        await session.execute(
            text(
                "INSERT INTO queue.pgqueuer_log (job_id, status, priority, entrypoint, traceback) VALUES "
                "(1, 'failed', 0, 'bill', '{\"exception_message\": \"KeyError: no price\"}')"
            )
        )
    return fresh_database.address.dsn


async def test_held_jobs_are_listed_with_account_tries_and_error(url: str) -> None:
    outcome = billing("work", "--held", DATABASE_URL=url)
    assert outcome.returncode == 1, outcome
    head, job = outcome.stdout.splitlines()
    assert head.split() == ["JOB", "ACCOUNT", "TRIES", "HELD", "SINCE", "LAST", "ERROR"]
    assert job.split(maxsplit=4) == ["1", f"acct_{7:032x}", "10", "2026-05-01T00:00:00Z", "KeyError: no price"]


async def test_held_jobs_are_queued_again_by_number_or_all(url: str) -> None:
    assert refused(billing("work", "--retry", "1", "2", DATABASE_URL=url)).startswith("not held: 2;")
    assert refused(billing("work", "--retry", "one", DATABASE_URL=url)).startswith("--retry takes the numbers")
    assert billing("work", "--retry", "1", DATABASE_URL=url).stdout == "Queued again: 1.\n"
    assert billing("work", "--retry", "all", DATABASE_URL=url).stdout == "Queued again: none, as no job is held.\n"
    outcome = billing("work", "--held", DATABASE_URL=url)
    assert (outcome.returncode, outcome.stdout) == (0, "No job is held.\n")
