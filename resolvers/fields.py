"""The three resolvers that every declared field shares: `related`, `paged`, `computed`.

Owns how a field's arguments become the loader it asks. Does not own any type's fields: what a relation reads is
declared in db.graph, what it is called in schema. Plain functions that return a loader's future: no task a field.
"""

from collections.abc import Mapping
from enum import Enum
from typing import Any

from db.graph.cursors import Cursor
from db.graph.read import NO_ARGUMENTS, Arguments
from db.graph.whole import ROOT, Bound
from domain.errors import InvalidInput
from resolvers.batches import BATCHES
from resolvers.context import RequestContext
from resolvers.paging import Page, page_size


def related(parent: Any, context: RequestContext, name: str, given: Mapping[str, Any]) -> Any:
    """The row or the list of rows of a relation: a future, or None where there is nothing to ask for."""
    context.hold(1)
    bound = _bound(parent, context, name)
    key = _key(bound, parent, given)
    if key is None or not _is_for(bound, context):
        return None
    filters = chosen({name: value for name, value in given.items() if name not in bound.arguments})
    return context.rows(bound.source, Arguments(filters=filters) if filters else NO_ARGUMENTS).load(key)


def paged(
    parent: Any,
    context: RequestContext,
    name: str,
    given: Mapping[str, Any],
    *,
    first: int | None,
    last: int | None,
    after: Cursor | None,
    before: Cursor | None,
    order: Enum | None,
    filters: tuple[tuple[str, Any], ...],
) -> Any:
    """A page of a relation. Raises InvalidInput for sizes that ask for no page, InvalidCursor for another list's."""
    bound = _bound(parent, context, name)
    page_size(first, last, most=bound.relation.most or 0)
    key = _key(bound, parent, given)
    if key is None or not _is_for(bound, context):
        return None
    arguments = Arguments(
        order=str(order.value) if order is not None else bound.relation.default_order,
        first=first,
        last=last,
        after=after,
        before=before,
        filters=filters,
    )
    rows = context.rows(bound.source, arguments).load(key)
    return Page.when_read(rows, lambda: context.counts(bound.source, filters).load(key), context.hold)


def computed(parent: Any, context: RequestContext, name: str, given: Mapping[str, Any]) -> Any:
    """A computed field's value: a future of what its batch function answers for the parent's id and the arguments."""
    declared = context.graph.computed[parent.__graphql__, name]
    batch = BATCHES[declared.batch]
    loader = context.batch(declared.batch, batch.read, given)
    return batch.of(loader, parent._id, name)  # noqa: SLF001 - rows name raw columns so


def chosen(given: Mapping[str, Any]) -> tuple[tuple[str, Any], ...]:
    """Arguments that were given, as hashable pairs of stored values: enums by value, lists as tuples."""
    pairs = ((name, stored(value)) for name, value in given.items())
    return tuple((name, value) for name, value in pairs if value is not None)


def stored(value: Any) -> Any:
    """An argument's value as the database compares it."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, list):
        return tuple(stored(each) for each in value)
    return value


def _bound(parent: Any, context: RequestContext, name: str) -> Bound:
    return context.graph.relations[ROOT if parent is None else parent.__graphql__, name]


def _is_for(bound: Bound, context: RequestContext) -> bool:
    audience = bound.relation.audience
    return audience is None or context.scope.kind in audience


def _key(bound: Bound, parent: Any, given: Mapping[str, Any]) -> Any:
    key = bound.key_of(parent)
    if key is None or not bound.arguments:
        return key
    added = tuple(stored(given[name]) for name in bound.arguments)
    if None in added:
        raise InvalidInput((), "An argument that names the thing is missing.", None)
    return (*key, *added)
