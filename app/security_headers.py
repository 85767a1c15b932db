"""Headers that tell browsers to trust our answers with as little as possible.

Owns their values. A handler that needs more (the page at `/` runs scripts of its own) sets its header itself, and is
not overruled. No CORS header is ever sent: no other origin may read an answer.
"""

from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

_ALWAYS: Final = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    "cache-control": "no-store",
}
_OVER_TLS: Final = {"strict-transport-security": "max-age=31536000; includeSubDomains"}


class SecurityHeaders:
    """Pure ASGI; adds what is missing. `over_tls` adds HSTS, for a gateway whose front ends TLS."""

    def __init__(self, app: ASGIApp, *, over_tls: bool) -> None:
        self._app = app
        headers = {**_ALWAYS, **(_OVER_TLS if over_tls else {})}
        self._headers = [(name.encode(), value.encode()) for name, value in headers.items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; the headers join the start of the response."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def adding(message: Message) -> None:
            if message["type"] == "http.response.start":
                given = {name for name, _ in message["headers"]}
                message["headers"].extend(header for header in self._headers if header[0] not in given)
            await send(message)

        await self._app(scope, receive, adding)
