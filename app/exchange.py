"""One HTTP request on its way through the house: what the door learned of it so far.

Owns the value that middleware, door and access log share, and the rule for request ids. Nothing personal is kept in
it: no token, no variable, no user.
"""

import os
import re
from dataclasses import dataclass, field
from time import perf_counter
from typing import Final, cast

from starlette.datastructures import Headers
from starlette.types import Scope

from app.errors import Code
from app.media import Media

_KEY: Final = "billing.exchange"
_SANE_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{7,127}")


@dataclass(slots=True)
class Exchange:
    """Filled in as the request goes; read once when it is over."""

    request_id: str
    started_s: float = field(default_factory=perf_counter)
    route: str = "other"
    media: Media = Media.JSON
    actor_kind: str | None = None
    may_suggest: bool = False
    operation_name: str | None = None
    operation_type: str | None = None
    statements: int = 0
    codes: list[Code] = field(default_factory=list)
    status: int = 0

    @property
    def elapsed_s(self) -> float:
        """Seconds since the request arrived."""
        return perf_counter() - self.started_s


def exchange_of(scope: Scope) -> Exchange:
    """The exchange of this request; made at the first call, the same at every later one."""
    found = scope.get(_KEY)
    if found is None:
        found = scope[_KEY] = Exchange(_request_id(Headers(scope=scope)))
    return cast(Exchange, found)


def _request_id(headers: Headers) -> str:
    """The caller's X-Request-Id when it is sane (it goes into logs and headers), else a new one."""
    given = headers.get("x-request-id", "")
    return given if _SANE_ID.fullmatch(given) else os.urandom(12).hex()
