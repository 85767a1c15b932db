"""Print the schema in GraphQL's language, or check that schema.graphql is what the code says."""

import argparse
from pathlib import Path

from cli.generated import print_or_check
from schema.export import sdl

COMMITTED = Path("schema.graphql")


def arguments(parser: argparse.ArgumentParser) -> None:
    """`--check` is what `make check` runs."""
    parser.add_argument("--check", action="store_true", help=f"compare with {COMMITTED}; 1 if it is stale")


def run(given: argparse.Namespace) -> int:
    """Print or compare."""
    return print_or_check(sdl(), COMMITTED, check=given.check, renew="make sdl")
