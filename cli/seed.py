"""Fill a database: with the demo company, or with many accounts of the same shape to measure on. Not in production."""

import argparse
import os

from app.settings import Mode, Settings, SettingsError
from cli.database import database_url
from cli.held import database_of
from cli.loop import run_async
from cli.terminal import CommandError, Steps
from db.migrate import migrate
from db.revision import check_revision
from demo import bulk, company


def arguments(parser: argparse.ArgumentParser) -> None:
    """How much."""
    parser.add_argument(
        "--accounts", type=int, metavar="N", help="that many accounts with a history, beside the company"
    )


def run(given: argparse.Namespace) -> int:
    """Seed what is not there yet."""
    settings = Settings.from_environment(os.environ, default_mode=Mode.DEMO)
    if settings.mode is not Mode.DEMO:
        raise SettingsError("BILLING_MODE=production: made-up customers are not for production")
    if given.accounts is not None and given.accounts < 1:
        raise CommandError("--accounts: how many? One at least")
    steps = Steps()

    async def seed(url: str) -> None:
        async with database_of(settings, url) as database:
            await check_revision(database)
            with steps.bar("Demo company") as tell:
                made = await company.seed(database, tell)
            steps.say("The demo company was made." if made else "The demo company is there.")
            if given.accounts is not None:
                with steps.bar(f"{given.accounts} accounts") as tell:
                    await bulk.seed(database, given.accounts, tell)

    with database_url(settings, steps.say) as url:
        if settings.database_url is None:
            run_async(migrate(url))
        run_async(seed(url))
    return 0
