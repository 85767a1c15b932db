"""The whole gateway on this machine: database, tables, demo company, server. Data are kept from start to start."""

import argparse
import os
from contextlib import ExitStack

from app.settings import Mode, Settings, SettingsError
from cli.database import database_url
from cli.gateway import address_of, listen, serve
from cli.loop import run_async
from cli.personas import NextSteps, demo_pages, first_request, next_steps
from cli.terminal import Steps, Tell
from db.engine import Database
from db.migrate import migrate
from demo import company


def arguments(parser: argparse.ArgumentParser) -> None:
    """None: PORT, BILLING_HOME and DATABASE_URL are all there is to say."""


def run(given: argparse.Namespace) -> int:
    """Start what is missing, serve, stop what was started."""
    # a person looks at this terminal: each request as a line of JSON would push what matters off it
    settings = Settings.from_environment({"LOG_LEVEL": "WARNING"} | dict(os.environ), default_mode=Mode.DEMO)
    if settings.mode is not Mode.DEMO:
        raise SettingsError("BILLING_MODE=production: the demo company is not for production; use `billing serve`")
    steps = Steps()
    with listen(settings) as listening, ExitStack() as stack:
        url = address_of(listening)
        with steps.step("Starting Postgres") as became:
            direct_url = stack.enter_context(database_url(settings, steps.say))
            became("Postgres of DATABASE_URL" if settings.direct_url else f"Postgres, its data in {settings.home}")
        with steps.step("Bringing the tables up to date") as became:
            became(f"Tables at revision {run_async(migrate(direct_url))}")
        with steps.bar("The demo company's history") as tell:
            made, steps_of = run_async(_seed(direct_url, tell))
        if not made:
            steps.say("✓ The demo company is there")

        def started() -> None:
            steps.say(f"\nOpen {url}\n\nOr paste this:\n\n{first_request(url)}\n")
            steps.say("Another token: .venv/bin/billing token PERSONA. Ctrl-C stops; the data stay.")

        run_async(serve(settings, direct_url, listening, pages=demo_pages(steps_of), started=started))
    steps.say("Stopped.")
    return 0


async def _seed(url: str, tell: Tell) -> tuple[bool, NextSteps]:
    async with Database(url) as database:
        return await company.seed(database, tell), await next_steps(database)
