"""docstrings: every module opens with a sentence that says what it owns, tests and tools too.

ruff sees the public functions, classes and modules of the rooms, though a word is enough for it.
"""

import ast
import re
from collections.abc import Iterator
from typing import Final

from checks.check import Check, Finding, Sample
from checks.house import House, SourceFile, sample

_SKIPPED: Final = "db/migrations/"
_FEWEST_LETTERS: Final = 12
_OPENING: Final = re.compile(r'\s*(?:#[^\n]*\n\s*)*[rR]?"""\s*(?P<first>[^\n"]*)')


def find(house: House) -> Iterator[Finding]:
    """Modules without an opening sentence."""
    for file in house.python():
        if file.path.startswith(_SKIPPED) or not file.text.strip():
            continue
        first = _first_line(file)
        if len(first) < _FEWEST_LETTERS:
            yield Finding(file.path, 1, "a module opens with a sentence: what it owns, and what it does not")


def _first_line(file: SourceFile) -> str:
    opening = _OPENING.match(file.text)  # most modules, without a syntax tree
    if opening:
        return opening["first"].strip()
    return (ast.get_docstring(file.tree) or "").partition("\n")[0]


CHECK = Check(
    "docstrings",
    "Every module opens with a sentence that says what it owns.",
    find,
    (
        Sample(
            "a module that says what it owns, and one that holds nothing",
            sample("domain/some.py", '"""Money: minor units and their currency."""\n', more={"domain/__init__.py": ""}),
        ),
        Sample(
            "a sentence after a comment", sample("cli/some.py", '# a line for the shell\n"""The billing command."""\n')
        ),
        Sample("nothing said", sample("domain/some.py", "import ast  # BAD\n")),
        Sample("a word is no sentence", sample("tests/domain/some.py", '"""Tests."""  # BAD\n')),
    ),
)
