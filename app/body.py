"""Reading a request body without ever holding more of it than is allowed.

Owns the limit and the decoding of JSON. Not owned here: what the JSON must say (request.py).
"""

from typing import Final

import orjson
from starlette.datastructures import Headers
from starlette.types import Receive

from app.errors import Code
from app.refusal import Refused

_CLOSE: Final = {"connection": "close"}


class ClientGone(Exception):
    """The client closed the connection before its request was complete; nobody is left to answer."""


async def read_body(headers: Headers, receive: Receive, limit_bytes: int) -> bytes:
    """The whole body, at most `limit_bytes` of it.

    A declared length is believed at once, so a huge body is refused before it is read; without one (chunked) reading
    stops at the chunk that passes the limit. The connection is then closed, since the rest of the body is still in it.
    Raises Refused (BODY_TOO_LARGE, BAD_REQUEST, UNSUPPORTED_MEDIA_TYPE) and ClientGone.
    """
    if headers.get("content-encoding", "identity").strip().lower() != "identity":
        raise Refused(Code.UNSUPPORTED_MEDIA_TYPE, "Compressed request bodies are not read.", headers=_CLOSE)
    declared = headers.get("content-length")
    if declared is not None:
        if not (declared.isascii() and declared.isdigit()):
            raise Refused(Code.BAD_REQUEST, "Content-Length is not a number.", headers=_CLOSE)
        if len(declared) > 18 or int(declared) > limit_bytes:
            raise _too_large(limit_bytes)
    chunks: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientGone
        chunk: bytes = message.get("body", b"")
        size += len(chunk)
        if size > limit_bytes:
            raise _too_large(limit_bytes)
        chunks.append(chunk)
        if not message.get("more_body", False):
            return chunks[0] if len(chunks) == 1 else b"".join(chunks)


def _too_large(limit_bytes: int) -> Refused:
    return Refused(
        Code.BODY_TOO_LARGE,
        f"The request body is larger than {limit_bytes} bytes.",
        headers=_CLOSE,
        allowed=limit_bytes,
    )


def decode_json(body: bytes | str) -> object:
    """JSON as RFC 8259 has it: no NaN, no infinity, UTF-8 only, nesting bounded. Raises Refused (BAD_REQUEST)."""
    try:
        decoded: object = orjson.loads(body)
    except (orjson.JSONDecodeError, RecursionError):
        raise Refused(Code.BAD_REQUEST, "The request is not JSON that can be read.") from None
    return decoded
