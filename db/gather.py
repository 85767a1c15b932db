"""Rows gathered to be written: one statement a table and kind, however many rows, in the order of references.

Owns the order (what is deleted first, referring rows before referred ones; then table by table what changes before
what is new, so that a span ends before the next begins) and that every row shows its account. Does not own what the
rows hold (db/rows.py) nor when they are written (db/unit_of_work.py).
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from operator import itemgetter
from typing import Any

from sqlalchemy import Column, Numeric, Table
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from db.engine import copy_rows
from db.json_text import json_text

# check: allow open-statements because the order of tables is read from it, and each row shows its account
from db.tables import metadata

Row = Mapping[str, Any]
Key = tuple[Any, ...]

_ORDER: Mapping[Table, int] = {table: index for index, table in enumerate(metadata.sorted_tables)}
"""Each table after those it refers to."""


class LostUpdate(Exception):
    """A row that was to change is not there: whoever decided looked at something else than what is stored."""


@dataclass(slots=True)
class _Change:
    """New values of one row; `plus` is added to what stands there."""

    values: dict[str, Any]
    plus: dict[str, int]


@dataclass(slots=True)
class _Pending:
    """What waits to be written to one table, rows by their primary key."""

    deleted: dict[Key, None] = field(default_factory=dict)
    changed: dict[Key, _Change] = field(default_factory=dict)
    new: dict[Key, dict[str, Any]] = field(default_factory=dict)


class Gathered:
    """Rows by table. A row that is changed before it was written is written changed."""

    def __init__(self) -> None:
        self._tables: defaultdict[Table, _Pending] = defaultdict(_Pending)

    def insert(self, table: Table, *rows: Row) -> None:
        """New rows. A column left out of some is null there. Raises KeyError for one that lacks its key."""
        pending, key_of = self._tables[table], _key_of(table)
        for row in rows:
            key = key_of(row)
            if key in pending.new:
                raise ValueError(f"{table.name} {key} is inserted twice in one transaction")
            pending.new[key] = dict(row)

    def update(self, table: Table, key: Row, values: Row, plus: Mapping[str, int] | None = None) -> None:
        """Change the row with this primary key: set `values`, add `plus`. Raises KeyError for a key in part."""
        pending, at = self._tables[table], _key_of(table)(key)
        if (row := pending.new.get(at)) is not None:
            row.update(values)
            for name, more in (plus or {}).items():
                row[name] += more
            return
        change = pending.changed.setdefault(at, _Change({}, {}))
        change.values.update(values)
        for name, more in (plus or {}).items():
            change.plus[name] = change.plus.get(name, 0) + more

    def delete(self, table: Table, key: Row) -> None:
        """Take the row with this primary key away."""
        pending, at = self._tables[table], _key_of(table)(key)
        pending.changed.pop(at, None)
        if pending.new.pop(at, None) is None:
            pending.deleted[at] = None

    def __bool__(self) -> bool:
        return bool(self._tables)

    async def write(self, session: AsyncSession) -> None:
        """Write everything gathered so far, and begin anew. Raises LostUpdate, and the database's refusals."""
        if not self._tables:
            return
        tables, self._tables = self._tables, defaultdict(_Pending)
        connection = await session.connection()
        order = sorted(tables, key=_ORDER.__getitem__)
        for table in reversed(order):
            if tables[table].deleted:
                await _run(connection, _delete_sql(table), table, _key_names(table), list(tables[table].deleted))
        for table in order:
            for shape, keys, changes in _by_shape(tables[table].changed):
                names = (*_key_names(table), *shape.values, *shape.plus)
                rows = [
                    (*key, *map(change.values.__getitem__, shape.values), *map(change.plus.__getitem__, shape.plus))
                    for key, change in zip(keys, changes, strict=True)
                ]
                await _run(connection, _update_sql(table, shape.values, shape.plus), table, names, rows)
            if new := list(tables[table].new.values()):
                columns = _columns_of(new)
                await copy_rows(session, table.name, columns, _as_tuples(table, columns, new))


@dataclass(frozen=True, slots=True)
class _Shape:
    """Which columns a change touches: rows of one shape share a statement."""

    values: tuple[str, ...]
    plus: tuple[str, ...]


