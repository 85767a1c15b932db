"""Excuses: a comment that lets one finding of one check stand, and says why.

Owns reading them, matching them to findings, and the findings about excuses themselves.
"""

import io
import re
import tokenize
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from checks.check import WHOLE_FILE, Finding
from checks.house import House, SourceFile

NAME: Final = "allow"
_MARK: Final = "check: " + "allow"
_EXCUSE: Final = re.compile(
    rf"(?:#|//|--|/\*|<!--)\s*{_MARK}\b\s*(?P<name>[\w-]*)\s*(?P<because>because\b)?\s*(?P<why>.*)"
)
_FEWEST_WORDS: Final = 3


@dataclass(frozen=True, slots=True)
class Excuse:
    """Where a comment stands, what it excuses there, and the reason it gives (empty for none)."""

    path: str
    line: int
    covers: int
    """The line it speaks of: its own, or the next line of code for a comment that stands alone."""
    name: str
    why: str


def judged(findings: Iterable[Finding], name: str, excuses: Collection[Excuse]) -> tuple[list[Finding], set[Excuse]]:
    """The findings of the check called `name` that stand, and the excuses that were used. Only a reason excuses."""
    own = [excuse for excuse in excuses if excuse.name == name and has_reason(excuse)]
    left: list[Finding] = []
    used: set[Excuse] = set()
    for finding in findings:
        fitting = [
            excuse
            for excuse in own
            if excuse.path == finding.path and finding.line in (WHOLE_FILE, excuse.line, excuse.covers)
        ]
        used.update(fitting)
        if not fitting:
            left.append(finding)
    return left, used


def faults(excuses: Iterable[Excuse], used: Collection[Excuse], names: Collection[str]) -> Iterator[Finding]:
    """Excuses that name no check, give no reason, or excuse nothing. `names` are the checks that have run."""
    for excuse in excuses:
        if excuse.name not in names:
            message = f"there is no check called {excuse.name or 'nothing'}: use one of {', '.join(sorted(names))}"
        elif not has_reason(excuse):
            message = f"an excuse gives its reason: `# {_MARK} {excuse.name} because ...`, three words at least"
        elif excuse not in used:
            message = f"{excuse.name} finds nothing here any more: take the excuse away"
        else:
            continue
        yield Finding(excuse.path, excuse.line, message)


def has_reason(excuse: Excuse) -> bool:
    """Whether the excuse says why."""
    return len(excuse.why.split()) >= _FEWEST_WORDS


def excuses_of(house: House) -> list[Excuse]:
    """Every excuse of the house, complete or not."""
    return [excuse for file in house.files if _MARK in file.text for excuse in _in_file(file)]


def _in_file(file: SourceFile) -> Iterator[Excuse]:
    for line, comment in _comments(file):
        found = _EXCUSE.search(comment)
        if found:
            why = re.sub(r"\s*(?:\*/|-->)\s*$", "", found["why"]) if found["because"] else ""
            yield Excuse(file.path, line, _covered(file, line), found["name"], why)


def _comments(file: SourceFile) -> Iterator[tuple[int, str]]:
    """(line, text) of what may be a comment; of Python exactly the comments, since strings may quote one."""
    if not file.is_python:
        yield from ((number, line) for number, line in enumerate(file.lines, start=1) if _MARK in line)
        return
    for token in tokenize.generate_tokens(io.StringIO(file.text).readline):
        if token.type == tokenize.COMMENT:
            yield token.start[0], token.string


def _covered(file: SourceFile, line: int) -> int:
    """The line an excuse speaks of: below a comment that stands alone, the first that is neither comment nor empty."""
    if not _stands_alone(file.lines[line - 1]):
        return line
    for number in range(line, len(file.lines)):
        if file.lines[number].strip() and not _stands_alone(file.lines[number]):
            return number + 1
    return line


def _stands_alone(line: str) -> bool:
    return line.lstrip().startswith(("#", "//", "--", "/*", "<!--"))
