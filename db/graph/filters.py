"""The closed set of ways a list may be narrowed: named builders from an argument to a Core predicate.

A filter is declared beside its relation, so a resolver never filters a loaded list and no caller's text becomes SQL.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

from sqlalchemy import Boolean, ColumnElement, Text, any_, func, or_, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import TypeEngine

Predicate: TypeAlias = Callable[[ColumnElement[Any]], ColumnElement[bool]]


@dataclass(frozen=True, slots=True)
class Filter:
    """A predicate over the argument's bound value, whose SQL type is `type_`."""

    build: Predicate
    type_: TypeEngine[Any]
    is_list: bool = False


@dataclass(frozen=True, slots=True)
class By:
    """An argument that is part of a relation's key: many values of it share one statement.

    `column` is compared with the argument, or with what `found` makes of it.
    """

    column: ColumnElement[Any]
    type_: TypeEngine[Any]
    found: Callable[[ColumnElement[Any]], ColumnElement[Any]] | None = None

    def build(self, key: ColumnElement[Any]) -> ColumnElement[bool]:
        """The predicate for one key."""
        return self.column == (key if self.found is None else self.found(key))


def by(column: ColumnElement[Any]) -> By:
    """The rows whose column equals the argument."""
    return By(column, column.type)


def by_lookup(column: ColumnElement[Any], found: Callable[[ColumnElement[Any]], ColumnElement[Any]]) -> By:
    """The rows whose column equals what a subselect finds for a text, such as a code or an external id."""
    return By(column, Text(), found)


def named(named_id: ColumnElement[Any], name: ColumnElement[Any]) -> Callable[[ColumnElement[Any]], ColumnElement[Any]]:
    """The subselect from a text to the id that has it as its `name`."""
    return lambda key: select(named_id).where(name == key).scalar_subquery()


def equals(column: ColumnElement[Any]) -> Filter:
    """The rows whose column equals the value."""
    return Filter(lambda given: column == given, column.type)


def among(column: ColumnElement[Any]) -> Filter:
    """The rows whose column is one of the values."""
    return Filter(lambda given: column == any_(given), ARRAY(column.type), is_list=True)


def at_least(column: ColumnElement[Any]) -> Filter:
    """The rows whose column is the value or above it."""
    return Filter(lambda given: column >= given, column.type)


def at_most(column: ColumnElement[Any]) -> Filter:
    """The rows whose column is the value or below it."""
    return Filter(lambda given: column <= given, column.type)


def mentions(*columns: ColumnElement[Any]) -> Filter:
    """The rows with the words in one of the columns, in any case; the words are no pattern."""
    return Filter(
        lambda given: or_(*(func.strpos(func.lower(column), func.lower(given)) > 0 for column in columns)),
        Text(),
    )


def holds(predicate: ColumnElement[bool]) -> Filter:
    """The rows for which the predicate is as true as the value says."""
    return Filter(lambda given: predicate == given, Boolean())


def satisfying(build: Predicate, type_: TypeEngine[Any] | None = None) -> Filter:
    """Any other predicate over the value, written out where it is declared."""
    return Filter(build, type_ or Text())
