"""open-statements: tables are named where they are used, and a reach is never made up, so that the others can see both.

Whatever would hide a table from query-scope and write-keys is found here: a module of tables under another name, the
metadata, methods of a table that begin a statement, a scope built by hand instead of from an actor.
"""

import ast
from collections.abc import Iterator
from typing import Final

from sqlalchemy import MetaData, Table

from checks.check import Check, Finding, Sample
from checks.core_names import imported_tables
from checks.house import PRODUCTION, House, SourceFile, sample

_METADATA: Final = ("db/migrate.py", "db/migrations/", "db/graph/scoped.py")
"""Who needs all tables at once, and runs no statement on them."""
_SCOPES: Final = "db/scope.py"
_BEGINNERS: Final = {"select", "insert", "update", "delete"}


def find(house: House) -> Iterator[Finding]:
    """Ways to a table, or to a reach, that the other checks could not follow."""
    for file in house.python(*PRODUCTION):
        yield from _imports(file)
        tables = imported_tables(file, house.tables.tables)
        for call in file.all(ast.Call):
            match call.func:
                case ast.Attribute(value=ast.Name(id=name), attr=method) if name in tables and method in _BEGINNERS:
                    message = f"begin the statement with {method}({name}): a method of the table is read by no check"
                    yield Finding(file.path, call.lineno, message)
                case ast.Name(id="Scope") | ast.Attribute(attr="Scope") if file.path != _SCOPES:
                    message = "a scope is made from an actor, scope_of(actor): one made by hand reaches what it likes"
                    yield Finding(file.path, call.lineno, message)
                case _:
                    pass


def _imports(file: SourceFile) -> Iterator[Finding]:
    message = "import each table from db.tables by its name"
    for node in file.all(ast.Import):
        if any(alias.name == "db.tables" for alias in node.names):
            yield Finding(file.path, node.lineno, message)
    for each in file.all(ast.ImportFrom):
        names = {alias.name for alias in each.names}
        if each.module == "db" and "tables" in names:
            yield Finding(file.path, each.lineno, message)
        if each.module == "db.tables" and names & {"*", "metadata"} and not file.path.startswith(_METADATA):
            yield Finding(file.path, each.lineno, message)


def _opened(says: str, text: str, path: str = "db/queries/some.py") -> Sample:
    tables = MetaData()
    Table("invoices", tables)
    return Sample(says, sample(path, text, tables=tables))


CHECK = Check(
    "open-statements",
    "Tables are imported by name, statements begin with a function, scopes are made from actors.",
    find,
    (
        _opened(
            "named, begun with a function, from an actor",
            """
            from db.scope import Scope, scope_of
            from db.tables import invoices

            scope = scope_of(actor)
            everything = select(invoices)
            """,
        ),
        _opened("all tables for a migration", "from db.tables import metadata\n", "db/migrate.py"),
        _opened(
            "all tables, for whatever",
            """
            import db.tables  # BAD
            from db import tables as t  # BAD
            from db.tables import metadata  # BAD
            """,
        ),
        _opened(
            "a statement begun by the table",
            """
            from db.tables import invoices

            everything = invoices.select()  # BAD
            """,
        ),
        _opened(
            "a reach made up",
            """
            everyone = Scope(ScopeKind.STAFF)  # BAD
            """,
            "operations/some.py",
        ),
    ),
)
