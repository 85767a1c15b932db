"""Serve the gateway. Production unless BILLING_MODE=demo; every setting is an environment variable."""

import argparse
import os

from app.settings import Settings
from cli.database import database_url
from cli.gateway import serve
from cli.listening import listen
from cli.loop import run_async


def arguments(parser: argparse.ArgumentParser) -> None:
    """None: settings come from the environment."""


def run(given: argparse.Namespace) -> int:
    """Serve until told to stop."""
    settings = Settings.from_environment(os.environ)
    settings.check_gateway()
    with listen(settings) as listening, database_url(settings) as url:
        run_async(serve(settings, url, listening))
    return 0