def _by_shape(changed: Mapping[Key, _Change]) -> Iterable[tuple[_Shape, list[Key], list[_Change]]]:
    shapes: dict[_Shape, tuple[list[Key], list[_Change]]] = {}
    for key, change in changed.items():
        keys, changes = shapes.setdefault(_Shape(tuple(sorted(change.values)), tuple(sorted(change.plus))), ([], []))
        keys.append(key)
        changes.append(change)
    return [(shape, *members) for shape, members in shapes.items()]


def _columns_of(rows: Sequence[Row]) -> tuple[str, ...]:
    """The columns of all rows, in the order of the first row that has each."""
    first = tuple(rows[0])
    if all(len(row) == len(first) and row.keys() == rows[0].keys() for row in rows):
        return first
    return tuple(dict.fromkeys(name for row in rows for name in row))


def _as_tuples(table: Table, columns: Sequence[str], rows: Sequence[dict[str, Any]]) -> Iterable[tuple[Any, ...]]:
    """The values of rows in the order of `columns`, null where a row has none, as COPY takes them."""
    for name in columns:
        if _is_json(table, name):
            for row in rows:
                row[name] = _json(row.get(name))
    if all(len(row) == len(columns) for row in rows):
        return map(itemgetter(*columns), rows)
    return (tuple(map(row.get, columns)) for row in rows)


@lru_cache(maxsize=256)
def _key_of(table: Table) -> Callable[[Row], Key]:
    """What takes the primary key out of a row."""
    first, *more = _key_names(table)
    return itemgetter(first, *more) if more else lambda row: (row[first],)


@lru_cache(maxsize=256)
def _key_names(table: Table) -> tuple[str, ...]:
    return tuple(column.name for column in table.primary_key.columns)


async def _run(
    connection: AsyncConnection, sql: str, table: Table, names: Sequence[str], rows: Sequence[tuple[Any, ...]]
) -> None:
    """One statement over all rows, each column sent as an array."""
    columns = tuple(
        [_json(value) for value in values] if _is_json(table, name) else list(values)
        for name, values in zip(names, zip(*rows, strict=True), strict=True)
    )
    result = await connection.exec_driver_sql(sql, columns)
    if result.rowcount != len(rows):
        raise LostUpdate(f"{table.name}: {result.rowcount} of {len(rows)} rows were there")


@lru_cache(maxsize=256)
def _is_json(table: Table, name: str) -> bool:
    return isinstance(table.c[name].type, JSONB)


def _json(value: Any) -> str | None:
    return None if value is None else json_text(value)


@lru_cache(maxsize=256)
def _update_sql(table: Table, values: tuple[str, ...], plus: tuple[str, ...]) -> str:
    key = _key_names(table)
    names = (*key, *values, *plus)
    changes = [f"{_quoted(name)} = given.{_quoted(name)}" for name in values]
    changes += [f"{_quoted(name)} = kept.{_quoted(name)} + given.{_quoted(name)}" for name in plus]
    same = " AND ".join(f"kept.{_quoted(name)} = given.{_quoted(name)}" for name in key)
    given = _given(table, names)
    return f'UPDATE "{table.name}" AS kept SET {", ".join(changes)} FROM {given} WHERE {same}'  # noqa: S608 - our names


@lru_cache(maxsize=256)
def _delete_sql(table: Table) -> str:
    key = _key_names(table)
    same = " AND ".join(f"kept.{_quoted(name)} = given.{_quoted(name)}" for name in key)
    return f'DELETE FROM "{table.name}" AS kept USING {_given(table, key)} WHERE {same}'  # noqa: S608 - our names


def _given(table: Table, names: Sequence[str]) -> str:
    return f"unnest({_arrays(table, names)}) AS given({', '.join(_quoted(name) for name in names)})"


def _arrays(table: Table, names: Sequence[str]) -> str:
    return ", ".join(f"${index}::{_type(table.c[name])}[]" for index, name in enumerate(names, start=1))


def _type(column: Column[Any]) -> str:
    # its precision is the column's own: an array of it would be rounded value by value on the way
    return "numeric" if isinstance(column.type, Numeric) else str(column.type.compile(_DIALECT))


def _quoted(name: str) -> str:
    return f'"{name}"'


_DIALECT = postgresql.dialect()  # type: ignore[no-untyped-call]
