"""Which names the schema may give to what is stored: scalars by kind, and the closed values of a text column."""

import re
from typing import Any, Final

from sqlalchemy import Case, CheckConstraint, Column, ColumnElement, literal_column
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import TypeEngine

from db.graph.wire import Kind, kind_of

_VALUE: Final = re.compile(r"'([A-Z0-9_]+)'")


def scalars_of(kind: Kind | TypeEngine[Any]) -> frozenset[str]:
    """The scalars that may show a kind, or be compared with a value of an SQL type."""
    if isinstance(kind, TypeEngine):
        kind = kind_of(literal_column("value", kind.item_type if isinstance(kind, ARRAY) else kind))
    return frozenset({"String", "CurrencyCode"}) if kind is Kind.TEXT else frozenset({kind.value})


def allowed_values(expression: ColumnElement[Any]) -> set[str]:
    """The values a CHECK allows a text column to hold; empty when any text is allowed.

    A column of a view has those of the column it shows, and a case those of what it comes to otherwise.
    """
    if isinstance(expression, Case) and expression.else_ is not None:
        expression = expression.else_
    origin = next((each for each in expression.base_columns if isinstance(each, Column)), None)
    if origin is None:
        return set()
    for constraint in (*origin.constraints, *origin.table.constraints):
        if isinstance(constraint, CheckConstraint):
            found = re.fullmatch(rf"{origin.name} IN \((.*)\)", str(constraint.sqltext))
            if found is not None:
                return set(_VALUE.findall(found[1]))
    return set()
