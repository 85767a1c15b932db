"""Bring the database to the newest tables, and usage to its months. Safe to run twice, from several places at once."""

import argparse
import os
from datetime import UTC, datetime

from app.settings import Settings
from cli.database import database_url
from cli.loop import run_async
from db.engine import Database
from db.migrate import draft, migrate
from db.usage_months import tend_months


def arguments(parser: argparse.ArgumentParser) -> None:
    """`--draft` is for developers."""
    parser.add_argument("--draft", metavar="TITLE", help="write a migration with what db/tables has and it has not")


def run(given: argparse.Namespace) -> int:
    """Migrate and say which revision the database has now, and what was done about the months of usage."""
    settings = Settings.from_environment(os.environ)
    with database_url(settings, print) as url:
        print(f"the tables are at revision {run_async(migrate(url))}")
        if given.draft:
            run_async(draft(url, given.draft))
        else:
            print(run_async(_tend(url)))
    return 0


async def _tend(url: str) -> str:
    """Make the months of usage and say how many; a worker does what is not to be had at once."""
    async with Database(url, read_connections=1, write_connections=1) as database:
        tended = await tend_months(database, datetime.now(UTC))
    said = f"usage has its months: {tended.made} made, {tended.dropped} dropped"
    return said if tended.is_done else f"{said}; some are in use, and the worker will see to them"
