"""Runs the gateway: joins schema, database and settings to the application, and serves it until it is told to stop."""

import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

import uvicorn
from starlette.types import ASGIApp
from typing_extensions import override

from app.downloads import links_of
from app.main import create_app
from app.metrics import Metrics
from app.observability import configure_logging
from app.personas import DemoPages
from app.readiness import readiness
from app.settings import Settings
from cli.held import database_of
from cli.terminal import CommandError
from db.engine import Database
from db.revision import check_revision
from domain.actor import Actor
from resolvers.context import RequestContext
from schema.build import build_schema

_STOP = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_GRACE_S = 20
"""How long requests under way may take after the gateway is told to stop."""


async def serve(
    settings: Settings,
    direct_url: str,
    listening: socket.socket,
    *,
    pages: DemoPages | None = None,
    started: Callable[[], None] = lambda: None,
) -> None:
    """Serve until SIGINT or SIGTERM, then finish the requests under way.

    Raises `DatabaseUnavailable` and `SettingsError` before the first request is taken.
    """
    configure_logging(settings.log_level)
    settings.check_gateway()
    async with database_of(settings, direct_url) as database:
        await check_revision(database)
        config = uvicorn.Config(
            application(settings, database, pages),
            http="httptools",
            ws="none",
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            lifespan="on",
            timeout_graceful_shutdown=_GRACE_S,
        )
        server = _Server(config, started)
        await server.serve([listening])
    if not server.started:
        raise CommandError("the gateway did not start; the log says why")


def application(settings: Settings, database: Database, pages: DemoPages | None) -> ASGIApp:
    """The gateway over an open database; whoever serves it decides how. Raises SettingsError."""
    metrics = Metrics()
    database.observers.append(lambda ran: metrics.statement(ran.name, ran.duration_s))
    links = links_of(settings)

    def make_context(*, actor: Actor, request_id: str, now: datetime) -> RequestContext:
        return RequestContext(
            database=database,
            actor=actor,
            request_id=request_id,
            now=now,
            recorder=metrics,
            quote_ttl_s=settings.quote_ttl_s,
            most_rows=settings.limit_rows,
            links=links,
        )

    return create_app(
        settings,
        database,
        build_schema(),
        make_context=make_context,
        checks=readiness(database),
        metrics=metrics,
        pages=pages,
        links=links,
    )


class _Server(uvicorn.Server):
    """Tells when requests are taken; told to stop, it stops and returns, and does not signal the process once more."""

    def __init__(self, config: uvicorn.Config, started: Callable[[], None]) -> None:
        super().__init__(config)
        self._on_start = started

    @override
    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._on_start()

    @override
    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        before = {number: signal.signal(number, self.handle_exit) for number in _STOP}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
