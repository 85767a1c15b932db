"""`GET /live` and `GET /ready`: is the process up, and may it be sent work.

Owns the two answers and the patience with each check. Not owned here: how a database is asked (a check is handed in).
No detail of a failure is told to the outside; the log has it.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Final

import orjson
from starlette.requests import Request
from starlette.responses import Response

from app.exchange import exchange_of
from app.observability import log

Check = Callable[[], Awaitable[bool]]
"""Asks one thing that must hold before work is taken: True when it does. May raise; that counts as False."""

_PATIENCE_S: Final = 2.0


async def live(request: Request) -> Response:
    """The process answers; nothing else is asked, so that a slow database never gets a healthy process killed."""
    exchange_of(request.scope).route = "live"
    return _json({"status": "live"}, 200)


def ready(checks: Mapping[str, Check], patience_s: float = _PATIENCE_S) -> Callable[[Request], Awaitable[Response]]:
    """The handler of `/ready`: 200 when every check holds within `patience_s`, else 503 with the names of those that
    do not."""

    async def handler(request: Request) -> Response:
        exchange_of(request.scope).route = "ready"
        held = await asyncio.gather(*(_held(name, check, patience_s) for name, check in checks.items()))
        found = dict(zip(checks, held, strict=True))
        status = "ready" if all(held) else "not ready"
        words = {name: "ok" if holds else "failing" for name, holds in found.items()}
        return _json({"status": status, "checks": words}, 200 if all(held) else 503)

    return handler


async def _held(name: str, check: Check, patience_s: float) -> bool:
    try:
        async with asyncio.timeout(patience_s):
            return await check()
    except Exception as error:  # noqa: BLE001 - any failure means: send no work here
        log.warning("not ready", check=name, exc_info=error)
        return False


def _json(body: object, status: int) -> Response:
    return Response(orjson.dumps(body), status, media_type="application/json")
