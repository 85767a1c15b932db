"""The vocabulary in which a type says what the graph reads from its table: plain frozen values, nothing generated.

Owns the words (Entity, columns, Money, Part, Variant, one, many, pages, computed). Does not own the tables, the
statements made from a declaration (statements.py), the rows they answer with (rows.py) or the GraphQL types (schema/).

Keys of `fields` and `relations` are the Python names of the GraphQL fields. Expressions are Core expressions over the
entity's own table; a value of another table is a relation. A plain new field is one word in `columns(...)`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, TypeAlias

from sqlalchemy import Column, ColumnClause, ColumnElement, FromClause
from sqlalchemy.sql import visitors

from db.graph.filters import By, Filter
from db.graph.wire import Kind, kind_of
from db.scope import ScopeKind

Audience: TypeAlias = frozenset[ScopeKind] | None
"""The scope kinds a thing exists for; None is all of them."""

STAFF_ONLY: Audience = frozenset({ScopeKind.STAFF})


def may_be_null(expression: ColumnElement[Any]) -> bool:
    """Whether an expression can be null: it can when one of the columns it reads can."""
    columns_read = [part for part in visitors.iterate(expression) if isinstance(part, ColumnClause)]
    return any(getattr(column, "nullable", True) for column in columns_read if not column.is_literal)


def name_of(column: ColumnElement[Any]) -> str:
    """The name of a column of a table or view. Raises TypeError for any other expression."""
    if not isinstance(column, ColumnClause):
        raise TypeError(f"{column!s} is no column.")
    return column.name


# --- fields -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Value:
    """One stored value shown as it is, in the wire format of its kind. `audience` sees it; others read null."""

    expression: ColumnElement[Any]
    kind: Kind
    is_nullable: bool
    audience: Audience = None


@dataclass(frozen=True, slots=True)
class Reference:
    """A uuid column shown as the public id of a `type_name`, where the thing itself is not in the graph."""

    expression: ColumnElement[Any]
    type_name: str


@dataclass(frozen=True, slots=True)
class AnyReference:
    """A uuid column shown as a public id whose type another column of the row names."""

    type_name: ColumnElement[Any]
    expression: ColumnElement[Any]


@dataclass(frozen=True, slots=True)
class Money:
    """Minor units and their currency. Null when the minor units are."""

    minor: ColumnElement[Any]
    currency: ColumnElement[Any]


@dataclass(frozen=True, slots=True)
class FineMoney:
    """A unit price: minor units with decimals, and their currency. Null when the minor units are."""

    minor: ColumnElement[Any]
    currency: ColumnElement[Any]


@dataclass(frozen=True, slots=True)
class Part:
    """An object inside a row, made of the row's own columns. With `unless_null`, absent where that column is null."""

    type_name: str
    fields: Mapping[str, "Field"]
    relations: Mapping[str, "Relation"] = field(default_factory=dict)
    unless_null: Column[Any] | None = None
    computed: Mapping[str, "Computed"] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Variant:
    """A union whose member is told by a text column of the row. The members' columns are null by nature."""

    told_by: Column[Any]
    parts: Mapping[str, Part]


Field: TypeAlias = Value | Reference | AnyReference | Money | FineMoney | Part | Variant


def value(expression: ColumnElement[Any], *, nullable: bool | None = None, audience: Audience = None) -> Value:
    """One value. Its kind comes from its SQL type, its nullability from the columns read unless said otherwise."""
    is_nullable = may_be_null(expression) if nullable is None else nullable
    return Value(expression, kind_of(expression), is_nullable, audience)


def columns(table: FromClause, names: str) -> dict[str, Field]:
    """The named columns of a table under their own names. A name that is no column fails at import."""
    return {name: value(table.c[name]) for name in names.split()}


# --- relations --------------------------------------------------------------------------------------------------


class Shape(Enum):
    """What a relation answers with: a row or null, a whole list, or a page of a list."""

    ONE = "ONE"
    MANY = "MANY"
    PAGES = "PAGES"


Order: TypeAlias = tuple[ColumnElement[Any], ...]


