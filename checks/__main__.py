"""`python -m checks`: every check over this project. Ends with 1 when something is found."""

import argparse
import gc
import sys
from pathlib import Path

from checks.every import CHECKS
from checks.house import project
from checks.personal_columns import table_of_purposes
from checks.run import run

ROOT = Path(__file__).parent.parent


def main(arguments: list[str] | None = None) -> int:
    """Run them all, or print what an option asks for."""
    parser = argparse.ArgumentParser(prog="python -m checks", description=__doc__)
    parser.add_argument("--list", action="store_true", help="what is checked, a line each; nothing is run")
    parser.add_argument("--personal", action="store_true", help="the columns that hold personal data, and what for")
    given = parser.parse_args(arguments)
    if given.list:
        width = max(len(check.name) for check in CHECKS)
        for check in CHECKS:
            print(f"{check.name:{width}}  {check.law}")
        return 0

    gc.disable()  # syntax trees hold no rubbish worth looking for in the seconds this takes
    house = project(ROOT)
    if given.personal:
        print("\n".join(table_of_purposes(house)))
        return 0

    found = run(CHECKS, house)
    for check in CHECKS:
        for note in check.notes(house):
            print(f"{check.name}: {note}")
    for name, finding in found:
        place = f"{finding.path}:{finding.line}" if finding.line else finding.path
        print(f"{place}: [{name}] {finding.message}", file=sys.stderr)
    if found:
        print(f"House checks: {len(found)} found. An excuse stands beside the line: checks/__init__.py says how.")
        return 1
    print(f"House checks: {len(CHECKS)} checks, {len(house.files)} files, nothing found.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
