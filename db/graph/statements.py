"""The loaders' statements: built in SQLAlchemy Core from a Source, compiled to text once, kept for the process.

Owns the SQL shape: `unnest($keys) WITH ORDINALITY` joined to the rows of each key, which come back grouped in key
order. Does not own running it (read.py). Values written in a declaration are rendered as literals, so that a partial
index is recognised; everything a caller or an operation gives is a bound parameter. The scope's kind is part of a
statement's identity.
"""

from dataclasses import dataclass
from typing import Any, Final

import asyncpg
from sqlalchemy import (
    BigInteger,
    BindParameter,
    ColumnElement,
    Select,
    and_,
    bindparam,
    false,
    func,
    literal_column,
    null,
    select,
    true,
    tuple_,
    type_coerce,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import asyncpg as driver
from sqlalchemy.dialects.postgresql.asyncpg import PGCompiler_asyncpg
from typing_extensions import override

from db.graph.declare import Shape, name_of
from db.graph.whole import Graph, Source
from db.lease import Statement
from db.scope import ScopeKind, within

LIMIT: Final = "most"
_ORDINAL: Final = "n"


@dataclass(frozen=True, slots=True)
class Variant:
    """Which of a source's statements: the scope kind, the order, where the page lies, which filters are set."""

    scope: ScopeKind
    order: str = ""
    is_backward: bool = False
    has_after: bool = False
    has_before: bool = False
    filters: frozenset[str] = frozenset()
    is_count: bool = False


@dataclass(frozen=True, slots=True)
class Ready:
    """A statement for the lease, and the names of its parameters in position order."""

    statement: Statement[Any]
    parameters: tuple[str, ...]


class _Compiler(PGCompiler_asyncpg):
    """Renders values known at declaration inline and leaves what is given later as parameters."""

    @override
    def visit_bindparam(self, bindparam: BindParameter[Any], **kw: Any) -> str:  # type: ignore[override]
        if not bindparam.required:
            kw["literal_binds"] = True
        text: str = super().visit_bindparam(bindparam, **kw)  # type: ignore[no-untyped-call]
        return text


def _dialect() -> driver.dialect:
    dialect = driver.dialect()  # type: ignore[no-untyped-call]
    dialect.statement_compiler = _Compiler
    return dialect


_DIALECT: Final = _dialect()


def render(query: Select[Any]) -> tuple[str, tuple[str, ...]]:
    """A Core statement as text and the names of its parameters in position order."""
    compiled = query.compile(dialect=_DIALECT, compile_kwargs={"render_postcompile": True})
    return str(compiled), tuple(compiled.positiontup or ())


def statement(graph: Graph, source: Source, variant: Variant) -> Ready:
    """The statement of a source in one variant, built at its first use and kept."""
    found: Ready | None = source.statements.get(variant)
    if found is None:
        query = _count(source, variant) if variant.is_count else _rows(graph, source, variant)
        record = asyncpg.Record if variant.is_count else graph.shapes[source.entity.name].record
        what = "count" if variant.is_count else source.shape.value.lower()
        found = ready(f"{source.entity.name}.{what}", query, record)
        source.statements[variant] = found
    return found


def ready(name: str, query: Select[Any], record: type[Any]) -> Ready:
    """A Core statement compiled once for the lease; `name` is for metrics and tests, not unique."""
    sql, parameters = render(query)
    return Ready(Statement(name, sql, record), parameters)


def _visible(source: Source, variant: Variant) -> list[ColumnElement[bool]]:
    """What every statement over these rows must hold, whatever is asked: scope, audience, existence."""
    entity = source.entity
    conditions: list[ColumnElement[bool]] = []
    if _hidden(entity.audience, variant) or _hidden(source.audience, variant):
        conditions.append(false())
    if entity.tenant is not None:
        conditions.append(within(variant.scope, entity.tenant))
    if entity.visible is not None:
        conditions.append(entity.visible(variant.scope))
    conditions.extend(where for where in (entity.where, source.where) if where is not None)
    for name in sorted(variant.filters):
        given = source.filters[name]
        conditions.append(given.build(bindparam(f"filter_{name}", type_=given.type_)))
    return conditions


def _keys(source: Source) -> Any:
    """The keys as a table: one column a key part, and the ordinal that tells which key a row answers."""
    arrays = [bindparam(f"key_{at}", type_=ARRAY(each.type_)) for at, each in enumerate(source.match)]
    names = [f"k{at}" for at in range(len(source.match))]
    table = func.unnest(*arrays).table_valued(*names, with_ordinality=_ORDINAL)
    return table.render_derived(name="keys")


def _matches(source: Source, keys: Any) -> list[ColumnElement[bool]]:
    return [each.by.build(type_coerce(keys.c[f"k{at}"], each.type_)) for at, each in enumerate(source.match)]


def _rows(graph: Graph, source: Source, variant: Variant) -> Select[Any]:
    shape = graph.shapes[source.entity.name]
    shown = [
        (null() if _hidden(shape.audiences.get(label), variant) else expression).label(label)
        for label, expression in shape.expressions.items()
    ]
    conditions = _visible(source, variant)
    order = source.orders.get(variant.order)
    directed: list[ColumnElement[Any]] = []
    if order is not None:
        is_descending = order.is_descending != variant.is_backward
        directed = [column.desc() if is_descending else column.asc() for column in order.columns]
        conditions.extend(_between(order.columns, is_descending=order.is_descending, variant=variant))
    limit = _limit(source)

    if not source.match:
        ordinal = literal_column("1::bigint", BigInteger).label(_ORDINAL)
        return (
            select(ordinal, *shown).select_from(source.entity.table).where(*conditions).order_by(*directed).limit(limit)
        )

    keys = _keys(source)
    if order is None:
        joined = keys.join(source.entity.table, and_(*_matches(source, keys), *conditions))
        return select(keys.c[_ORDINAL], *shown).select_from(joined).order_by(keys.c[_ORDINAL])

    # LATERAL and not a window function: it stops at the limit of each key instead of numbering every row
    each = (
        select(*shown)
        .select_from(source.entity.table)
        .where(*_matches(source, keys), *conditions)
        .order_by(*directed)
        .limit(limit)
        .lateral("own")
    )
    outer = [
        each.c[name_of(column)].desc() if is_descending else each.c[name_of(column)].asc() for column in order.columns
    ]
    return select(keys.c[_ORDINAL], *each.c).select_from(keys.join(each, true())).order_by(keys.c[_ORDINAL], *outer)


def _hidden(audience: Any, variant: Variant) -> bool:
    return audience is not None and variant.scope not in audience


def _limit(source: Source) -> ColumnElement[Any] | None:
    match source.shape:
        case Shape.ONE:
            return literal_column("1")
        case Shape.MANY:
            return None
        case Shape.PAGES:
            return bindparam(LIMIT, type_=BigInteger())


def _between(
    columns: tuple[ColumnElement[Any], ...], *, is_descending: bool, variant: Variant
) -> list[ColumnElement[bool]]:
    """The rows after one cursor and before another, in the order's own direction, as comparisons of whole keys."""
    conditions: list[ColumnElement[bool]] = []
    for name, is_wanted, is_later in (("after", variant.has_after, True), ("before", variant.has_before, False)):
        if is_wanted:
            key = tuple_(*columns)
            edge = tuple_(*(bindparam(f"{name}_{at}", type_=each.type) for at, each in enumerate(columns)))
            conditions.append(key > edge if is_later != is_descending else key < edge)
    return conditions


def _count(source: Source, variant: Variant) -> Select[Any]:
    """How many rows each key has in all; no cursor and no limit take part."""
    conditions = _visible(source, variant)
    counted = select(func.count()).select_from(source.entity.table)
    if not source.match:
        inner = counted.where(*conditions).scalar_subquery()
        return select(literal_column("1::bigint", BigInteger).label(_ORDINAL), inner.label("total"))
    keys = _keys(source)
    inner = counted.where(*_matches(source, keys), *conditions).correlate(keys).scalar_subquery()
    return select(keys.c[_ORDINAL], inner.label("total")).select_from(keys).order_by(keys.c[_ORDINAL])
