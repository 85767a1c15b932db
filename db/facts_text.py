"""The facts of a decision as JSON, and back: another edition of the policy can be asked the same later.

Owns how each kind of value is written, and what is left out: what names a person (a name, an address, a tax number),
and everything a plan version holds, because versions never change and are read again by their ids. A field at its
default is not written, so facts kept by an earlier release are read with what was true before the field was there.
Does not own where they are kept (db/save/policy.py) nor what they mean (domain/plan_change/facts.py).
"""

from collections.abc import Callable, Mapping
from dataclasses import Field, fields, is_dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from functools import cache
from types import NoneType, UnionType
from typing import Any, NewType, Union, get_args, get_origin, get_type_hints
from uuid import UUID

from domain.account import Account, LegalEntity
from domain.account_terms import AccountTerms
from domain.catalog import Plan, PlanVersion
from domain.commands.plan_change import Cancel, Pause
from domain.ids import PlanVersionId
from domain.invoicing.debited import DebitedLine
from domain.plan_change.facts import PlanChangeFacts

Versions = Mapping[PlanVersionId, PlanVersion]
Write = Callable[[Any], Any]
Read = Callable[[Any, Versions], Any]

_BLANKED: Mapping[type, Mapping[str, str | None]] = {
    Account: {"name": "", "email": None, "address": None, "tax_id": None},
    LegalEntity: {"name": "", "address": "", "tax_id": None},
    AccountTerms: {"reason": ""},
    DebitedLine: {"description": ""},
    Cancel: {"reason": None},
    Pause: {"reason": None},
}
"""What is written instead, by field: no rule looks at it, and it may name somebody."""

_MAY_CHANGE = frozenset({"withdrawn_at", "countries"})
"""What is said of a plan apart from its versions, and may be said otherwise later: kept as it was."""

_PLAIN: Mapping[type, tuple[Write, Callable[[Any], Any]]] = {
    UUID: (lambda value: value.hex, UUID),
    datetime: (datetime.isoformat, datetime.fromisoformat),
    date: (date.isoformat, date.fromisoformat),
    Decimal: (str, Decimal),
    Fraction: (str, Fraction),
    timedelta: (lambda value: [value.days, value.seconds, value.microseconds], lambda kept: timedelta(*kept)),
    **{each: (lambda value: value, lambda kept: kept) for each in (int, str, bool, NoneType)},
}


def facts_json(facts: PlanChangeFacts) -> dict[str, Any]:
    """The facts without what names a person: plain JSON, plan versions by id."""
    written: dict[str, Any] = _writer(PlanChangeFacts)(facts)
    return written


def versions_of(kept: Any) -> set[PlanVersionId]:
    """The plan versions that stored facts speak of; whoever reads them back loads these."""
    found: set[PlanVersionId] = set()
    _collect(kept, found)
    return found


def facts_of(kept: Mapping[str, Any], versions: Versions) -> PlanChangeFacts:
    """Facts as `facts_json` wrote them. Raises KeyError for a version that `versions` lacks."""
    facts: PlanChangeFacts = _reader(PlanChangeFacts)(kept, versions)
    return facts


def _collect(kept: Any, found: set[PlanVersionId]) -> None:
    match kept:
        case {"planVersion": str(version)}:
            found.add(PlanVersionId(UUID(version)))
        case dict():
            for each in kept.values():
                _collect(each, found)
        case list():
            for each in kept:
                _collect(each, found)


@cache
def _writer(kind: Any) -> Write:
    """How a value of this type is written."""
    kind = _bare(kind)
    if kind is PlanVersion:
        of_plan = _dataclass_writer(Plan, _MAY_CHANGE)
        return lambda version: {"planVersion": version.id.hex, **of_plan(version.plan)}
    if kind in _PLAIN:
        return _PLAIN[kind][0]
    if isinstance(kind, type) and issubclass(kind, Enum):
        return lambda value: value.value
    if is_dataclass(kind):
        return _dataclass_writer(kind)
    origin, arguments = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        return _union_writer(arguments)
    if origin is tuple and arguments[-1] is Ellipsis:
        of = _writer(arguments[0])
        return lambda value: [of(each) for each in value]
    if origin is frozenset:
        of = _writer(arguments[0])
        return lambda value: sorted(of(each) for each in value)
    if origin is tuple:
        each_of = tuple(map(_writer, arguments))
        return lambda value: [write(each) for write, each in zip(each_of, value, strict=True)]
    if origin is not None and issubclass(origin, Mapping):
        key, of = map(_writer, arguments)
        return lambda value: [[key(name), of(each)] for name, each in value.items()]
    raise TypeError(f"{kind} has no way to be kept")


