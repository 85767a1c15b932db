"""From the result of an operation to the bytes of its answer.

Owns the shape of the response (GraphQL over HTTP 6): which errors are shown and how, whether there is a `data` entry,
the status, the headers. Not owned here: reading the request and running it (graphql.py).
"""

from collections.abc import Mapping
from typing import Any

import orjson
from starlette.responses import Response
from strawberry.types import ExecutionResult
from strawberry.types.graphql import OperationType

from app.errors import STATUS, Code
from app.exchange import Exchange
from app.masking import shown
from app.media import Media
from app.observability import report_surprise
from app.refusal import Refused


def answer_of(result: ExecutionResult, exchange: Exchange) -> dict[str, Any]:
    """The response as a mapping: errors masked and coded, no `data` entry when nothing was executed.

    An error with a path comes from execution; one without means that there was none. Surprises are logged here.
    """
    errors = result.errors or []
    answer: dict[str, Any] = {}
    if result.data is not None or any(error.path for error in errors) or not errors:
        answer["data"] = result.data
    if errors:
        told = [shown(error, exchange.request_id, suggest=exchange.may_suggest) for error in errors]
        exchange.codes.extend(one.code for one in told)
        answer["errors"] = [one.error for one in told]
        for one, error in zip(told, errors, strict=True):
            if one.surprise is not None:
                report_surprise(one.surprise, exchange.request_id, path=error.path)
    if result.extensions:
        answer["extensions"] = result.extensions
    return answer


def response_of(answer: Mapping[str, Any], exchange: Exchange) -> Response:
    """The bytes, in the media type the client asked for, never stored by a cache."""
    status = 200 if "data" in answer else _status_unexecuted(exchange)
    headers = {"content-type": exchange.media.content_type, "cache-control": "no-store"}
    return Response(orjson.dumps(answer), status, headers)


def _status_unexecuted(exchange: Exchange) -> int:
    """The older media type keeps 200 for what GraphQL itself refused; the newer one tells by its status. A fault of
    ours always shows."""
    status = STATUS.get(exchange.codes[0], 400) if exchange.codes else 400
    return status if exchange.media is Media.GRAPHQL or status >= 500 else 200


def not_served(kind: OperationType) -> Refused:
    """The refusal of an operation that this method, or HTTP as such, does not run."""
    if kind is OperationType.MUTATION:
        return Refused(Code.METHOD_NOT_ALLOWED, "Mutations are sent with POST.", headers={"allow": "POST"})
    return Refused(Code.OPERATION_NOT_SUPPORTED, "Subscriptions are not served over HTTP requests.")
