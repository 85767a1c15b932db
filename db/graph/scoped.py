"""The check of SQL text: every tenant's table a statement reads carries the scope's predicate on its own alias.

Dropping the predicate of a child is invisible in answers (the children of a visible parent are the same tenant's), so
the text is what is looked at. It is read apart from how it was built: a builder that forgets does not check itself.
"""

import re
from collections.abc import Iterator
from typing import Final

from sqlalchemy import Table

from db.graph.statements import Variant, statement
from db.graph.whole import Graph
from db.scope import ScopeKind
from db.tables import metadata

_READ: Final = re.compile(r"\b(?:FROM|JOIN) (\w+)(?: AS (\w+))?")
_IN_REACH: Final = " IN (SELECT scope.account_id FROM memberships AS scope WHERE scope.user_id = $"
_ITS_OWN_READER: Final = frozenset({"scope", "scope_above", "scope_below", "clock"})
"""Aliases that are the predicate itself, and the clock of the account of a row that carries it."""


def tenant_tables() -> frozenset[str]:
    """The tables whose rows are one account's."""
    return frozenset(
        table.name
        for table in metadata.tables.values()
        if table.name == "accounts" or ("account_id" in table.c and "not_tenant" not in table.info)
    )


def unscoped(sql: str, views: frozenset[str] = frozenset()) -> list[str]:
    """The aliases of tenants' tables in a statement that lack the predicate; a view carries it as a whole."""
    text = " ".join(sql.split())
    for view in views:
        text = _without_body(text, view)
    tenants = tenant_tables() | views
    missing = []
    for table, alias in _READ.findall(text):
        name = alias or table
        if table in tenants and name not in _ITS_OWN_READER:
            column = "id" if table == "accounts" else "account_id"
            if name + "." + column + _IN_REACH not in text:
                missing.append(name)
    return missing


def _without_body(text: str, view: str) -> str:
    """The text with the parenthesised body of a view replaced by its name."""
    end = text.find(f") AS {view}")
    if end < 0:
        return text
    depth, start = 1, end
    while depth:
        start -= 1
        depth += {")": 1, "(": -1}.get(text[start], 0)
    return f"{text[:start]}{view}{text[end + 1 :]}"


def findings(graph: Graph) -> Iterator[str]:
    """A sentence for each alias without a predicate, over every source's statements for a customer.

    Makes the statements that most operations run, so they are ready when the first one comes.
    """
    views = frozenset(
        getattr(each.table, "name", "") for each in graph.entities.values() if not isinstance(each.table, Table)
    )
    for source in graph.sources:
        audience = source.entity.audience or source.audience
        if audience is not None and ScopeKind.CUSTOMER not in audience:
            continue
        for order in [*source.orders] or [""]:
            sql = statement(graph, source, Variant(ScopeKind.CUSTOMER, order)).statement.sql
            for alias in unscoped(sql, views):
                yield f"{source.label}: {alias} is read without a scope."
