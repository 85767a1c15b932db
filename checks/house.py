"""What the checks look at: the project's files, its tables and the statements of its read side.

Owns finding and reading them. A sample is a House too, made from a few lines of text, so that a check cannot tell
whether it reads the project or an example.
"""

import ast
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from textwrap import dedent
from typing import TypeVar, cast

from sqlalchemy import MetaData

Node = TypeVar("Node", bound=ast.AST)

PRODUCTION = ("schema", "resolvers", "domain", "db", "operations", "app", "worker", "cli", "demo")
"""The rooms that run in production or make the demo; not the tests and tools beside them."""

_SKIPPED_FOLDERS = {"__pycache__", "build", "dist", "node_modules"}


class SourceFile:
    """One file of the project: its path from the top, its text if it is text, its syntax tree if it is Python."""

    def __init__(self, path: str, content: bytes) -> None:
        self.path = path
        self.size_bytes = len(content)
        self._content = content

    @cached_property
    def text(self) -> str:
        """The text; empty for what is none."""
        try:
            return self._content.decode()
        except UnicodeDecodeError:
            return ""

    @cached_property
    def lines(self) -> list[str]:
        """The lines of the text."""
        return self.text.splitlines()

    def line_at(self, position: int) -> int:
        """The number of the line that holds the character at a position of the text."""
        return self.text.count("\n", 0, position) + 1

    @property
    def is_python(self) -> bool:
        """Whether it has a syntax tree."""
        return self.path.endswith(".py")

    @property
    def room(self) -> str:
        """The top-level folder it lies in; empty at the top."""
        return self.path.partition("/")[0] if "/" in self.path else ""

    @property
    def stem(self) -> str:
        """The file's name without folder and ending."""
        return self.path.rpartition("/")[2].partition(".")[0]

    @cached_property
    def tree(self) -> ast.Module:
        """The syntax tree. Raises SyntaxError."""
        return ast.parse(self.text, self.path)

    @cached_property
    def nodes(self) -> list[ast.AST]:
        """Every node of the tree; several checks walk it."""
        return list(ast.walk(self.tree))

    @cached_property
    def _by_type(self) -> dict[type[ast.AST], list[ast.AST]]:
        found: dict[type[ast.AST], list[ast.AST]] = {}
        for node in self.nodes:
            found.setdefault(type(node), []).append(node)
        return found

    def all(self, kind: type[Node]) -> list[Node]:
        """Every node of one type."""
        return cast("list[Node]", self._by_type.get(kind, []))

    @cached_property
    def docstrings(self) -> frozenset[int]:
        """The ids of the constants that are docstrings, or strings that describe what stands above them."""
        return frozenset(id(node.value) for node in self.all(ast.Expr))


@dataclass(frozen=True)
class House:
    """The project, or a sample of it. `statements` are the read side's for a customer: name to SQL text."""

    files: tuple[SourceFile, ...]
    tables: MetaData = field(default_factory=MetaData)
    statements: Mapping[str, str] = field(default_factory=dict)
    is_whole: bool = False
    """True for the project itself, which must also have what the checks declare; a sample need not."""

    def python(self, *rooms: str) -> Iterator[SourceFile]:
        """The Python files of these rooms; of all where none is named."""
        return (file for file in self.files if file.is_python and (not rooms or file.room in rooms))

    def file(self, path: str) -> SourceFile | None:
        """The file at a path."""
        return next((file for file in self.files if file.path == path), None)

    @cached_property
    def tenant_columns(self) -> dict[str, str]:
        """Each tenant table and the column that holds its account: `account_id`, in accounts its own id."""
        return {
            name: "id" if name == "accounts" else "account_id"
            for name, table in self.tables.tables.items()
            if not (table.info.get("catalog") or "not_tenant" in table.info)
        }

    def line_of_table(self, name: str) -> tuple[str, int]:
        """Where a table is declared."""
        found = (
            (file.path, number)
            for file in self.files
            if file.path.startswith("db/tables/")
            for number, line in enumerate(file.lines, start=1)
            if f'"{name}",' in line
        )
        return next(found, ("db/tables/__init__.py", 1))


def sample(
    path: str = "",
    text: str = "",
    *,
    more: Mapping[str, str] | None = None,
    tables: MetaData | None = None,
    statements: Mapping[str, str] | None = None,
) -> House:
    """A house of one file and a few more, whose indentation is taken off."""
    texts = ({path: text} if path else {}) | dict(more or {})
    files = tuple(SourceFile(path, dedent(text).lstrip("\n").encode()) for path, text in texts.items())
    return House(files, tables or MetaData(), statements or {})


def project(root: Path) -> House:
    """This project: the files git knows or would add, the tables of `db.tables`, the statements of `db.graph`."""
    from checks.graph_statements import customer_statements
    from db.tables import metadata

    paths = sorted(path for path in listed(root) if (root / path).is_file())
    files = tuple(SourceFile(path, (root / path).read_bytes()) for path in paths)
    return House(files, metadata, customer_statements(), is_whole=True)


def listed(root: Path) -> list[str]:
    """Every file that is or would be committed; without git, every file outside hidden and made folders."""
    try:
        git = ["git", "-C", str(root), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
        found = subprocess.run(git, capture_output=True, check=True).stdout.decode()
        return [path for path in found.split("\0") if path]
    except (OSError, subprocess.CalledProcessError):
        return [
            path.relative_to(root).as_posix()
            for path in root.rglob("*")
            if not any(part.startswith(".") or part in _SKIPPED_FOLDERS for part in path.relative_to(root).parts[:-1])
        ]
