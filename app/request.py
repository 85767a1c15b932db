"""What a GraphQL request says once it is decoded: a document, variables, a name.

Owns the shape of the request (GraphQL over HTTP 5) and the messages that name the parameter at fault.
"""

from typing import Any, Final
from urllib.parse import parse_qsl

from strawberry.http import GraphQLRequestData

from app.body import decode_json
from app.documents import NUL_MESSAGE
from app.errors import Code
from app.refusal import Refused

_MOST_PARAMETERS: Final = 16
_JSON_PARAMETERS: Final = ("variables", "extensions")


def from_json(body: bytes) -> GraphQLRequestData:
    """The request in a POST body. Raises Refused (BAD_REQUEST, BAD_USER_INPUT)."""
    decoded = decode_json(body)
    if isinstance(decoded, list):
        raise Refused(Code.BAD_REQUEST, "Batches are not accepted: send one operation a request.")
    if not isinstance(decoded, dict):
        raise Refused(Code.BAD_REQUEST, "The request body must be a JSON object.")
    if b"\\u0000" in body:
        _refuse_nul(decoded.get("variables"), [])
    return _checked(decoded)


def from_query_string(query_string: bytes) -> GraphQLRequestData:
    """The request in the query string of a GET. Raises Refused (BAD_REQUEST)."""
    try:
        pairs = parse_qsl(
            query_string.decode("ascii"), keep_blank_values=True, max_num_fields=_MOST_PARAMETERS, errors="strict"
        )
    except ValueError:
        raise Refused(Code.BAD_REQUEST, "The query string cannot be read.") from None
    parameters: dict[str, Any] = dict(pairs)
    for name in _JSON_PARAMETERS:
        if parameters.get(name):
            parameters[name] = decode_json(parameters[name])
        else:
            parameters.pop(name, None)
    _refuse_nul(parameters.get("variables"), [])
    return _checked(parameters)


def _checked(parameters: dict[str, Any]) -> GraphQLRequestData:
    query = _typed(parameters, "query", str, "a string")
    if not query:
        raise Refused(Code.BAD_REQUEST, "The request has no `query`.")
    return GraphQLRequestData(
        query=query,
        variables=_typed(parameters, "variables", dict, "an object"),
        operation_name=_typed(parameters, "operationName", str, "a string"),
        extensions=_typed(parameters, "extensions", dict, "an object"),
    )


def _typed(parameters: dict[str, Any], name: str, kind: type, words: str) -> Any:
    value = parameters.get(name)
    if value is not None and not isinstance(value, kind):
        raise Refused(Code.BAD_REQUEST, f"`{name}` must be {words}.", field=[name])
    return value


def _refuse_nul(value: object, place: list[str]) -> None:
    """Refuse a variable that holds U+0000, naming its place; the database could not hold it. Nesting is bounded by
    the decoder, well inside what recursion bears."""
    stack: list[tuple[object, list[str]]] = [(value, place)]
    while stack:
        at, path = stack.pop()
        if isinstance(at, str):
            if "\x00" in at:
                raise Refused(Code.BAD_USER_INPUT, NUL_MESSAGE, field=path)
        elif isinstance(at, dict):
            stack.extend((item, [*path, key]) for key, item in at.items())
        elif isinstance(at, list):
            stack.extend((item, [*path, str(index)]) for index, item in enumerate(at))
