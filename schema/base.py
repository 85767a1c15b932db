"""The glue between a type's class and what is declared for it: `related`, `paged` and `computed` fields, Node, pages.

A class names its fields and says what they mean; the annotation is the type. The value comes from below: a stored
field is read off the row by attribute, these three share one resolver each. Rows are not instances of the classes, so
a class holds fields only, never methods that use `self`.
"""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, Generic, TypeVar, cast

import strawberry
from strawberry.federation.schema_directives import ListSize

from resolvers import fields
from schema.scalars import Cursor

T = TypeVar("T")


@strawberry.interface(description="Anything with an id that `node` can find again.")
class Node:
    id: strawberry.ID = strawberry.field(
        description="Opaque and stable; the prefix before the underscore says what it names."
    )


@strawberry.federation.type(shareable=True, description="Where a page lies in its list.")
class PageInfo:
    has_next_page: bool = strawberry.field(description="Whether rows lie after this page.")
    has_previous_page: bool = strawberry.field(description="Whether rows lie before this page.")
    start_cursor: Cursor | None = strawberry.field(description="The first row's cursor; null on an empty page.")
    end_cursor: Cursor | None = strawberry.field(description="The last row's cursor; null on an empty page.")


@strawberry.type(description="A row of a page and its place in the list.")
class Edge(Generic[T]):
    cursor: Cursor = strawberry.field(description="The row's place, to page from.")
    node: T = strawberry.field(description="The row.")


@strawberry.type(description="A page of a list.")
class Connection(Generic[T]):
    edges: list[Edge[T]] = strawberry.field(description="The rows with their cursors.")
    nodes: list[T] = strawberry.field(description="The rows alone.")
    page_info: PageInfo = strawberry.field(description="Where the page lies in the list.")
    total_count: int | None = strawberry.field(
        description="How many rows there are in all under the same filter. Counted only when asked for."
    )


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument of a field: its type, what it means, and whether it may be left out."""

    type_: Any
    description: str
    is_optional: bool = False


def argument(type_: Any, description: str) -> Argument:
    """An argument that must be given."""
    return Argument(type_, description)


def optional(type_: Any, description: str) -> Argument:
    """An argument that may be left out."""
    return Argument(type_, description, is_optional=True)


def related(description: str, **arguments: Argument) -> Any:
    """A declared relation to one row or to a whole list; arguments are those the declaration names."""

    def resolve(root: Any, info: strawberry.Info, **given: Any) -> Any:
        return fields.related(root, info.context, info.python_name, given)

    return strawberry.field(resolver=_with(resolve, arguments), description=description)


def paged(description: str, *, filter: Any = None, order: Any = None, most: int = 100, **arguments: Argument) -> Any:
    """A declared relation page by page; `filter` is the input and `order` the enum that name what is declared."""
    own = {
        **arguments,
        "first": optional(int, f"How many rows from the start or after `after`, 1 to {most}."),
        "after": optional(Cursor, "Rows after this place."),
        "last": optional(int, f"How many rows from the end or before `before`, 1 to {most}."),
        "before": optional(Cursor, "Rows before this place."),
    }
    if filter is not None:
        own["filter"] = optional(filter, "Only the rows that fit all of it.")
    if order is not None:
        own["order_by"] = optional(order, "The order of the rows.")

    def resolve(
        root: Any,
        info: strawberry.Info,
        first: int | None = None,
        after: Any = None,
        last: int | None = None,
        before: Any = None,
        filter: Any = None,
        order_by: Any = None,
        **given: Any,
    ) -> Any:
        return fields.paged(
            root,
            info.context,
            info.python_name,
            given,
            first=first,
            last=last,
            after=after,
            before=before,
            order=order_by,
            filters=fields.chosen(set_fields(filter)),
        )

    size = ListSize(
        assumed_size=strawberry.UNSET,
        slicing_arguments=["first", "last"],
        sized_fields=["edges", "nodes"],
        require_one_slicing_argument=True,
    )
    return strawberry.federation.field(resolver=_with(resolve, own), description=description, directives=[size])


def computed(description: str, **arguments: Argument) -> Any:
    """A declared computed field: answered in batches from the parents' ids; arguments go to its batch function."""

    def resolve(root: Any, info: strawberry.Info, **given: Any) -> Any:
        return fields.computed(root, info.context, info.python_name, given)

    return strawberry.field(resolver=_with(resolve, arguments), description=description)


def answered(description: str, answer: Callable[..., Any], **arguments: Argument) -> Any:
    """A field with an answer of its own: `answer(context, **arguments)`, a value or something to await."""

    def resolve(root: Any, info: strawberry.Info, **given: Any) -> Any:
        return answer(info.context, **given)

    return strawberry.field(resolver=_with(resolve, arguments), description=description)


def stored(description: str, **kw: Any) -> Any:
    """A field read off the row by its name."""
    return strawberry.field(description=description, **kw)


def set_fields(given: Any) -> dict[str, Any]:
    """The fields of an input object that the caller has set, by Python name; none of no object."""
    return {} if given is None else {name: each for name, each in vars(given).items() if each is not strawberry.UNSET}


def _with(resolve: Callable[..., Any], arguments: dict[str, Argument]) -> Callable[..., Any]:
    """The resolver with a signature that names these arguments, which is where Strawberry looks for them."""
    parameters = [
        inspect.Parameter("root", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=Any),
        inspect.Parameter("info", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=strawberry.Info),
    ]
    for name, each in arguments.items():
        type_ = each.type_ | None if each.is_optional else each.type_
        marked = cast(Any, Annotated)[type_, strawberry.argument(description=each.description)]
        default = strawberry.UNSET if each.is_optional else inspect.Parameter.empty
        parameters.append(inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, annotation=marked, default=default))
    resolve.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    return resolve
