"""raw-sql: statements are made with SQLAlchemy Core; SQL as text stands in a few named files, each for a reason.

Sees `text(...)`, `literal_column(...)`, the drivers' own calls and statements written out, in every room. Text that
names a tenant table must name account_id as well: no other check reads it.
"""

import ast
import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

from sqlalchemy import MetaData, Table

from checks.check import WHOLE_FILE, Check, Finding, Sample
from checks.house import PRODUCTION, House, sample

FILES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "db/tables/columns.py": "the spans of exclusions",
        "db/tables/catalog.py": "the predicates of partial indexes",
        "db/tables/changes.py": "the predicates of partial indexes",
        "db/tables/accounts.py": "the predicates of partial indexes",
        "db/tables/credits.py": "the predicates of partial indexes",
        "db/tables/payments.py": "the predicates of partial indexes",
        "db/tables/invoices.py": "the predicates of partial indexes",
        "db/tables/subscriptions.py": "the predicates of partial indexes",
        "db/tables/policy.py": "the predicates of partial indexes",
        "db/tables/terms.py": "the predicates of partial indexes",
        "db/engine.py": "session settings, a ping, the transaction that COPY needs",
        "db/gather.py": "rows of any table in one statement, made from its columns",
        "db/lease.py": "the snapshot's beginning and end",
        "db/migrate.py": "the lock of migrations",
        "db/revision.py": "the revision a database is at",
        "db/graph/wire.py": "constants of the wire formats",
        "db/graph/cursors.py": "constants of the cursor format",
        "db/graph/kinds.py": "a column that stands for a type and is never sent",
        "db/graph/statements.py": "the ordinal of a keyless list and the limit of one",
        "db/save/usage.py": "an event kept and counted in one statement",
        "db/usage_months.py": "tables of months: made, attached, detached and dropped",
    }
)
"""The files where SQL may stand as text. One more is a decision: name it here with its reason."""

_MAKERS: Final = {"text", "literal_column", "exec_driver_sql", "TextClause", "Statement"}
_RUNNERS: Final = {"execute", "executemany", "fetch", "fetchrow", "fetchval", "prepare", "cursor"}
_EXEMPT: Final = "db/migrations/versions/"


def find(house: House) -> Iterator[Finding]:
    """SQL as text outside the named files, text over tenant tables without the account, names that are used no more."""
    used: set[str] = set()
    for file in house.python(*PRODUCTION):
        if file.path.startswith(_EXEMPT):
            continue
        for node in file.all(ast.Call):
            sql = _raw(node)
            if sql is None:
                continue
            used.add(file.path)
            if file.path not in FILES:
                message = "SQL as text: write it with SQLAlchemy, or add the file to FILES in checks/raw_sql.py"
                yield Finding(file.path, sql.lineno, message)
            for table in _tables_without_account(sql, house):
                yield Finding(file.path, sql.lineno, f"SQL as text reads or writes {table} without its account_id")
    for path in sorted(FILES.keys() - used) if house.is_whole else ():
        yield Finding("checks/raw_sql.py", WHOLE_FILE, f"{path} has no SQL as text any more: take it off FILES")


def _raw(node: ast.Call) -> ast.expr | None:
    """The argument that is SQL as text, of a call that takes one."""
    match node.func:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            pass
        case _:
            return None
    if name in _RUNNERS:
        return node.args[0] if node.args and _is_text(node.args[0]) else None
    if name not in _MAKERS:
        return None
    if name == "Statement":
        return next((each for each in node.args[1:2] if _is_text(each)), None)
    return node.args[0] if node.args else None


def _is_text(expression: ast.expr) -> bool:
    return isinstance(expression, ast.JoinedStr) or (
        isinstance(expression, ast.Constant) and isinstance(expression.value, str)
    )


def _tables_without_account(sql: ast.expr, house: House) -> Iterator[str]:
    parts = [node.value for node in ast.walk(sql) if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    whole = " ".join(parts)
    for match in re.finditer(r"\b(?:INTO|UPDATE|FROM|JOIN)\s+(\w+)([^;]*)", whole, re.IGNORECASE):
        column = house.tenant_columns.get(match[1])
        if column is not None and not re.search(rf"\b{column}\b", match[2]):
            yield match[1]


def _text(says: str, text: str, path: str) -> Sample:
    tables = MetaData()
    Table("invoices", tables)
    return Sample(says, sample(path, text, tables=tables))


CHECK = Check(
    "raw-sql",
    "SQL stands as text in the named files only, and never over a tenant table without its account.",
    find,
    (
        _text(
            "statements built by SQLAlchemy, words that are no SQL, and a statement a named file may write",
            """
            async def load(session, path):
                await session.execute(select(invoices))
                path.write_text("from invoices")
            """,
            "db/queries/some.py",
        ),
        _text(
            "a named file",
            """
            KEEP = text("INSERT INTO invoices (account_id, id) SELECT account_id, id FROM incoming")
            """,
            "db/save/usage.py",
        ),
        _text(
            "text in a file that is not named, through SQLAlchemy and past it",
            """
            async def load(session, connection, name):
                await session.execute(text("SELECT 1"))  # BAD
                await connection.fetch(f"SELECT * FROM {name}")  # BAD
                return Statement("all", "SELECT 1", Record)  # BAD
            """,
            "operations/some.py",
        ),
        _text(
            "a named file whose text forgets the account",
            """
            KEEP = text("UPDATE invoices SET status = 'PAID' WHERE id = :id")  # BAD
            """,
            "db/save/usage.py",
        ),
    ),
)
