"""The lookups of the root: by public id, by another key, and the viewer.

Owns the reading of ids, once, at the edge. An id that cannot be read is the caller's mistake and an error of its own
field or item; one that names nothing, or nothing in reach, is null: the same answer for both.
"""

from collections.abc import Awaitable, Sequence
from typing import Any

from domain.errors import InvalidInput
from domain.ids import parse_id_of, parse_public_id
from resolvers.context import RequestContext

MOST_IDS = 100
"""The most ids one `nodes` takes."""


def node(context: RequestContext, id: str) -> Awaitable[Any] | None:
    """The row of any Node type. Raises MalformedId with the path of the argument."""
    try:
        type_name, uuid = parse_public_id(id)
    except InvalidInput as error:
        raise error.under("id") from None
    return context.by_id(type_name, uuid) if type_name in context.graph.by_id else None


def nodes(context: RequestContext, ids: Sequence[str]) -> list[Any]:
    """A row, None or an error for each id, in the order asked. Raises InvalidInput for more than MOST_IDS."""
    if len(ids) > MOST_IDS:
        raise InvalidInput(("ids",), f"At most {MOST_IDS} ids at once.", len(ids))
    return [_item(context, public_id, at) for at, public_id in enumerate(ids)]


def _item(context: RequestContext, public_id: str, at: int) -> Any:
    try:
        type_name, uuid = parse_public_id(public_id)
    except InvalidInput as error:
        return error.under("ids", str(at))
    return context.by_id(type_name, uuid) if type_name in context.graph.by_id else None


def account(context: RequestContext, by: Any) -> Awaitable[Any]:
    """The account named by a @oneOf input. Raises MalformedId with the path of the argument."""
    return _by_one_of(context, "Account", by)


def plan(context: RequestContext, by: Any) -> Awaitable[Any]:
    """The plan named by a @oneOf input. Raises MalformedId with the path of the argument."""
    return _by_one_of(context, "Plan", by)


def _by_one_of(context: RequestContext, type_name: str, by: Any) -> Awaitable[Any]:
    """The row named by the one key that was given: `id`, or a declared key under its Python name."""
    given = {name: value for name, value in vars(by).items() if isinstance(value, str)}
    if len(given) != 1:
        raise InvalidInput(("by",), "Give exactly one key.", tuple(given))
    ((name, value),) = given.items()
    if name != "id":
        return context.by_key(type_name, name, value)
    try:
        return context.by_id(type_name, parse_id_of(type_name, value))
    except InvalidInput as error:
        raise error.under("by", "id") from None


def viewer(context: RequestContext) -> Awaitable[Any] | None:
    """The user who asks; None for whoever is no user (a job, a gateway)."""
    user_id = context.actor.user_id
    return None if user_id is None else context.by_id("User", user_id)
