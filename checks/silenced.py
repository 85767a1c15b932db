"""silenced: what silences a tool names what it silences, and an exception is never caught unseen.

ruff and mypy see most of these; a comment could switch off those two for a whole file, and this sees that.
"""

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from typing import Final

from checks.check import Check, Finding, Sample
from checks.house import House, SourceFile, sample

_FAULTS: Final = (
    (re.compile(r"#\s*type:\s*ignore(?!\[[\w, -]+\])"), "name the code: `# type: ignore[code]`"),
    (re.compile(r"#\s*noqa(?!:\s*[A-Z]+\d+)", re.IGNORECASE), "name the rule: `# noqa: RULE - why`"),
    (
        re.compile(r"#\s*(?:ruff|flake8):\s*noqa", re.IGNORECASE),
        "no file is exempt: silence the line, or pyproject.toml",
    ),
    (re.compile(r"#\s*mypy:\s*"), "no file has types of its own kind: pyproject.toml says how mypy reads"),
    (re.compile(r"#\s*pragma:\s*no cover"), "nothing measures coverage here: take the comment away"),
)
_SUSPECT: Final = re.compile(r"#.*(?:type:\s*ignore|noqa|mypy:|pragma:)", re.IGNORECASE)
_BARE: Final = re.compile(r"^\s*except\s*:", re.MULTILINE)


def find(house: House) -> Iterator[Finding]:
    """Comments that silence too much, and a bare except."""
    for file in house.python():
        if _SUSPECT.search(file.text):
            yield from _in_comments(file)
        if _BARE.search(file.text):
            for node in file.all(ast.ExceptHandler):
                if node.type is None:
                    yield Finding(file.path, node.lineno, "name what is caught: a bare except hides a Ctrl-C too")


def _in_comments(file: SourceFile) -> Iterator[Finding]:
    for token in tokenize.generate_tokens(io.StringIO(file.text).readline):
        if token.type == tokenize.COMMENT:
            for pattern, message in _FAULTS:
                if pattern.search(token.string):
                    yield Finding(file.path, token.start[0], message)


def _silenced(says: str, *lines: str) -> Sample:
    return Sample(says, sample("domain/some.py", "\n".join(lines) + "\n"))


CHECK = Check(
    "silenced",
    "What silences a tool names what it silences; no exception is caught unnamed.",
    find,
    (
        _silenced(
            "a code, a rule, and text that only looks like a comment",
            "x = given()  # type: ignore[no-any-return]",
            "y = eval(z)  # noqa: S307 - z is ours",
            'words = "# type: ignore"',
        ),
        _silenced("types silenced whole", "x = given()  # type: ignore  # BAD"),
        _silenced(
            "rules silenced whole", "x = given()  # noqa  # BAD", "# ruff: noqa  # BAD", "# mypy: ignore-errors  # BAD"
        ),
        _silenced("anything caught", "try:", "    x = given()", "except:  # BAD", "    x = None"),
    ),
)