@dataclass(frozen=True, slots=True)
class Relation:
    """How rows of `target` are found from a parent row: made by `one`, `many` and `pages`, never by hand."""

    shape: Shape
    target: str
    key: ColumnElement[Any] | None
    via: str | None = None
    where: ColumnElement[bool] | None = None
    by: Mapping[str, By] = field(default_factory=dict)
    orders: Mapping[str, Order] = field(default_factory=dict)
    filters: Mapping[str, Filter] = field(default_factory=dict)
    most: int | None = None
    audience: Audience = None
    crosses: bool = False
    """The rows may be another account's than the parent row's: only the scope says which of them are seen."""

    @property
    def default_order(self) -> str:
        """The name of the order used where the caller names none."""
        return next(iter(self.orders), "")


def one(
    target: str,
    key: ColumnElement[Any] | None,
    *,
    via: str | None = None,
    where: ColumnElement[bool] | None = None,
    by: Mapping[str, By] | None = None,
    order: Sequence[ColumnElement[Any]] = (),
    filters: Mapping[str, Filter] | None = None,
    audience: Audience = None,
    crosses: bool = False,
) -> Relation:
    """At most one row: the target's `key` equals the parent's `via` column (its id unless said).

    `by` are arguments that are part of the key, so that many of them share one statement. Without `order` what is
    compared must be unique (checked at start); with it, the first row in that order is the one.
    """
    orders = {"": tuple(order)} if order else {}
    found = (by or {}, orders, filters or {})
    return Relation(Shape.ONE, target, key, via, where, *found, most=1, audience=audience, crosses=crosses)


def many(
    target: str,
    key: ColumnElement[Any] | None,
    *,
    order: Sequence[ColumnElement[Any]],
    most: int,
    via: str | None = None,
    where: ColumnElement[bool] | None = None,
    filters: Mapping[str, Filter] | None = None,
    audience: Audience = None,
) -> Relation:
    """All rows at once, for a list bounded by nature: `most` says the bound (for cost, it cuts nothing)."""
    return Relation(
        Shape.MANY, target, key, via, where, {}, {"": tuple(order)}, filters or {}, most=most, audience=audience
    )


def pages(
    target: str,
    key: ColumnElement[Any] | None,
    *,
    order: Sequence[ColumnElement[Any]] = (),
    orders: Mapping[str, Sequence[ColumnElement[Any]]] | None = None,
    most: int = 100,
    via: str | None = None,
    where: ColumnElement[bool] | None = None,
    by: Mapping[str, By] | None = None,
    filters: Mapping[str, Filter] | None = None,
    audience: Audience = None,
    crosses: bool = False,
) -> Relation:
    """A keyset connection of at most `most` rows a page.

    Each order is NOT NULL columns in one direction, ending in what makes a row unique. With `orders` the caller
    chooses one by name; the first is the default.
    """
    named = {name: tuple(each) for name, each in orders.items()} if orders else {"": tuple(order)}
    found = (by or {}, named, filters or {})
    return Relation(Shape.PAGES, target, key, via, where, *found, most=most, audience=audience, crosses=crosses)


@dataclass(frozen=True, slots=True)
class Computed:
    """A field no column holds: the batch function of this name answers it from the parents' keys alone."""

    batch: str


def computed(batch: str) -> Computed:
    """A field answered by the batch function registered under this name in resolvers."""
    return Computed(batch)


# --- entities ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Entity:
    """One type of the graph and the table (or named subselect) its rows come from.

    `tenant` is the column that holds the account: every statement binds the scope to it. `visible` is for rows of no
    single account that still are not everyone's. `where` keeps the rows that exist at all for the graph, such as the
    ones in force now. `keys` are the other unique lookups by name. An internal entity is read by computed fields only
    and has no GraphQL type; its `raw` expressions are on the row under their names, in the driver's own values.
    """

    name: str
    table: FromClause
    fields: Mapping[str, Field]
    relations: Mapping[str, Relation] = field(default_factory=dict)
    computed: Mapping[str, Computed] = field(default_factory=dict)
    prefix: str | None = None
    tenant: ColumnElement[Any] | None = None
    visible: Callable[[ScopeKind], ColumnElement[bool]] | None = None
    audience: Audience = None
    where: ColumnElement[bool] | None = None
    keys: Mapping[str, By] = field(default_factory=dict)
    is_internal: bool = False
    raw: Mapping[str, ColumnElement[Any]] = field(default_factory=dict)
