"""An error of an endpoint that is not GraphQL: a problem in JSON (RFC 9457).

Owns its shape: what the standard says, our code, and the request id. Not owned here: what went wrong.
"""

from http import HTTPStatus
from typing import Final

import orjson
from starlette.responses import Response

from app.errors import Code
from app.refusal import Refused

MEDIA_TYPE: Final = "application/problem+json"


def problem(status: int, code: str, detail: str, request_id: str, **more: object) -> Response:
    """The answer. `detail` is a sentence for who asked; `more` joins the body."""
    body = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "code": code,
        "requestId": request_id,
        **more,
    }
    return Response(orjson.dumps(body), status, {"cache-control": "no-store"}, MEDIA_TYPE)


def refused_as_problem(refused: Refused, request_id: str) -> Response:
    """A refusal of the door, in this shape and with its headers."""
    response = problem(refused.status, Code(refused.code).value, refused.message, request_id, **refused.more)
    response.headers.update(refused.headers)
    return response
