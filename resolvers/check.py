"""The start-up check of the schema against the declaration, both ways: fields, kinds, nullability, arguments.

Owns the sentence that names each misfit. A line forgotten on either side, a nullable column under a non-null field, an
enum value the table does not know: found when the process starts, not when a customer asks. Does not own the tables'
side (db.graph.check).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLSchema,
    GraphQLUnionType,
    get_named_type,
)

from db.graph.billing import GRAPH
from db.graph.check import UnsoundGraph
from db.graph.check import findings as findings_of_tables
from db.graph.declare import (
    AnyReference,
    Entity,
    Field,
    FineMoney,
    Money,
    Part,
    Reference,
    Relation,
    Value,
    Variant,
    may_be_null,
)
from db.graph.kinds import allowed_values, scalars_of
from db.graph.whole import ROOT, Graph
from resolvers.batches import BATCHES
from resolvers.check_relations import by_python_name, is_named, listed, of_relation


@dataclass(frozen=True, slots=True)
class _Sides:
    schema: GraphQLSchema
    graph: Graph


def require_sound(schema: GraphQLSchema, graph: Graph = GRAPH) -> None:
    """Raises UnsoundGraph listing every finding, of the tables' side and of the schema's."""
    found = [*findings_of_tables(graph), *findings(schema, graph)]
    if found:
        raise UnsoundGraph("The graph does not fit:\n  " + "\n  ".join(found))


def findings(schema: GraphQLSchema, graph: Graph) -> list[str]:
    """Everything in which the schema does not fit the declaration; empty when it fits."""
    sides, found = _Sides(schema, graph), list[str]()
    declared = {each.name: each for each in graph.entities.values() if not each.is_internal}
    for entity in declared.values():
        found += _of_entity(sides, entity)
    for name in graph.roots:
        field = by_python_name(schema.query_type).get(name) if schema.query_type else None
        found += [f"{ROOT}.{name}: not in the schema."] if field is None else of_relation(graph, ROOT, name, field)
    node = schema.get_type("Node")
    nodes = schema.get_possible_types(node) if node is not None else ()  # type: ignore[arg-type]
    found += [f"{each.name}: a Node that is not declared." for each in nodes if each.name not in declared]
    return found


def _of_entity(sides: _Sides, entity: Entity) -> Iterator[str]:
    type_ = sides.schema.get_type(entity.name)
    if not isinstance(type_, GraphQLObjectType):
        yield f"{entity.name}: declared, but not a type of the schema."
        return
    is_node = any(each.name == "Node" for each in type_.interfaces)
    if is_node != (entity.prefix is not None):
        yield f"{entity.name}: a Node has a prefix, and nothing else has."
    own = {"id"} if entity.prefix is not None else set()
    yield from _of_members(sides, entity.name, type_, own, entity.fields, entity.relations, entity.computed)


def _of_members(
    sides: _Sides,
    name: str,
    type_: GraphQLObjectType,
    own: set[str],
    fields: Mapping[str, Field],
    relations: Mapping[str, Relation],
    computed: Mapping[str, Any],
    *,
    null_by_nature: bool = False,
) -> Iterator[str]:
    shown = by_python_name(type_)
    declared = {*own, *fields, *relations, *computed}
    yield from (f"{name}.{each}: in the schema, but not declared." for each in sorted(shown.keys() - declared))
    yield from (f"{name}.{each}: declared, but not in the schema." for each in sorted(declared - shown.keys()))
    for field_name, field in fields.items():
        if field_name in shown:
            place = f"{name}.{field_name}"
            yield from _of_field(sides, place, field, shown[field_name].type, null_by_nature=null_by_nature)
    for field_name in relations:
        if field_name in shown:
            yield from of_relation(sides.graph, name, field_name, shown[field_name])
    for field_name, each in computed.items():
        if each.batch not in BATCHES:
            yield f"{name}.{field_name}: there is no batch function {each.batch}."
        if field_name in shown and isinstance(shown[field_name].type, GraphQLNonNull):
            yield f"{name}.{field_name}: a computed field must be nullable, so that it cannot erase its parent."


# --- fields -----------------------------------------------------------------------------------------------------


def _of_field(
    sides: _Sides, place: str, field: Field, type_: GraphQLOutputType, *, null_by_nature: bool
) -> Iterator[str]:
    inner = type_.of_type if isinstance(type_, GraphQLNonNull) else type_
    if isinstance(inner, GraphQLList):
        yield f"{place}: one value, but the schema has a list."
        return
    can_be_null = _can_be_null(field)
    if isinstance(type_, GraphQLNonNull) and can_be_null and not null_by_nature:
        yield f"{place}: may be null, but the schema says it never is."
    if not isinstance(type_, GraphQLNonNull) and not can_be_null:
        yield f"{place}: is never null, but the schema says it may be."
    named = get_named_type(type_)
    match field:
        case Value():
            yield from _of_value(place, field, named)
        case Reference() | AnyReference():
            yield from is_named(place, "ID", named.name)
        case Money():
            yield from is_named(place, "Money", named.name)
        case FineMoney():
            yield from is_named(place, "UnitPrice", named.name)
        case Part(type_name, _, _, _):
            yield from is_named(place, type_name, named.name)
            yield from _of_part(sides, field)
        case Variant(told_by, parts):
            yield from _of_variant(sides, place, told_by, parts, named)


def _of_value(place: str, field: Value, named: Any) -> Iterator[str]:
    if isinstance(named, GraphQLEnumType):
        known = allowed_values(field.expression)
        if known != set(named.values):
            yield f"{place}: the values of {named.name} are not those of its column ({listed(known)})."
    elif named.name not in scalars_of(field.kind):
        yield f"{place}: a {field.kind.value}, but the schema says {named.name}."


def _can_be_null(field: Field) -> bool:
    match field:
        case Value(_, _, is_nullable, audience):
            return is_nullable or audience is not None
        case Reference(expression, _) | AnyReference(_, expression):
            return may_be_null(expression)
        case Money(minor, _) | FineMoney(minor, _):
            return may_be_null(minor)
        case Part(_, _, _, unless_null):
            return unless_null is not None
        case Variant(told_by, _):
            return may_be_null(told_by)


def _of_part(sides: _Sides, part: Part, *, null_by_nature: bool = False) -> Iterator[str]:
    type_ = sides.schema.get_type(part.type_name)
    if isinstance(type_, GraphQLObjectType):
        yield from _of_members(
            sides,
            part.type_name,
            type_,
            set(),
            part.fields,
            part.relations,
            part.computed,
            null_by_nature=null_by_nature,
        )
    else:
        yield f"{part.type_name}: declared, but not a type of the schema."


def _of_variant(sides: _Sides, place: str, told_by: Any, parts: Mapping[str, Part], named: Any) -> Iterator[str]:
    members = {each.name for each in named.types} if isinstance(named, GraphQLUnionType) else set()
    if members != {part.type_name for part in parts.values()}:
        yield f"{place}: the members of {named.name} are not the declared ones."
    if allowed_values(told_by) != set(parts):
        yield f"{place}: its column tells {listed(allowed_values(told_by))} apart, the declaration {listed(parts)}."
    for part in parts.values():
        yield from _of_part(sides, part, null_by_nature=True)
