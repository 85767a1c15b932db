"""Print the plan-change rules as a document, or check that docs/rules.md is what the code says."""

import argparse
from pathlib import Path

from cli.generated import print_or_check
from domain.plan_change.document import rules_markdown

COMMITTED = Path("docs/rules.md")


def arguments(parser: argparse.ArgumentParser) -> None:
    """`--check` is what `make check` runs."""
    parser.add_argument("--check", action="store_true", help=f"compare with {COMMITTED}; 1 if it is stale")


def run(given: argparse.Namespace) -> int:
    """Print or compare."""
    return print_or_check(rules_markdown(), COMMITTED, check=given.check, renew="make rules")
