"""names: modules, classes and functions are called by the domain's words, not by words that fit anything.

A name may not end in one of the empty nouns: what it ends in is what it claims to be. A service period is one.
"""

import ast
import re
from collections.abc import Iterator
from typing import Final

from checks.check import WHOLE_FILE, Check, Finding, Sample
from checks.house import House, sample

EMPTY_NOUNS: Final = {
    "manager", "managers", "service", "services", "util", "utils", "utility", "utilities", "helper", "helpers", "data",
    "misc", "common",
}  # fmt: skip
_WORD: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")


def find(house: House) -> Iterator[Finding]:
    """Names that end in an empty noun."""
    for file in house.python():
        folders = file.path.split("/")[:-1]
        for name in (file.stem, *folders):
            if _last_word(name) in EMPTY_NOUNS:
                yield Finding(file.path, WHOLE_FILE, _message("module", name))
        if file.room == "tests":
            continue
        named: list[ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef] = [
            *file.all(ast.ClassDef),
            *file.all(ast.FunctionDef),
            *file.all(ast.AsyncFunctionDef),
        ]
        for node in named:
            if _last_word(node.name) in EMPTY_NOUNS:
                kind = "class" if isinstance(node, ast.ClassDef) else "function"
                yield Finding(file.path, node.lineno, _message(kind, node.name))


def _last_word(name: str) -> str:
    words = _WORD.findall(name)
    return words[-1].lower() if words else ""


def _message(kind: str, name: str) -> str:
    return f"{kind} {name}: `{_last_word(name)}` fits anything; say what it is or does in a word of CONTEXT.md"


CHECK = Check(
    "names",
    "No module, class or function is called a manager, service, util, helper or data.",
    find,
    (
        Sample(
            "the domain's words, also where an empty noun only begins the name",
            sample(
                "domain/service_period.py", "class ServicePeriod: ...\n\ndef database(): ...\n\ndef metadata(): ...\n"
            ),
        ),
        Sample("an empty class", sample("domain/some.py", "class InvoiceManager: ...  # BAD\n")),
        Sample(
            "empty functions", sample("db/some.py", "def data(): ...  # BAD\nasync def row_helpers(): ...  # BAD\n")
        ),
        Sample("an empty module", sample("domain/date_utils.py", "x = 1\n"), ("module date_utils",)),
        Sample("an empty folder", sample("operations/common/pay.py", "x = 1\n"), ("module common",)),
    ),
)
