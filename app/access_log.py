"""The outermost layer: every request gets an id, leaves one log line and is counted.

Owns the line. It names the route, the operation, the status, the time and the statements; no address, no token, no
variable, no user. Also the last net: what escapes the layers below becomes a masked 500.
"""

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.errors import MASKED, Code
from app.exchange import Exchange, exchange_of
from app.metrics import Metrics
from app.observability import log, report_surprise
from app.refusal import Refused

_ABANDONED = 499  # the client left before it could be answered


class AccessLog:
    """Pure ASGI; wraps the whole application."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and write down how it went."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        exchange = exchange_of(scope)
        structlog.contextvars.bind_contextvars(request_id=exchange.request_id)
        try:
            await self._app(scope, receive, _noting(exchange, send))
        except Exception as error:  # noqa: BLE001 - masked for the client, whole in the log
            report_surprise(error, exchange.request_id)
            exchange.codes.append(Code.INTERNAL)
            if exchange.status == 0:
                refused = Refused(Code.INTERNAL, MASKED).response(exchange.request_id)
                await refused(scope, receive, _noting(exchange, send))
        finally:
            self._write(exchange)
            structlog.contextvars.unbind_contextvars("request_id")

    def _write(self, exchange: Exchange) -> None:
        status = exchange.status or _ABANDONED
        elapsed_s = exchange.elapsed_s
        log.info(
            "request",
            request_id=exchange.request_id,
            route=exchange.route,
            operation=exchange.operation_name,
            operation_type=exchange.operation_type,
            actor=exchange.actor_kind,
            status=status,
            codes=[code.value for code in exchange.codes] or None,
            statements=exchange.statements,
            duration_ms=round(elapsed_s * 1000, 2),
        )
        self._metrics.request(exchange.route, exchange.operation_type or "none", status, elapsed_s)
        if exchange.operation_type is not None:
            self._metrics.statements(exchange.statements)
        for code in exchange.codes:
            self._metrics.refusal(code.value)


def _noting(exchange: Exchange, send: Send) -> Send:
    """`send`, adding the request id to the headers and noting the status."""

    async def noting(message: Message) -> None:
        if message["type"] == "http.response.start":
            exchange.status = message["status"]
            message["headers"].append((b"x-request-id", exchange.request_id.encode()))
        await send(message)

    return noting
