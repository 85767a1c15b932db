"""Stop the embedded database and delete it with all it holds. Never touches a database that DATABASE_URL names."""

import argparse
import os

from app.settings import Settings
from db.binaries import forget_copy
from db.embedded import EmbeddedPostgres


def arguments(parser: argparse.ArgumentParser) -> None:
    """None: BILLING_HOME says which."""


def run(given: argparse.Namespace) -> int:
    """Delete without asking; the demo's data can be made again."""
    EmbeddedPostgres(Settings.from_environment(os.environ).home).remove()
    forget_copy()
    return 0
