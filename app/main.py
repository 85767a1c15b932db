"""The gateway put together: one ASGI application out of settings, a database and a schema.

Owns the order of the layers and what happens at start and stop. The GraphQL endpoint stands in front of all routing,
since it is where nearly every request goes. There is no WebSocket and no CORS.

Not owned here: running it (the `billing` command), making any of the parts it is handed.
"""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime
from typing import Final, Protocol

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send
from strawberry.schema import BaseSchema

from app.access_log import AccessLog
from app.context import MakeContext
from app.documents import Documents
from app.door import authenticator, put_door_on
from app.downloads import download_routes
from app.errors import MASKED, Code
from app.events import event_routes
from app.exchange import exchange_of
from app.graphql import GraphQLOverHttp
from app.health import Check, live, ready
from app.home import home_routes
from app.metrics import Metrics
from app.metrics_server import metrics_served
from app.personas import DemoPages
from app.refusal import Refused
from app.security_headers import SecurityHeaders
from app.settings import Mode, Settings
from resolvers.downloads.links import Links

GRAPHQL_PATH: Final = "/graphql"


class OpensAndCloses(Protocol):
    """What the gateway needs of the database: it is opened before the first request and closed after the last."""

    async def open(self) -> None:
        """Raises when the database cannot be used; the gateway then does not start."""
        ...

    async def close(self) -> None:
        """May be called once."""
        ...


def create_app(
    settings: Settings,
    database: OpensAndCloses,
    schema: BaseSchema,
    *,
    make_context: MakeContext,
    checks: Mapping[str, Check],
    metrics: Metrics | None = None,
    pages: DemoPages | None = None,
    links: Links | None = None,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> ASGIApp:
    """The gateway. `checks` are what `/ready` asks; `pages` is the demo company's page, refused outside demo mode;
    `links` makes and reads links to documents, which are not served without.

    `metrics` is the recorder that contexts carry too; it is made here when nobody else needs it. Raises SettingsError
    and DemoOnly before anything is opened.
    """
    settings.check_gateway()
    demo_mode = settings.mode is Mode.DEMO
    metrics = metrics or Metrics()
    documents = Documents(settings.limits, on_lookup=metrics.document)
    put_door_on(schema, documents, suggest=demo_mode)
    authenticate = authenticator(settings)
    graphql = GraphQLOverHttp(
        schema,
        authenticate=authenticate,
        make_context=make_context,
        documents=documents,
        body_limit_bytes=settings.max_body_bytes,
        suggest=demo_mode,
        clock=clock,
    )

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            await database.open()
            stack.push_async_callback(database.close)
            stack.enter_context(metrics_served(metrics.registry, settings.metrics_port, settings.metrics_host))
            yield

    rest = Starlette(
        routes=[
            *home_routes(pages if demo_mode else None, clock),
            *download_routes(links, make_context, clock),
            *event_routes(authenticate, make_context, settings.max_events_bytes, clock),
            Route("/live", live),
            Route("/ready", ready(checks)),
        ],
        exception_handlers={HTTPException: _refuse, Exception: _mask},
        lifespan=lifespan,
    )
    return AccessLog(SecurityHeaders(_Front(graphql, rest), over_tls=not demo_mode), metrics)


class _Front:
    """GraphQL first, everything else after it, no WebSocket at all."""

    def __init__(self, graphql: ASGIApp, rest: ASGIApp) -> None:
        self._graphql = graphql
        self._rest = rest

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"] == GRAPHQL_PATH:
            await self._graphql(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
        else:
            await self._rest(scope, receive, send)


async def _refuse(request: Request, error: Exception) -> Response:
    """A path or a method that is not served, in the same shape as every other error."""
    exchange = exchange_of(request.scope)
    status = error.status_code if isinstance(error, HTTPException) else 500
    headers = dict(error.headers or {}) if isinstance(error, HTTPException) else {}
    if status == 405:
        refused = Refused(
            Code.METHOD_NOT_ALLOWED, "This path does not take this method; `Allow` says which.", headers=headers
        )
    else:
        refused = Refused(Code.BAD_REQUEST, "Nothing is served at this path.", headers=headers)
    exchange.codes.append(refused.code)
    response = refused.response(exchange.request_id)
    response.status_code = status
    return response


async def _mask(request: Request, _error: Exception) -> Response:
    """A surprise outside GraphQL; the access log writes the traceback when it comes by."""
    return Refused(Code.INTERNAL, MASKED).response(exchange_of(request.scope).request_id)
