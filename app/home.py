"""What is served at `/`: in demo mode a small page of our own, in production a few lines of JSON.

Owns the routes of the page and the headers that keep it to itself: no script but its own files, no request but to this
gateway, no frame. In production none of its routes exist, so no token is ever lent there.
"""

from collections.abc import Awaitable, Callable
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from app.exchange import exchange_of
from app.personas import DemoPages, personas_json

_FILES: Final = Path(__file__).with_name("static")
_TYPES: Final = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
Handler = Callable[[Request], Awaitable[Response]]


def home_routes(pages: DemoPages | None, clock: Callable[[], datetime]) -> list[BaseRoute]:
    """The routes of `/`. With `pages` (demo mode only) the page, its files and the personas with their tokens; without,
    a JSON that says what this is."""
    if pages is None:
        return [Route("/", _plain)]
    files = {path.name: path for path in _FILES.iterdir() if path.suffix in _TYPES and path.suffix != ".html"}
    return [
        Route("/", _file(_FILES / "index.html")),
        *(Route(f"/static/{name}", _file(path)) for name, path in sorted(files.items())),
        Route("/demo/personas.json", _personas(pages, clock)),
    ]


def release() -> str:
    """The version that runs."""
    try:
        return version("billing-gateway")
    except PackageNotFoundError:
        return "unreleased"


def _about() -> dict[str, object]:
    return {"name": "billing-gateway", "version": release(), "graphql": "/graphql", "live": "/live", "ready": "/ready"}


async def _plain(request: Request) -> Response:
    exchange_of(request.scope).route = "home"
    return Response(orjson.dumps(_about()), media_type="application/json")


def _file(path: Path) -> Handler:
    """A file, read once at start: nothing of a request ever becomes a path."""
    body = path.read_bytes()
    headers = {"content-type": _TYPES[path.suffix], "content-security-policy": _POLICY}

    async def handler(request: Request) -> Response:
        exchange_of(request.scope).route = "home"
        return Response(body, headers=headers)

    return handler


def _personas(pages: DemoPages, clock: Callable[[], datetime]) -> Handler:
    async def handler(request: Request) -> Response:
        exchange_of(request.scope).route = "personas"
        return Response(orjson.dumps({**_about(), **personas_json(pages, clock())}), media_type="application/json")

    return handler
