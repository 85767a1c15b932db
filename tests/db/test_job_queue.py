"""The worker's queue: its tables are those this release of pgqueuer expects, and jobs are part of our transactions."""

import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from db.address import Address
from db.engine import Database, DatabaseUnavailable
from db.job_queue import NAMES, listening, queue_in
from db.job_rows import forget_jobs_before, is_alone, job_counts

ROOT = Path(__file__).parents[2]


async def logged(database: Database) -> int:
    """How many lines the queue has noted."""
    async with database.write() as session:
        return int(await session.scalar(text("SELECT count(*) FROM queue.pgqueuer_log")) or 0)


async def test_the_migrations_made_what_this_release_of_pgqueuer_expects(database: Database) -> None:
    async with listening(database.address) as queue:
        plan = await queue.plan_upgrade()
    # anything here is the text of a migration that is missing
    assert list(plan.statements) == []
    assert list(plan.notes) == []


def test_no_variable_of_the_environment_names_a_table() -> None:
    names = ("CHANNEL", "FUNCTION", "TRIGGER", "DURABILITY", "QUEUE_TABLE", "PGQUEUER_PREFIX", "PGQUEUER_SCHEMA")
    seen = subprocess.run(
        [sys.executable, "-c", "from db.job_queue import NAMES; print(NAMES.model_dump_json())"],
        env={"PYTHONPATH": str(ROOT), **dict.fromkeys(names, "volatile")},
        capture_output=True,
        text=True,
        check=True,
    )
    assert seen.stdout.strip() == NAMES.model_dump_json()


async def test_jobs_are_there_when_the_transaction_commits_and_not_before(fresh_database: Database) -> None:
    for fails in (True, False):
        try:
            async with fresh_database.write() as session:
                await (await queue_in(session)).enqueue("bill", b"", dedupe_key="one")
                async with fresh_database.write() as other:
                    assert await job_counts(other) == {}
                if fails:
                    raise ZeroDivisionError
        except ZeroDivisionError:
            assert await logged(fresh_database) == 0
    async with fresh_database.write() as session:
        assert await job_counts(session) == {"queued": 1}


async def test_one_transaction_at_a_time_is_alone(database: Database) -> None:
    async with database.write() as session, database.write() as other:
        assert await is_alone(session)
        assert not await is_alone(other)
    async with database.write() as session:
        assert await is_alone(session)


async def test_notes_of_jobs_that_are_gone_are_forgotten_in_time_and_those_of_held_ones_never(
    fresh_database: Database,
) -> None:
    async with listening(fresh_database.address) as queue:
        await queue.enqueue(["bill"] * 2, [b"", b""], [0, 0])
        done, held = await queue.browse_queue()
        await queue.log_jobs([(done, "successful", None), (held, "failed", None)])
    assert await logged(fresh_database) == 4  # each queued, then one done and one held
    for days, left in ((1, 4), (-1, 2)):
        async with fresh_database.write() as session:
            await forget_jobs_before(session, datetime.now(UTC) - timedelta(days=days))
        assert await logged(fresh_database) == left


async def test_a_queue_that_cannot_be_reached_is_a_database_that_is_away(database: Database) -> None:
    with pytest.raises(DatabaseUnavailable, match="nothing listens there"):
        async with listening(Address.parse("postgresql://billing@127.0.0.1:1/billing")):
            pass
    ended = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'billing work'"
    with pytest.raises(DatabaseUnavailable):
        async with listening(database.address) as queue:
            async with database.write() as session:
                await session.execute(text(ended))
            await queue.queue_size()
