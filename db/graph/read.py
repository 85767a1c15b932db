"""Reading by key: runs a source's statement on the operation's lease and hands back one answer a key, in key order.

Owns the alignment of rows to keys and the turning of a page's arguments into parameters. Does not own batching
(resolvers/loaders.py) or the SQL (statements.py). Rows are the driver's own records and are not copied.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from db.graph.clock import NOW
from db.graph.cursors import Cursor, not_ours
from db.graph.declare import Shape
from db.graph.statements import LIMIT, Variant, statement
from db.graph.whole import Graph, SortedBy, Source
from db.lease import Lease
from db.scope import ACTOR, Scope


@dataclass(frozen=True, slots=True)
class Arguments:
    """What distinguishes two readings of one source; equal arguments share a loader. `filters` are (name, value)."""

    order: str = ""
    first: int | None = None
    last: int | None = None
    after: Cursor | None = None
    before: Cursor | None = None
    filters: tuple[tuple[str, Any], ...] = ()


NO_ARGUMENTS = Arguments()


@dataclass(frozen=True, slots=True)
class PageOfRows:
    """The rows of one page in the list's own order, and whether more lie beyond either edge."""

    rows: Sequence[Any]
    order: SortedBy
    has_next: bool
    has_previous: bool


@dataclass(frozen=True, slots=True)
class Reader:
    """One operation's way to rows: its lease, its scope and its instant, which every statement is bound to."""

    graph: Graph
    lease: Lease
    scope: Scope
    now: datetime

    async def read(self, source: Source, arguments: Arguments, keys: Sequence[Any]) -> list[Any]:
        """One answer a key: a row or None, a list of rows, or a PageOfRows, by the source's shape."""
        order = source.orders.get(arguments.order)
        variant = Variant(
            self.scope.kind,
            arguments.order,
            is_backward=arguments.first is None and arguments.last is not None,
            has_after=arguments.after is not None,
            has_before=arguments.before is not None,
            filters=frozenset(name for name, _ in arguments.filters),
        )
        given = self._given(source, arguments.filters, keys)
        for edge, cursor in (("after", arguments.after), ("before", arguments.before)):
            if cursor is not None:
                if order is None or order.layout is None or cursor.tag != order.layout.tag:
                    raise not_ours(cursor.tag, edge)
                given.update({f"{edge}_{at}": each for at, each in enumerate(cursor.values)})
        size = arguments.first if arguments.first is not None else arguments.last
        if size is not None:
            given[LIMIT] = size + 1  # one more tells whether there is a next page
        rows = await self._run(source, variant, given)

        match source.shape:
            case Shape.ONE:
                answers: list[Any] = [None] * len(keys)
                for row in rows:
                    answers[row[0] - 1] = row
                return answers
            case Shape.MANY:
                return _grouped(rows, len(keys))
            case Shape.PAGES:
                assert order is not None
                assert size is not None
                return [_page(each, order, arguments, size) for each in _grouped(rows, len(keys))]

    async def count(self, source: Source, filters: tuple[tuple[str, Any], ...], keys: Sequence[Any]) -> list[int]:
        """How many rows each key has in all, under the same filters and scope as its pages."""
        variant = Variant(self.scope.kind, filters=frozenset(name for name, _ in filters), is_count=True)
        return [row[1] for row in await self._run(source, variant, self._given(source, filters, keys))]

    def _given(self, source: Source, filters: tuple[tuple[str, Any], ...], keys: Sequence[Any]) -> dict[str, Any]:
        given: dict[str, Any] = {NOW: self.now, ACTOR: self.scope.actor_id}
        if len(source.match) == 1:
            given["key_0"] = [key[0] if isinstance(key, tuple) else key for key in keys]
        else:
            for at, column in enumerate(zip(*keys, strict=True) if source.match else ()):
                given[f"key_{at}"] = list(column)
        for name, each in filters:
            given[f"filter_{name}"] = list(each) if isinstance(each, tuple) else each
        return given

    async def _run(self, source: Source, variant: Variant, given: Mapping[str, Any]) -> list[Any]:
        ready = statement(self.graph, source, variant)
        return await self.lease.fetch(ready.statement, *(given[name] for name in ready.parameters))


def _grouped(rows: Sequence[Any], keys: int) -> list[list[Any]]:
    """Rows by the ordinal of their key; a key without rows has an empty list."""
    groups: list[list[Any]] = [[] for _ in range(keys)]
    for row in rows:
        groups[row[0] - 1].append(row)
    return groups


def _page(rows: list[Any], order: SortedBy, arguments: Arguments, size: int) -> PageOfRows:
    has_more = len(rows) > size
    kept = rows[:size]
    if arguments.first is None:
        kept.reverse()
        return PageOfRows(kept, order, has_next=arguments.before is not None, has_previous=has_more)
    return PageOfRows(kept, order, has_next=has_more, has_previous=arguments.after is not None)
