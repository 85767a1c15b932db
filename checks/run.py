"""Runs checks over a house: what they find, less what is excused, and what is wrong with the excuses."""

from collections.abc import Iterator, Sequence

from checks import allow
from checks.check import Check, Finding
from checks.house import PRODUCTION, House


def run(checks: Sequence[Check], house: House) -> list[tuple[str, Finding]]:
    """(check's name, finding) of all that stands, in the order of the checks and then of the files."""
    unreadable = list(_unreadable(house))
    if unreadable:
        return [("syntax", finding) for finding in unreadable]
    excuses = allow.excuses_of(house)
    found: list[tuple[str, Finding]] = []
    used: set[allow.Excuse] = set()
    for check in checks:
        left, excused = allow.judged(check.find(house), check.name, excuses)
        found += [(check.name, finding) for finding in sorted(set(left))]
        used |= excused
    found += [(allow.NAME, finding) for finding in allow.faults(excuses, used, {check.name for check in checks})]
    return found


def _unreadable(house: House) -> Iterator[Finding]:
    # no check looks into the trees of tests
    for file in house.python(*PRODUCTION, "checks"):
        try:
            file.tree  # noqa: B018 - parsed at the first look, and kept
        except SyntaxError as problem:
            yield Finding(file.path, problem.lineno or 0, f"cannot be parsed: {problem.msg}")
