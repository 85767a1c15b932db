"""Print the decision trees of the demo's catalog, or check that docs/decision-trees.md is what the code says."""

import argparse
from dataclasses import replace
from pathlib import Path

from cli.generated import print_or_check
from demo.catalog import PLANS, published
from domain.plan_change.tree_document import trees_markdown

COMMITTED = Path("docs/decision-trees.md")


def arguments(parser: argparse.ArgumentParser) -> None:
    """`--check` is what `make check` runs."""
    parser.add_argument("--check", action="store_true", help=f"compare with {COMMITTED}; 1 if it is stale")


def run(given: argparse.Namespace) -> int:
    """Print or compare; each plan in its newest version."""
    withdrawn = {copy.code: copy.withdrawn_at for copy in PLANS}
    newest = {each.version.plan.code: each.version for each in published()}
    versions = [
        replace(version, plan=replace(version.plan, withdrawn_at=withdrawn[code])) for code, version in newest.items()
    ]
    return print_or_check(trees_markdown(versions), COMMITTED, check=given.check, renew="make rules")
