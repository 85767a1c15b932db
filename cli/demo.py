"""The whole gateway on this machine: database, tables, demo company, server. Data are kept from start to start."""

import argparse
import os
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from importlib import import_module

from app.settings import Mode, Settings, SettingsError
from cli.database import database_url
from cli.listening import listen
from cli.terminal import Steps


def arguments(parser: argparse.ArgumentParser) -> None:
    """None: PORT, BILLING_HOME and DATABASE_URL are all there is to say."""


def run(given: argparse.Namespace) -> int:
    """Start what is missing, serve, stop what was started."""
    # a person looks at this terminal: each request as a line of JSON would push what matters off it
    settings = Settings.from_environment({"LOG_LEVEL": "WARNING"} | dict(os.environ), default_mode=Mode.DEMO)
    if settings.mode is not Mode.DEMO:
        raise SettingsError("BILLING_MODE=production: the demo company is not for production; use `billing serve`")
    steps = Steps()
    with ExitStack() as stack:
        listening = stack.enter_context(listen(settings))
        with steps.step("Starting Postgres and loading the gateway") as became, ThreadPoolExecutor(1) as aside:
            # loading takes seconds, and all the while the database is waited for
            loading = aside.submit(import_module, "cli.demo_company")
            direct_url = stack.enter_context(database_url(settings, steps.say))
            company = loading.result()
            if settings.direct_url:  # nothing has asked it yet
                became("The gateway is loaded")
            else:
                became(f"Postgres, its data in {settings.home}")
        company.open_shop(settings, direct_url, listening, steps)
    steps.say("Stopped.")
    return 0
