"""What a client is told of an error, and what only the log is told.

Owns the line between the two: what the caller sent (syntax, validation, values, known errors of the domain) is
explained with a code and, for a value, the path of its field; anything else is a surprise, answered with one sentence
and the request id under which the log has the traceback.
"""

import re
from dataclasses import dataclass
from typing import Final

from graphql import GraphQLError, GraphQLSyntaxError

from app.errors import MASKED, Code, JsonError, json_error
from db.address import DatabaseUnavailable
from domain.errors import DomainError, Forbidden, InvalidInput, NotFound

_VARIABLE: Final = re.compile(
    r"Variable '\$(\w+)' has invalid (?:default )?value(?: at ([^:]+))?:"
    r"(?: Expected value of type '[^']+' not to include unknown field '(\w+)')?"
)
_STEP: Final = re.compile(r"\.(\w+)|\[(\d+)\]")
_SUGGESTION: Final = re.compile(r" Did you mean [^?]*\?")
_AWAY: Final = "The database cannot be reached at the moment."
_NAMED_CODES: Final = frozenset(code.value for code in Code)


@dataclass(frozen=True, slots=True)
class Shown:
    """One error as the client sees it, and the exception to log when it was a surprise."""

    error: JsonError
    code: Code
    surprise: BaseException | None = None


def shown(error: GraphQLError, request_id: str, *, suggest: bool) -> Shown:
    """Translate one GraphQL error. `suggest` keeps "Did you mean …", which tells names of the schema."""
    code, message, more, surprise = _judge(error)
    if not suggest:
        message = _SUGGESTION.sub("", message)
    entry = json_error(message, code, request_id, **more)
    if error.locations:
        entry["locations"] = [{"line": place.line, "column": place.column} for place in error.locations]
    if error.path:
        entry["path"] = error.path
    return Shown(entry, code, surprise)


_Judgement = tuple[Code, str, dict[str, object], BaseException | None]


def _judge(error: GraphQLError) -> _Judgement:
    cause = _cause(error)
    named = _named_code(error)
    if named is not None:
        given = {key: value for key, value in (error.extensions or {}).items() if key not in ("code", "requestId")}
        if cause is None:
            return named, error.message, given, None
        code, message, more, surprise = _judge_input(error, cause)
        return code if code is not Code.BAD_USER_INPUT else named, message, {**more, **given}, surprise
    if isinstance(cause, DatabaseUnavailable):
        return Code.UNAVAILABLE, _AWAY, {}, cause
    if isinstance(cause, DomainError) and error.path is not None:
        return _judge_domain(cause)
    if isinstance(error, GraphQLSyntaxError):
        too_many = error.message.endswith("Parsing aborted.")
        return Code.TOO_MANY_TOKENS if too_many else Code.PARSE_FAILED, error.message, {}, None
    if isinstance(cause, RecursionError) and error.path is None:
        return Code.BAD_USER_INPUT, "The variables are nested too deeply.", {}, None
    if error.path is None and (error.nodes or cause is None):
        return _judge_input(error, cause)
    if cause is None and error.message.startswith("Argument "):
        # an argument that only execution could see: a required one given as a variable without a value
        return Code.BAD_USER_INPUT, error.message, {}, None
    return Code.INTERNAL, MASKED, {}, cause or error


def _judge_domain(cause: DomainError) -> _Judgement:
    """A resolver met an error of the domain. Only what the caller sent is explained; misuse by us is a surprise."""
    match cause:
        case InvalidInput():
            more: dict[str, object] = {"reason": cause.code, "field": list(cause.path)}
            code = Code(cause.code) if cause.code in _NAMED_CODES else Code.BAD_USER_INPUT
            return code, cause.message, more, None
        case Forbidden():
            return Code.FORBIDDEN, cause.message, {}, None
        case NotFound():
            return Code.BAD_USER_INPUT, cause.message, {"reason": cause.code}, None
        case _:
            return Code.INTERNAL, MASKED, {}, cause


def _judge_input(error: GraphQLError, cause: BaseException | None) -> _Judgement:
    """The values of the variables, or the choice of an operation, failed before anything ran."""
    message = error.message
    surprise: BaseException | None = None
    more: dict[str, object] = {}
    code = Code.BAD_USER_INPUT
    if isinstance(cause, DomainError):
        more["reason"] = cause.code
        code = Code(cause.code) if cause.code in _NAMED_CODES else code
    elif cause is not None and not isinstance(cause, ValueError):
        # a scalar of ours stumbled: the caller still learns which value, but not over what we fell
        message, surprise = message.split("; ", 1)[0], cause
    if match := _VARIABLE.match(message):
        steps = (name or index for name, index in _STEP.findall(match[2] or ""))
        more["field"] = [match[1], *steps, *([match[3]] if match[3] else [])]
    return code, message, more, surprise


def _named_code(error: GraphQLError) -> Code | None:
    """The code that our own code gave the error, itself or below it."""
    at: BaseException | None = error
    while isinstance(at, GraphQLError):
        value = (at.extensions or {}).get("code")
        if value in _NAMED_CODES:
            return Code(value)
        at = at.original_error
    return None


def _cause(error: GraphQLError) -> BaseException | None:
    """The exception under the wrappers, or None when GraphQL itself found the fault."""
    at: BaseException | None = error
    while isinstance(at, GraphQLError):
        at = at.original_error
    return at
