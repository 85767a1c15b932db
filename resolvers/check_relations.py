"""The start-up check of a relation: what the schema's field returns and takes against what is declared.

Part of check.py, which says what the whole check is for.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    get_named_type,
)

from db.graph.declare import Relation, Shape
from db.graph.filters import Filter
from db.graph.kinds import scalars_of
from db.graph.whole import Graph

PAGE_ARGUMENTS = frozenset({"first", "after", "last", "before"})


def by_python_name(type_: GraphQLObjectType | GraphQLInputObjectType) -> dict[str, Any]:
    """A type's fields by the Python name that rows have them under."""
    return {_python_name(name, each): each for name, each in type_.fields.items()}


def _python_name(name: str, each: Any) -> str:
    definition = (each.extensions or {}).get("strawberry-definition")
    return str(definition.python_name) if definition is not None else name


def is_named(place: str, expected: str, found: str) -> Iterator[str]:
    """A finding when the schema's type has another name than is declared."""
    if expected != found:
        yield f"{place}: a {expected}, but the schema says {found}."


def listed(names: Iterable[str]) -> str:
    """Names for a sentence, sorted."""
    return ", ".join(sorted(names)) or "nothing"


def of_relation(graph: Graph, type_name: str, name: str, field: GraphQLField) -> Iterator[str]:
    """What is wrong with the schema's field for a declared relation."""
    place = f"{type_name}.{name}"
    bound = graph.relations[type_name, name]
    relation = bound.relation
    is_non_null = isinstance(field.type, GraphQLNonNull)
    inner = field.type.of_type if isinstance(field.type, GraphQLNonNull) else field.type
    named = get_named_type(field.type).name
    match relation.shape:
        case Shape.PAGES:
            yield from is_named(place, f"{relation.target}Connection", named)
        case Shape.MANY:
            yield from is_named(place, relation.target, named)
            if not isinstance(inner, GraphQLList) or not isinstance(inner.of_type, GraphQLNonNull):
                yield f"{place}: a list of rows that are never null."
        case Shape.ONE:
            yield from is_named(place, relation.target, named)
            if isinstance(inner, GraphQLList):
                yield f"{place}: one row, but the schema has a list."
    if is_non_null and bound.may_be_missing:
        yield f"{place}: may be missing, but the schema says it never is."
    yield from _of_arguments(place, relation, field)


def _of_arguments(place: str, relation: Relation, field: GraphQLField) -> Iterator[str]:
    shown = {_python_name(name, each): each for name, each in field.args.items()}
    expected = set(relation.by)
    is_paged = relation.shape is Shape.PAGES
    if is_paged:
        expected |= PAGE_ARGUMENTS
        expected |= {"filter"} if relation.filters else set()
        expected |= {"order_by"} if len(relation.orders) > 1 else set()
    else:
        expected |= set(relation.filters)
    yield from (f"{place}({each}:): in the schema, but not declared." for each in sorted(shown.keys() - expected))
    yield from (f"{place}({each}:): declared, but not in the schema." for each in sorted(expected - shown.keys()))
    for name in relation.by.keys() & shown.keys():
        if not isinstance(shown[name].type, GraphQLNonNull):
            yield f"{place}({name}:): part of the key, so it must be required."
    filters = shown
    if is_paged and "filter" in shown:
        input_type = get_named_type(shown["filter"].type)
        filters = by_python_name(input_type) if isinstance(input_type, GraphQLInputObjectType) else {}
        if filters.keys() != relation.filters.keys():
            names = listed(filters.keys() ^ relation.filters.keys())
            yield f"{place}(filter:): its fields are not the declared ones ({names})."
    for name in relation.filters.keys() & filters.keys():
        yield from _of_filter(f"{place}({name}:)", relation.filters[name], filters[name].type)
    if "order_by" in shown and "order_by" in expected:
        names_of_orders = get_named_type(shown["order_by"].type)
        known = set(names_of_orders.values) if isinstance(names_of_orders, GraphQLEnumType) else set()
        if known != set(relation.orders):
            yield f"{place}(order_by:): its values are not the declared orders ({listed(relation.orders)})."


def _of_filter(place: str, declared: Filter, type_: GraphQLInputType) -> Iterator[str]:
    inner = type_.of_type if isinstance(type_, GraphQLNonNull) else type_
    if isinstance(type_, GraphQLNonNull):
        yield f"{place}: a filter may always be left out."
    if isinstance(inner, GraphQLList) != declared.is_list:
        yield f"{place}: {'a list' if declared.is_list else 'one value'} is compared, not what the schema says."
    named = get_named_type(type_)
    if not isinstance(named, GraphQLEnumType) and named.name not in scalars_of(declared.type_):
        yield f"{place}: compares {declared.type_!r}, but the schema says {named.name}."
