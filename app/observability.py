"""Logs: one JSON object a line, the request id in each, nothing personal in any.

Owns how a line looks and how a surprise is written down. Not owned here: the line a request leaves (access_log.py),
figures (metrics.py).
"""

import logging
import sys
import traceback
from collections.abc import Sequence
from typing import Any, Final

import orjson
import structlog

_LONGEST_MESSAGE_CHARACTERS: Final = 200
_QUIET: Final = ("uvicorn.access", "strawberry.execution")  # ours say the same without query texts and addresses

log: structlog.typing.FilteringBoundLogger = structlog.get_logger()


def configure_logging(level: str = "INFO") -> None:
    """Send every log line of the process, ours and the libraries', to stderr as JSON. Called once at start.

    Ours go straight to the stream: one line a request is too many to take the way through the standard library, which
    costs more than answering a small query.
    """
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
        _flatten_exception,
    ]
    structlog.configure(
        processors=[*shared, _to_json],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level]),
        logger_factory=structlog.BytesLoggerFactory(sys.stderr.buffer),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.add_logger_name, *shared],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, _to_text],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in _QUIET:
        logging.getLogger(name).disabled = True


def report_surprise(error: BaseException, request_id: str, *, path: Sequence[str | int] | None = None) -> None:
    """Write down an error that the client was not told of: under its request id, with the traceback."""
    log.error("surprise", request_id=request_id, path=list(path) if path else None, exc_info=error)


def told(error: BaseException) -> str:
    """An exception for the log: every frame, but only the first line of each message, shortened.

    Databases append the offending row to their messages; who reads the log is not to read customers' data in it.
    """
    parts: list[str] = []
    at: BaseException | None = error
    while at is not None and len(parts) < 10:
        frames = "".join(traceback.format_tb(at.__traceback__))
        message = str(at).partition("\n")[0][:_LONGEST_MESSAGE_CHARACTERS]
        parts.append(f"{frames}{type(at).__module__}.{type(at).__qualname__}: {message}")
        at = at.__cause__ or (None if at.__suppress_context__ else at.__context__)
    return "\n-- caused by --\n".join(parts)


def _flatten_exception(_logger: Any, _method: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    """Replace `exc_info` by text."""
    given = event.pop("exc_info", None)
    if given is True:
        given = sys.exc_info()[1]
    if isinstance(given, tuple):
        given = given[1]
    if isinstance(given, BaseException):
        event["traceback"] = told(given)
    return event


def _to_json(_logger: Any, _method: str, event: structlog.typing.EventDict) -> bytes:
    return orjson.dumps(event, default=str)


def _to_text(_logger: Any, _method: str, event: structlog.typing.EventDict) -> str:
    return orjson.dumps(event, default=str).decode()