def _dataclass_writer(kind: Any, only: frozenset[str] | None = None) -> Write:
    blanked = _BLANKED.get(kind, {})
    wanted = [(each, hint) for each, hint in _fields(kind) if only is None or each.name in only]
    parts = [(each, _writer(hint)) for each, hint in wanted if each.name not in blanked]

    def write(value: Any) -> dict[str, Any]:
        said = ((each, of, getattr(value, each.name)) for each, of in parts)
        return {each.name: of(at) for each, of, at in said if at != each.default}

    return write


@cache
def _reader(kind: Any) -> Read:
    """How a value of this type is read back."""
    kind = _bare(kind)
    if kind is PlanVersion:
        return _version_reader()
    if kind in _PLAIN:
        of_plain = _PLAIN[kind][1]
        return lambda kept, versions: of_plain(kept)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return lambda kept, versions: kind(kept)
    if is_dataclass(kind):
        return _dataclass_reader(kind)
    origin, arguments = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        return _union_reader(arguments)
    if origin is tuple and arguments[-1] is Ellipsis:
        of = _reader(arguments[0])
        return lambda kept, versions: tuple(of(each, versions) for each in kept)
    if origin is frozenset:
        of = _reader(arguments[0])
        return lambda kept, versions: frozenset(of(each, versions) for each in kept)
    if origin is tuple:
        each_of = tuple(map(_reader, arguments))
        return lambda kept, versions: tuple(read(each, versions) for read, each in zip(each_of, kept, strict=True))
    if origin is not None and issubclass(origin, Mapping):
        key, value = map(_reader, arguments)
        return lambda kept, versions: {key(name, versions): value(each, versions) for name, each in kept}
    raise TypeError(f"{kind} has no way to be read back")


def _dataclass_reader(kind: Any) -> Read:
    blanked = _BLANKED.get(kind, {})
    parts = {each.name: _reader(hint) for each, hint in _fields(kind)}

    def read(kept: Any, versions: Versions) -> Any:
        # what a later release no longer knows is left out
        said = {name: parts[name](each, versions) for name, each in kept.items() if name in parts}
        return kind(**said, **blanked)

    return read


def _version_reader() -> Read:
    parts = {each.name: (_reader(hint), each.default) for each, hint in _fields(Plan) if each.name in _MAY_CHANGE}

    def read(kept: Any, versions: Versions) -> PlanVersion:
        version = versions[PlanVersionId(UUID(kept["planVersion"]))]
        then: dict[str, Any] = {
            name: of(kept[name], versions) if name in kept else default for name, (of, default) in parts.items()
        }
        return replace(version, plan=replace(version.plan, **then))

    return read


def _union_writer(arguments: tuple[Any, ...]) -> Write:
    """One of several types; one of several values of ours says which it is."""
    writers = {_class_of(each): _writer(each) for each in arguments}
    if len(_ours(arguments)) < 2:
        # an id that was read is of a class of the driver's own beneath UUID
        return lambda value: (writers.get(type(value)) or writers[UUID])(value)

    def write(value: Any) -> Any:
        written = writers[type(value)](value)
        return [type(value).__name__, written] if is_dataclass(value) else written

    return write


def _union_reader(arguments: tuple[Any, ...]) -> Read:
    """One of several types: none, a whole number, or what is no number."""
    ours = {each.__name__: _reader(each) for each in _ours(arguments)}
    others = [each for each in map(_bare, arguments) if each not in (NoneType, int)]
    if len(ours) > 1:
        return lambda kept, versions: None if kept is None else ours[kept[0]](kept[1], versions)
    if len(others) > 1:
        raise TypeError(f"{others} could not be told apart")
    of = _reader(others[0]) if others else None
    has_int = int in arguments

    def read(kept: Any, versions: Versions) -> Any:
        if kept is None or of is None or (has_int and isinstance(kept, int)):
            return kept
        return of(kept, versions)

    return read


def _ours(arguments: tuple[Any, ...]) -> list[Any]:
    return [each for each in map(_bare, arguments) if is_dataclass(each)]


def _fields(kind: Any) -> list[tuple[Field[Any], Any]]:
    hints = get_type_hints(kind)
    return [(each, hints[each.name]) for each in fields(kind) if each.init]


def _bare(kind: Any) -> Any:
    while isinstance(kind, NewType):
        kind = kind.__supertype__
    return kind


def _class_of(kind: Any) -> Any:
    bare = _bare(kind)
    return get_origin(bare) or bare
