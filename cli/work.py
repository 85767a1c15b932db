"""Run the worker: jobs, and the events that wait in the outbox."""

import argparse
import os

from app.observability import configure_logging
from app.settings import Settings
from cli.database import database_url
from cli.held import database_of
from cli.loop import run_async
from db.revision import check_revision
from worker import run as worker


def arguments(parser: argparse.ArgumentParser) -> None:
    """None: settings come from the environment."""


def run(given: argparse.Namespace) -> int:
    """Work until told to stop."""
    settings = Settings.from_environment(os.environ)
    configure_logging(settings.log_level)

    async def work(url: str) -> None:
        async with database_of(settings, url) as database:
            await check_revision(database)
            await worker.run(database)

    with database_url(settings) as url:
        run_async(work(url))
    return 0
