"""The closed list of codes the gateway answers with, and the one shape of an error body.

Owns the words every client may rely on: `extensions.code` is always one of `Code`, `extensions.requestId` is always
there. Not owned here: which failure gets which code (masking.py), refusals that are data (userErrors, decisions).
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final

import orjson


class Code(StrEnum):
    """Why a request, or a part of it, was not answered. Members are added, never renamed."""

    # the request never became an operation
    BAD_REQUEST = "BAD_REQUEST"
    METHOD_NOT_ALLOWED = "METHOD_NOT_ALLOWED"
    NOT_ACCEPTABLE = "NOT_ACCEPTABLE"
    UNSUPPORTED_MEDIA_TYPE = "UNSUPPORTED_MEDIA_TYPE"
    BODY_TOO_LARGE = "BODY_TOO_LARGE"
    UNAUTHENTICATED = "UNAUTHENTICATED"
    # the document was refused
    PARSE_FAILED = "PARSE_FAILED"
    VALIDATION_FAILED = "VALIDATION_FAILED"
    TOO_MANY_TOKENS = "TOO_MANY_TOKENS"
    TOO_DEEP = "TOO_DEEP"
    TOO_MANY_FIELDS = "TOO_MANY_FIELDS"
    TOO_MANY_ALIASES = "TOO_MANY_ALIASES"
    TOO_MANY_DIRECTIVES = "TOO_MANY_DIRECTIVES"
    TOO_MANY_OPERATIONS = "TOO_MANY_OPERATIONS"
    OPERATION_NOT_FOUND = "OPERATION_NOT_FOUND"
    OPERATION_NOT_SUPPORTED = "OPERATION_NOT_SUPPORTED"
    # the operation, or a field of it, was refused
    BAD_USER_INPUT = "BAD_USER_INPUT"
    INVALID_CURSOR = "INVALID_CURSOR"
    TOO_MANY_ROWS = "TOO_MANY_ROWS"
    FORBIDDEN = "FORBIDDEN"
    # our side
    UNAVAILABLE = "UNAVAILABLE"
    INTERNAL = "INTERNAL"


STATUS: Final[Mapping[Code, int]] = MappingProxyType(
    {
        Code.METHOD_NOT_ALLOWED: 405,
        Code.NOT_ACCEPTABLE: 406,
        Code.UNSUPPORTED_MEDIA_TYPE: 415,
        Code.BODY_TOO_LARGE: 413,
        Code.UNAUTHENTICATED: 401,
        Code.FORBIDDEN: 403,
        Code.UNAVAILABLE: 503,
        Code.INTERNAL: 500,
    }
)
"""HTTP status of a request that was refused as a whole; any other code is a 400."""

MASKED: Final = "Something went wrong on our side. Quote the request id when you report it."

JsonError = dict[str, Any]


def json_error(message: str, code: Code, request_id: str, **more: object) -> JsonError:
    """One entry of an `errors` list. `more` joins `extensions`: the limit that was passed, the field's path."""
    return {"message": message, "extensions": {"code": code.value, "requestId": request_id, **more}}


def error_body(*errors: JsonError) -> bytes:
    """A whole response body, UTF-8 JSON, for a request nothing of which was executed: no `data` entry."""
    return orjson.dumps({"errors": errors})
