"""Federation: a gateway's references to our entities, answered in batches by the same loaders as `node`.

Owns what a representation may name and the error of one that cannot be read, which is its item's alone. Scope is the
loaders': an entity out of reach is null, as if it did not exist.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from graphql import GraphQLError

from domain.errors import InvalidInput
from domain.ids import parse_id_of
from resolvers.context import RequestContext

MOST_REPRESENTATIONS = 1000
"""The most representations one `_entities` takes: what a gateway's largest page of a list can hold."""


def references(context: RequestContext, representations: Sequence[Any]) -> list[Any]:
    """A row, None or an error for each representation, in order; the representations are left as they are.

    Raises InvalidInput for more than MOST_REPRESENTATIONS.
    """
    if len(representations) > MOST_REPRESENTATIONS:
        message = f"At most {MOST_REPRESENTATIONS} representations at once."
        raise InvalidInput(("representations",), message, len(representations))
    return [_reference(context, each, at) for at, each in enumerate(representations)]


def _reference(context: RequestContext, representation: Any, at: int) -> Any:
    try:
        return _row(context, representation)
    except InvalidInput as error:
        return error.under("representations", str(at))
    except GraphQLError as error:
        return error


def _row(context: RequestContext, representation: Any) -> Any:
    if not isinstance(representation, Mapping):
        raise InvalidInput((), "A representation is an object with __typename and a key.", representation)
    type_name = representation.get("__typename")
    if not isinstance(type_name, str) or type_name not in context.graph.by_id:
        raise InvalidInput(("__typename",), "There is no such entity here.", type_name)
    if "id" in representation:
        given = representation["id"]
        if not isinstance(given, str):
            raise InvalidInput(("id",), "An id is a text.", given)
        try:
            return context.by_id(type_name, parse_id_of(type_name, given))
        except InvalidInput as error:
            raise error.under("id") from None
    for key_name in FEDERATED_KEYS.get(type_name, {}):
        given = representation.get(FEDERATED_KEYS[type_name][key_name])
        if isinstance(given, str):
            return context.by_key(type_name, key_name, given)
    raise InvalidInput((), f"A reference to {type_name} needs one of its keys.", type_name)


FEDERATED_KEYS: Mapping[str, Mapping[str, str]] = {"Account": {"external_id": "externalId"}}
"""Keys beside `id` that the schema gives to gateways, by Python name and GraphQL name."""
