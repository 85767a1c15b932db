"""The graph assembled: every declaration together, with what follows from all of them at once.

Owns which rows a relation asks for (a Source, shared by relations that ask for the same), the row class of each type
and the cursor layout of each order. Does not own any declaration (a file a type) nor SQL text (statements.py).
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any, TypeAlias

from sqlalchemy import ColumnClause, ColumnElement, UnaryExpression
from sqlalchemy.sql.operators import desc_op
from sqlalchemy.types import TypeEngine

from db.graph.cursors import Cursors, Layout, layout_of
from db.graph.declare import Computed, Entity, Field, Part, Relation, Shape, Variant, may_be_null, name_of
from db.graph.filters import By, Filter, by
from db.graph.rows import RowShape, row_shape

ROOT = "Query"
"""The name under which the root's own relations are found; they have no parent row."""


@dataclass(frozen=True, slots=True)
class Match:
    """One part of a key: how the target is compared with it, and its SQL type."""

    label: str
    by: By

    @property
    def type_(self) -> TypeEngine[Any]:
        """The SQL type of this part of the key."""
        return self.by.type_


@dataclass(frozen=True, slots=True)
class SortedBy:
    """One order taken apart: its columns, its direction, and how a cursor carries them."""

    name: str
    columns: tuple[ColumnElement[Any], ...]
    is_descending: bool
    layout: Layout | None
    values_of: Callable[[Any], Any]
    """The sort values of a row, as a tuple."""


@dataclass(frozen=True, eq=False)
class Source:
    """Which rows are asked for: relations that would read the same rows by the same key share one Source."""

    entity: Entity
    shape: Shape
    match: tuple[Match, ...]
    where: ColumnElement[bool] | None
    orders: Mapping[str, SortedBy]
    filters: Mapping[str, Filter]
    audience: Any
    name: str
    """Canonical: two sources of the same name are the same source."""
    statements: dict[Any, Any] = field(default_factory=dict, repr=False)
    """The statements made for it so far, by variant; filled by statements.py."""

    @property
    def label(self) -> str:
        """What metrics call its loader: the type, the shape and what is compared."""
        return f"{self.entity.name}.{self.shape.value.lower()}({','.join(each.label for each in self.match)})"

    @property
    def key_type(self) -> tuple[type, ...]:
        """What a key is: a value where one thing is compared alone, else a tuple of them."""
        return (self.match[0].type_.python_type, tuple) if len(self.match) == 1 else (tuple,)


KeyOf: TypeAlias = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Bound:
    """A relation of one parent type: its source, and how the parent row gives the key (None: nothing to find)."""

    relation: Relation
    source: Source
    key_of: KeyOf
    arguments: tuple[str, ...]
    """The arguments that are part of the key, in key order."""
    may_be_missing: bool
    """Whether a parent may have none: only the other side of a reference that is never null is always there."""


