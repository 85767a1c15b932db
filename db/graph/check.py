"""The start-up check of the declaration against the tables: what must hold for every statement to be right and quick.

Owns: each tenant's rows carry a scope; an order is total and has its index; what is called one is unique; money has a
currency; ids have their prefix. Does not own the schema's side (resolvers/check.py). A finding is a sentence that
names the place; a sound graph has none.
"""

from collections.abc import Iterable, Iterator

from sqlalchemy import ColumnClause, ColumnElement, PrimaryKeyConstraint, Table, UniqueConstraint
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects.postgresql import ExcludeConstraint

from db.graph import scoped
from db.graph.declare import AnyReference, Entity, Field, FineMoney, Money, Shape, may_be_null, name_of
from db.graph.rows import expressions_of
from db.graph.whole import Graph, SortedBy, Source, parts_of
from domain.ids import PREFIXES


class UnsoundGraph(RuntimeError):
    """The declaration, the tables and the schema do not fit; the message lists every finding."""


def findings(graph: Graph) -> list[str]:
    """Everything in which the declaration does not fit the tables, in a stable order; empty when it fits."""
    found: list[str] = []
    for entity in graph.entities.values():
        found += _of_entity(entity)
    for source in graph.sources:
        found += _of_source(source)
    for (type_name, name), bound in graph.relations.items():
        if bound.source.entity.is_internal:
            found.append(f"{type_name}.{name}: an internal entity is no field.")
    found += scoped.findings(graph)
    return found


def _of_entity(entity: Entity) -> Iterator[str]:
    name = entity.name
    if entity.prefix is not None and PREFIXES.get(name) != entity.prefix:
        yield f"{name}: its ids begin with {PREFIXES.get(name)}, not {entity.prefix}."
    yield from _of_reach(entity)
    for field_name, field in entity.fields.items():
        yield from _of_field(entity, f"{name}.{field_name}", field)
    for path, part in parts_of(entity.fields):
        for field_name, field in part.fields.items():
            yield from _of_field(entity, f"{name}.{path}.{field_name}", field)
    groups = (entity.fields, entity.relations, entity.computed, {"id": None} if entity.prefix else {})
    names = [each for group in groups for each in group]
    for twice in sorted({each for each in names if names.count(each) > 1}):
        yield f"{name}.{twice}: declared twice."


def _of_reach(entity: Entity) -> Iterator[str]:
    """Whose rows these are: an account's, everyone's (the catalog), or told by a predicate of its own."""
    info = entity.table.info if isinstance(entity.table, Table) else {}
    columns = {column.name for column in entity.table.c}
    is_account = isinstance(entity.table, Table) and entity.table.name == "accounts"
    if info.get("catalog"):
        return
    if info.get("not_tenant"):
        if entity.visible is None:
            yield f"{entity.name}: rows of no account need `visible`."
        return
    expected = "id" if is_account else "account_id"
    if expected not in columns:
        yield f"{entity.name}: its table has neither an account nor a mark that it needs none."
    elif entity.tenant is None or name_of(entity.tenant) != expected or not _is_of(entity, entity.tenant):
        yield f"{entity.name}: `tenant` must be its own {expected}."


def _of_field(entity: Entity, path: str, field: Field) -> Iterator[str]:
    for label, expression, _ in expressions_of(field, path):
        if isinstance(expression, ColumnClause) and not expression.is_literal and not _is_of(entity, expression):
            yield f"{path}: {label} is no column of its table."
    match field:
        case Money(minor, currency) | FineMoney(minor, currency):
            if may_be_null(currency) and not may_be_null(minor):
                yield f"{path}: an amount that is never null has a currency that may be."
        case AnyReference(type_name, expression):
            if may_be_null(type_name) != may_be_null(expression):
                yield f"{path}: its id and its type are not null together."
        case _:
            pass


def _is_of(entity: Entity, expression: ColumnElement[object]) -> bool:
    return isinstance(expression, ColumnClause) and expression.table is entity.table


# --- orders, uniqueness, indexes --------------------------------------------------------------------------------


def _of_source(source: Source) -> Iterator[str]:
    entity, place = source.entity, source.label
    for each in source.match:
        if not _is_of(entity, each.by.column):
            yield f"{place}: {each.by.column} is no column of {entity.name}."
    for column in (column for order in source.orders.values() for column in order.columns):
        if not _is_of(entity, column):
            yield f"{place}: {column} is no column of {entity.name}."
        elif getattr(column, "nullable", False):
            yield f"{place}: sorts by {name_of(column)}, which may be null."
    if isinstance(entity.table, Table):
        yield from _of_search(source, entity.table, place)
    elif source.shape is Shape.PAGES:
        yield f"{place}: a view has no index to page by."


def _of_search(source: Source, table: Table, place: str) -> Iterator[str]:
    """How the rows of a key are found: by an index, in an order that is total, at most one where one is promised."""
    compared = [name_of(each.by.column) for each in source.match]
    indexed = list(_indexed(table))
    # a key may also be found by less than all of it, when that alone is indexed
    is_found = any(set(own[: len(compared)]) == set(compared) or (own and set(own) <= set(compared)) for own in indexed)
    if compared and not is_found:
        yield f"{place}: no index begins with {', '.join(compared)}."
    if source.shape is Shape.PAGES:
        for order in source.orders.values():
            yield from _of_order(source, table, place, compared, order)
    if source.shape is Shape.ONE and not source.orders and not _is_unique(source, table, compared):
        yield f"{place}: nothing makes {', '.join(compared)} unique."


def _of_order(source: Source, table: Table, place: str, compared: list[str], order: SortedBy) -> Iterator[str]:
    columns = [name_of(column) for column in order.columns]
    if not _is_unique(source, table, [*compared, *columns]):
        yield f"{place}: the order {', '.join(columns)} does not end in what makes a row unique."
    at = len(compared)
    if not any(
        set(indexed[:at]) == set(compared) and list(indexed[at : at + len(columns)]) == columns
        for indexed in _indexed(table)
    ):
        yield f"{place}: no index is sorted by {', '.join([*compared, *columns])}."


def _is_unique(source: Source, table: Table, columns: Iterable[str]) -> bool:
    """Whether rows that agree in these columns are one row; an id of ours is unique by itself."""
    given = set(columns)
    if "id" in given:
        return True
    keys = [
        {column.name for column in constraint.columns}
        for constraint in table.constraints
        if isinstance(constraint, PrimaryKeyConstraint | UniqueConstraint)
    ]
    keys += [{column.name for column in index.columns} for index in table.indexes if _is_unique_index(source, index)]
    return any(key and key <= given for key in keys)


def _is_unique_index(source: Source, index: object) -> bool:
    """A unique index counts when it covers all rows, or exactly the rows that the source's `where` keeps."""
    if not getattr(index, "unique", False):
        return False
    partial = getattr(index, "dialect_options", {})["postgresql"].get("where")
    return partial is None or (source.where is not None and str(partial) == _plain(source.where))


def _plain(where: ColumnElement[bool]) -> str:
    kwargs = {"include_table": False, "literal_binds": True}
    return str(where.compile(dialect=postgresql.dialect(), compile_kwargs=kwargs))  # type: ignore[no-untyped-call]


def _indexed(table: Table) -> Iterator[tuple[str, ...]]:
    """The columns of everything that Postgres can search by: keys, unique and exclusion constraints, indexes."""
    for constraint in table.constraints:
        if isinstance(constraint, PrimaryKeyConstraint | UniqueConstraint | ExcludeConstraint):
            yield tuple(column.name for column in constraint.columns)
    for index in table.indexes:
        yield tuple(column.name for column in index.columns)
