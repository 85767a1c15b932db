"""log-fields: a log line holds a fixed event and named fields, and none of them is personal or a secret.

Reads calls on loggers, structlog's and the standard library's, in every production room. Fields are named one by one,
so that a reader, and this check, sees what is written down.
"""

import ast
from collections.abc import Iterator
from typing import Final

from sqlalchemy import Column, MetaData, Table, Text

from checks.check import Check, Finding, Sample
from checks.house import PRODUCTION, House, SourceFile, sample

_METHODS: Final = {"debug", "info", "warning", "error", "exception", "critical", "fatal", "msg", "log"}
_BINDERS: Final = {"bind", "new", "bind_contextvars", "bound_contextvars"}
_LOGGERS: Final = {"log", "_log", "logger", "_logger", "LOG", "LOGGER"}
_SECRETS: Final = {
    "authorization", "body", "claims", "cookie", "credential", "document", "headers", "input", "jwt", "key", "password",
    "payload", "query", "secret", "token", "url", "variables",
}  # fmt: skip
_ALSO_PERSONAL: Final = {"address", "email", "ip", "phone", "tax_id", "user_agent"}


def find(house: House) -> Iterator[Finding]:
    """Log calls whose event is made up, whose fields cannot be seen, or whose fields are not for a log."""
    personal = _ALSO_PERSONAL | {
        column.name for table in house.tables.tables.values() for column in table.columns if column.info.get("personal")
    }
    for file in house.python(*PRODUCTION):
        loggers = _loggers(file)
        for call in file.all(ast.Call):
            if _is_log_call(call, loggers):
                for message in _faults(call, personal):
                    yield Finding(file.path, call.lineno, message)


def _loggers(file: SourceFile) -> set[str]:
    """The names in a file that are loggers: by custom, or by being made one."""
    values = [(target, node.value) for node in file.all(ast.Assign) for target in node.targets]
    values += [(node.target, node.value) for node in file.all(ast.AnnAssign) if node.value is not None]
    return _LOGGERS | {
        target.id
        for target, value in values
        if isinstance(target, ast.Name) and "get" in _last(value) and "ogger" in _last(value)
    }


def _last(expression: ast.expr) -> str:
    match expression:
        case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)):
            return name
        case _:
            return ""


def _is_log_call(call: ast.Call, loggers: set[str]) -> bool:
    match call.func:
        case ast.Attribute(value=ast.Name(id=name), attr=method) if name in loggers:
            return method in _METHODS | _BINDERS
        case (
            ast.Attribute(attr="bind_contextvars" | "bound_contextvars")
            | ast.Name(id="bind_contextvars" | "bound_contextvars")
        ):
            return True
        case _:
            return False


def _faults(call: ast.Call, personal: set[str]) -> Iterator[str]:
    is_line = isinstance(call.func, ast.Attribute) and call.func.attr in _METHODS
    if is_line and not (call.args and isinstance(call.args[0], ast.Constant)):
        yield "the event of a log line is a fixed text: put what differs into fields"
    if len(call.args) > 1:
        yield "name each field of a log line: positional values are part of the text"
    for keyword in call.keywords:
        if keyword.arg is None:
            yield "name each field of a log line: what ** brings cannot be seen"
        elif keyword.arg in personal:
            yield f"`{keyword.arg}` is personal data, which no log holds: write the public id"
        elif keyword.arg in _SECRETS:
            yield f"`{keyword.arg}` is not for a log: it may hold a secret, or what a customer sent"
        else:
            yield from _values(keyword.value, personal)


def _values(value: ast.expr, personal: set[str]) -> Iterator[str]:
    """Attributes in a field's value that hold personal data; `name` alone is too common a word to tell."""
    for node in ast.walk(value):
        if isinstance(node, ast.Attribute) and node.attr in (personal - {"name"}) | _SECRETS - {"url", "input", "key"}:
            yield f"`.{node.attr}` is not for a log: it is personal, a secret, or what a customer sent"


def _log(says: str, text: str) -> Sample:
    tables = MetaData()
    Table("users", tables, Column("nickname", Text, info={"personal": True}))
    return Sample(says, sample("app/some.py", text, tables=tables))


CHECK = Check(
    "log-fields",
    "Log lines hold named fields, none personal and none secret.",
    find,
    (
        _log(
            "a fixed event with named fields",
            """
            log.info("request", request_id=exchange.request_id, operation=operation.name, status=200)
            log.exception("surprise", exc_info=error)
            structlog.contextvars.bind_contextvars(request_id=exchange.request_id)
            user.bind(email)
            """,
        ),
        _log(
            "fields that are personal or secret, by name or by value",
            """
            lines = structlog.get_logger("door")
            log.info("signed in", email=user.email)  # BAD
            lines.warning("refused", token=token)  # BAD
            log.info("asked", who=account.nickname)  # BAD
            log.debug("operation", given=request.variables)  # BAD
            structlog.contextvars.bind_contextvars(nickname="x")  # BAD
            """,
        ),
        _log(
            "lines whose content cannot be seen",
            """
            log.info(f"signed in {user}")  # BAD
            log.error("refused %s", reason)  # BAD
            log.info("request", **fields)  # BAD
            """,
        ),
    ),
)
