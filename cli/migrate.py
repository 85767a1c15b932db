"""Bring the database to the newest tables. Safe to run twice and from several places at once."""

import argparse
import os

from app.settings import Settings
from cli.database import database_url
from cli.loop import run_async
from db.migrate import draft, migrate


def arguments(parser: argparse.ArgumentParser) -> None:
    """`--draft` is for developers."""
    parser.add_argument("--draft", metavar="TITLE", help="write a migration with what db/tables has and it has not")


def run(given: argparse.Namespace) -> int:
    """Migrate and say which revision the database has now."""
    settings = Settings.from_environment(os.environ)
    with database_url(settings, print) as url:
        print(f"the tables are at revision {run_async(migrate(url))}")
        if given.draft:
            run_async(draft(url, given.draft))
    return 0
