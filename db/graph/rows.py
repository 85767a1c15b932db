"""Rows as the graph reads them: a generated subclass of the driver's record for each entity, so nothing is copied.

A row names its own type (`__graphql__`) and has a property for each declared field under its Python name; raw columns
are there with a leading underscore (`_id`, `_account_id`) for keys and cursors. A part inside a row is a view on it.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, TypeAlias

import asyncpg
from sqlalchemy import ColumnClause, ColumnElement

from db.graph.declare import AnyReference, Entity, Field, FineMoney, Money, Part, Reference, Value, Variant
from db.graph.wire import FORMATS, any_id_text, fine_amount_text, money_text
from domain.ids import PREFIXES, public_id

Read: TypeAlias = Callable[[Any], Any]
"""From a record to what the field shows."""


class MoneyView:
    """An amount and its currency, as the graph's Money reads them."""

    __graphql__ = "Money"
    __slots__ = ("amount", "currency_code")

    def __init__(self, amount: str, currency_code: str) -> None:
        self.amount = amount
        self.currency_code = currency_code


class FineMoneyView(MoneyView):
    """A unit price and its currency."""

    __graphql__ = "UnitPrice"
    __slots__ = ()


class PartView:
    """The base of generated views: an object made of some columns of a row."""

    __graphql__: str
    __slots__ = ("_row",)

    def __init__(self, row: Any) -> None:
        self._row = row


@dataclass(frozen=True, slots=True)
class RowShape:
    """What a statement selects for one entity, in order, and the record class that reads it.

    Position 0 is the ordinal of the key the row answers; `expressions` follow from position 1.
    """

    entity: Entity
    expressions: Mapping[str, ColumnElement[Any]]
    """Label to expression; a plain column has its own name as label."""
    audiences: Mapping[str, Any]
    record: type[Any]


def expressions_of(field: Field, path: str) -> Iterator[tuple[str, ColumnElement[Any], Any]]:
    """(label, expression, audience) of each column a field reads; a plain column is labelled by its own name."""
    match field:
        case Value(expression, _, _, audience):
            yield _label(expression, path), expression, audience
        case Reference(expression, _):
            yield _label(expression, path), expression, None
        case AnyReference(type_name, expression):
            yield _label(type_name, f"{path}__type"), type_name, None
            yield _label(expression, path), expression, None
        case Money(minor, currency) | FineMoney(minor, currency):
            yield _label(minor, f"{path}__minor"), minor, None
            yield _label(currency, f"{path}__currency"), currency, None
        case Part(_, fields, _, unless_null):
            if unless_null is not None:
                yield unless_null.name, unless_null, None
            for name, inner in fields.items():
                yield from expressions_of(inner, f"{path}__{name}")
        case Variant(told_by, parts):
            yield told_by.name, told_by, None
            for part in parts.values():
                yield from expressions_of(part, path)


def _label(expression: ColumnElement[Any], path: str) -> str:
    return expression.name if isinstance(expression, ColumnClause) and not expression.is_literal else path


def row_shape(entity: Entity, also: Mapping[str, ColumnElement[Any]]) -> RowShape:
    """The columns and the record class of an entity; `also` are columns that keys and orders read, by name."""
    expressions: dict[str, ColumnElement[Any]] = {}
    audiences: dict[str, Any] = {}
    if entity.prefix is not None:
        expressions["id"] = entity.table.c["id"]
    for name, field in entity.fields.items():
        for label, expression, audience in expressions_of(field, name):
            expressions[label] = expression
            if audience is not None:
                audiences[label] = audience
    for label, expression in also.items():
        expressions.setdefault(label, expression)
    positions = {label: position for position, label in enumerate(expressions, start=1)}
    raw = {f"_{label}": property(itemgetter(position)) for label, position in positions.items()}
    shown = {name: property(_read(field, name, positions, raw)) for name, field in entity.fields.items()}
    shown |= {name: property(itemgetter(positions[name])) for name in entity.raw}
    if entity.prefix is not None:
        shown["id"] = property(_id_reader(entity.prefix, positions["id"]))
    record = type(f"{entity.name}Row", (asyncpg.Record,), {"__graphql__": entity.name, "__slots__": (), **raw, **shown})
    return RowShape(entity, expressions, audiences, record)


def _id_reader(prefix: str, position: int) -> Read:
    def read(row: Any) -> str | None:
        uuid = row[position]
        return None if uuid is None else public_id(prefix, uuid)

    return read


def _read(field: Field, path: str, positions: Mapping[str, int], raw: Mapping[str, property]) -> Read:
    """How a field is read from a record of these positions."""
    match field:
        case Value(expression, kind, _, _):
            return _value_reader(positions[_label(expression, path)], FORMATS[kind].python)
        case Reference(expression, type_name):
            return _id_reader(PREFIXES[type_name], positions[_label(expression, path)])
        case AnyReference(type_name, expression):
            return _pair_reader(
                positions[_label(type_name, f"{path}__type")], positions[_label(expression, path)], any_id_text
            )
        case Money(minor, currency):
            at = (positions[_label(minor, f"{path}__minor")], positions[_label(currency, f"{path}__currency")])
            return _pair_reader(*at, lambda amount, code: MoneyView(money_text(amount, code), code))
        case FineMoney(minor, currency):
            at = (positions[_label(minor, f"{path}__minor")], positions[_label(currency, f"{path}__currency")])
            return _pair_reader(*at, lambda amount, code: FineMoneyView(fine_amount_text(amount, code), code))
        case Part(_, _, _, unless_null):
            view = _view(field, path, positions, raw)
            if unless_null is None:
                return view
            told_at = positions[unless_null.name]
            return lambda row: None if row[told_at] is None else view(row)
        case Variant(told_by, parts):
            views = {member: _view(part, path, positions, raw) for member, part in parts.items()}
            told = positions[told_by.name]
            return lambda row: views[row[told]](row)


def _value_reader(position: int, show: Read) -> Read:
    if show in (str, int, bool):
        # the driver's value is what JSON carries already, unless a whole number travels as text
        return itemgetter(position) if show is not str else _text_reader(position)

    def read(row: Any) -> Any:
        stored = row[position]
        return None if stored is None else show(stored)

    return read


def _text_reader(position: int) -> Read:
    def read(row: Any) -> str | None:
        stored = row[position]
        return stored if stored is None or type(stored) is str else str(stored)

    return read


def _pair_reader(first: int, second: int, show: Callable[[Any, Any], Any]) -> Read:
    def read(row: Any) -> Any:
        left, right = row[first], row[second]
        return None if left is None or right is None else show(left, right)

    return read


def _view(part: Part, path: str, positions: Mapping[str, int], raw: Mapping[str, property]) -> type[PartView]:
    """A generated class whose instances show a part of a row; raw columns are readable as on the row itself."""
    members: dict[str, Any] = {"__graphql__": part.type_name, "__slots__": ()}
    for name, own in raw.items():
        members[name] = property(_through(own.fget))
    for name, field in part.fields.items():
        members[name] = property(_through(_read(field, f"{path}__{name}", positions, raw)))
    return type(f"{part.type_name}View", (PartView,), members)


def _through(read: Any) -> Read:
    return lambda view: read(view._row)  # noqa: SLF001 - a view is its row
