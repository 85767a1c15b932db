"""Run the worker: it does what is due, until it is told to stop. Or look at the jobs that failed too often."""

import argparse
import os
from collections.abc import Callable, Coroutine, Sequence
from typing import Any

from app.metrics_server import metrics_served
from app.observability import configure_logging
from app.settings import Settings
from cli.database import database_url
from cli.held import database_of
from cli.loop import run_async
from cli.terminal import CommandError
from db.address import Address
from db.engine import Database
from db.revision import check_revision
from worker import held
from worker import run as worker
from worker.figures import Figures
from worker.rhythm import Rhythm

ALL = "all"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Working is the rule; held jobs are the exception. Settings come from the environment."""
    instead = parser.add_mutually_exclusive_group()
    instead.add_argument("--held", action="store_true", help="list the jobs that failed too often; 1 if there are any")
    instead.add_argument("--retry", nargs="+", metavar="JOB", help=f"queue held jobs again, by number, or `{ALL}`")


def run(given: argparse.Namespace) -> int:
    """Work until told to stop, or do what an option asks for."""
    settings = Settings.from_environment(os.environ)
    configure_logging(settings.log_level)
    if given.held:
        return _with_database(settings, _list)
    if given.retry:
        return _with_database(settings, lambda database, _: _retry(database, _numbers(given.retry)))
    figures = Figures()

    async def work(database: Database, direct_url: str) -> int:
        await worker.run(database, Address.parse(direct_url), rhythm_of(settings), figures)
        return 0

    # the gateway beside it has the port that METRICS_PORT is by default
    with metrics_served(figures.registry, settings.given_metrics_port, settings.metrics_host):
        return _with_database(settings, work)


def rhythm_of(settings: Settings) -> Rhythm:
    """The worker's numbers as the settings want them."""
    return Rhythm(
        look_s=settings.work_look_s,
        batch_accounts=settings.work_batch_accounts,
        heartbeat_s=settings.work_heartbeat_s,
        facts_days=settings.decision_facts_days,
    )


def _with_database(settings: Settings, deed: Callable[[Database, str], Coroutine[Any, Any, int]]) -> int:
    async def do(url: str) -> int:
        async with database_of(settings, url) as database:
            await check_revision(database)
            return await deed(database, url)

    with database_url(settings) as url:
        return run_async(do(url))


async def _list(database: Database, _: str) -> int:
    found = await held.held(database)
    if not found:
        print("No job is held.")
        return 0
    width = max(len(job.account) for job in found)
    print(f"{'JOB':>8}  {'ACCOUNT':{width}}  {'TRIES':>5}  {'HELD SINCE':20}  LAST ERROR")
    for job in found:
        since = f"{job.held_at:%Y-%m-%dT%H:%M:%SZ}"
        print(f"{job.job_id:>8}  {job.account:{width}}  {job.tries:>5}  {since:20}  {job.error}")
    return 1


async def _retry(database: Database, numbers: Sequence[int]) -> int:
    try:
        queued = await held.retry(database, numbers)
    except held.NotHeld as problem:
        raise CommandError(str(problem)) from None
    print(f"Queued again: {', '.join(map(str, queued)) or 'none, as no job is held'}.")
    return 0


def _numbers(given: Sequence[str]) -> Sequence[int]:
    if given == [ALL]:
        return ()
    if not all(each.isdecimal() for each in given):
        raise CommandError(f"--retry takes the numbers that `billing work --held` shows, or `{ALL}`")
    return [int(each) for each in given]