class Graph:
    """All entities, and what is derived from them. Immutable once made; one a process."""

    def __init__(self, entities: Iterable[Entity], roots: Mapping[str, Relation] | None = None) -> None:
        self.entities: dict[str, Entity] = {entity.name: entity for entity in entities}
        self.roots: Mapping[str, Relation] = roots or {}
        self._sources: dict[str, Source] = {}
        self.relations: dict[tuple[str, str], Bound] = {}
        self.computed: dict[tuple[str, str], Computed] = {}
        self.by_id: dict[str, Source] = {}
        self.by_key: dict[tuple[str, str], Source] = {}
        also: dict[str, dict[str, ColumnElement[Any]]] = {each.name: dict(each.raw) for each in self.entities.values()}
        for entity in self.entities.values():
            if entity.tenant is not None:
                also[entity.name][name_of(entity.tenant)] = entity.tenant
            if entity.computed:
                also[entity.name]["id"] = entity.table.c["id"]  # what its batch functions are asked by
            if entity.prefix is not None:
                self.by_id[entity.name] = self._lookup(entity, by(entity.table.c["id"]), "id")
            for name, key in entity.keys.items():
                self.by_key[entity.name, name] = self._lookup(entity, key, name)
            self.computed.update({(entity.name, name): each for name, each in entity.computed.items()})
            for _, part in parts_of(entity.fields):
                self.computed.update({(part.type_name, name): each for name, each in part.computed.items()})
        for parent, type_name, name, relation in self._all_relations():
            bound = self._bind(parent, type_name, relation, also)
            self.relations[type_name, name] = bound
        self.shapes: dict[str, RowShape] = {
            entity.name: row_shape(entity, also[entity.name]) for entity in self.entities.values()
        }
        layouts = {
            order.layout.tag: order.layout
            for source in self._sources.values()
            for order in source.orders.values()
            if order.layout is not None
        }
        self.cursors = Cursors(layouts)

    @property
    def sources(self) -> Iterable[Source]:
        """Every source once."""
        return self._sources.values()

    def parts(self) -> Iterable[tuple[Entity, str, Part]]:
        """(entity, path, part) of every object inside a row, nested ones too."""
        for entity in self.entities.values():
            for path, part in parts_of(entity.fields):
                yield entity, path, part

    def _all_relations(self) -> Iterable[tuple[Entity | None, str, str, Relation]]:
        for name, relation in self.roots.items():
            yield None, ROOT, name, relation
        for entity in self.entities.values():
            for name, relation in entity.relations.items():
                yield entity, entity.name, name, relation
        for entity, _, part in self.parts():
            for name, relation in part.relations.items():
                yield entity, part.type_name, name, relation

    def _lookup(self, entity: Entity, key: By, label: str) -> Source:
        return self._source(entity, Shape.ONE, (Match(label, key),), None, {}, {}, None)

    def _bind(
        self,
        parent: Entity | None,
        type_name: str,
        relation: Relation,
        also: dict[str, dict[str, ColumnElement[Any]]],
    ) -> Bound:
        target = self.entities[relation.target]
        match: list[Match] = []
        read: list[str] = []
        if parent is not None:
            assert relation.key is not None, f"{type_name}: a relation of a row needs a key"
            via = parent.table.c[relation.via or "id"]
            also[parent.name][via.name] = via
            # inside one account both sides carry it, so that the key's index, which begins with it, is used
            tenant = None if relation.crosses else target.tenant
            if tenant is not None and parent.tenant is not None and name_of(tenant) != name_of(relation.key):
                match.append(Match(name_of(tenant), by(tenant)))
                read.append(f"_{name_of(parent.tenant)}")
            match.append(Match(name_of(relation.key), by(relation.key)))
            read.append(f"_{via.name}")
        match.extend(Match(name, each) for name, each in relation.by.items())
        source = self._source(
            target, relation.shape, tuple(match), relation.where, relation.orders, relation.filters, relation.audience
        )
        for order in source.orders.values():
            also[target.name].update({name_of(column): column for column in order.columns})
        return Bound(
            relation,
            source,
            _key_reader(read, len(relation.by)),
            tuple(relation.by),
            _may_be_missing(parent, relation, target),
        )

    def _source(
        self,
        entity: Entity,
        shape: Shape,
        match: tuple[Match, ...],
        where: ColumnElement[bool] | None,
        orders: Mapping[str, tuple[ColumnElement[Any], ...]],
        filters: Mapping[str, Filter],
        audience: Any,
    ) -> Source:
        compared = ",".join(f"{each.label}={each.by.build(_PLACE)!s}" for each in match)
        sorted_by = {name: sorted_by_of(entity, name, columns, shape) for name, columns in orders.items()}
        order_text = ",".join(f"{name}:{[str(each) for each in columns]}" for name, columns in orders.items())
        name = f"{entity.name}|{shape.value}|{compared}|{where!s}|{order_text}|{sorted(filters)}|{audience}"
        found = self._sources.get(name)
        if found is None:
            found = Source(entity, shape, match, where, sorted_by, filters, audience, name)
            self._sources[name] = found
        return found


_PLACE: ColumnElement[Any] = ColumnClause("key")


def parts_of(fields: Mapping[str, Field], path: str = "") -> Iterable[tuple[str, Part]]:
    """(path, part) of every object inside these fields, nested ones and members of unions too."""
    for name, each in fields.items():
        inside = [each] if isinstance(each, Part) else list(each.parts.values()) if isinstance(each, Variant) else []
        for part in inside:
            own = f"{path}{name}" if isinstance(each, Part) else f"{path}{name}({part.type_name})"
            yield own, part
            yield from parts_of(part.fields, f"{own}.")


def sorted_by_of(entity: Entity, name: str, order: tuple[ColumnElement[Any], ...], shape: Shape) -> SortedBy:
    """An order taken apart. Raises TypeError for mixed directions, which no single comparison of rows can page."""
    taken = [_direction(each) for each in order]
    if len({is_descending for _, is_descending in taken}) != 1:
        raise TypeError(f"{entity.name}: an order goes one way, not both ({[str(each) for each in order]}).")
    expressions = tuple(column for column, _ in taken)
    text = f"{entity.name}:{','.join(name_of(column) for column in expressions)}:{taken[0][1]}"
    layout = layout_of(text, expressions) if shape is Shape.PAGES else None
    return SortedBy(name, expressions, taken[0][1], layout, _values_reader(expressions))


def _values_reader(expressions: tuple[ColumnElement[Any], ...]) -> Callable[[Any], Any]:
    take: Callable[[Any], Any] = attrgetter(*(f"_{name_of(each)}" for each in expressions))
    return take if len(expressions) > 1 else lambda row: (take(row),)


def _direction(expression: ColumnElement[Any]) -> tuple[ColumnElement[Any], bool]:
    if isinstance(expression, UnaryExpression):
        return expression.element, expression.modifier is desc_op
    return expression, False


def _may_be_missing(parent: Entity | None, relation: Relation, target: Entity) -> bool:
    if relation.audience is not None:
        return True
    if relation.shape is not Shape.ONE:
        return False
    is_narrowed = relation.where is not None or target.where is not None or bool(relation.filters or relation.by)
    return parent is None or relation.via is None or is_narrowed or may_be_null(parent.table.c[relation.via])


def _key_reader(read: list[str], arguments: int) -> KeyOf:
    """How a parent row gives its part of the key: one value alone, several as a tuple, None where one is missing."""
    if not read:
        return lambda row: ()
    take: Callable[[Any], Any] = attrgetter(*read)
    if len(read) == 1 and not arguments:
        return take

    def key_of(row: Any) -> tuple[Any, ...] | None:
        values = take(row)
        key = values if isinstance(values, tuple) else (values,)
        return None if None in key else key

    return key_of
