"""CloudEvents 1.0 as usage: whose, when, and what each meter of its type counts of it.

Owns the mapping from an event as it is sent to a UsageEvent, and the sentence for each reason that it is refused. Does
not own decoding (app) nor what is refused when it is counted (usage.py).
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from domain.ids import AccountId
from domain.usage import FINEST, Aggregation, Measure, Meter, UsageEvent, UsageRejection

LONGEST: Final = 255
"""The most characters of a source, an id, a dimension's value or a text that is counted once."""
_BEYOND: Final = Decimal(10) ** 15
_ONE: Final = Decimal(1)
_VALUE: Final = "value"
"""Where an event has its value for a meter that does not say where."""
_NUMBER: Final = re.compile(r"-?[0-9]{1,40}(\.[0-9]{1,40})?")


class EventFault(StrEnum):
    """Why an event cannot even be read as usage."""

    MALFORMED = "MALFORMED"
    TOO_LARGE = "TOO_LARGE"


Reason = UsageRejection | EventFault


@dataclass(frozen=True, slots=True)
class CloudEvent:
    """An event as it was sent, its attributes by their names; extensions are not read. `data` is decoded JSON."""

    specversion: str
    type: str
    source: str
    id: str
    subject: str | None = None
    time: datetime | None = None
    data: object = None


@dataclass(frozen=True, slots=True)
class Unreadable:
    """What was sent as an event and is none: why, and what it is called as far as that can be told."""

    message: str
    source: str | None = None
    id: str | None = None


@dataclass(frozen=True, slots=True)
class MeteredAccount:
    """Whose usage an event is. `clock_at`: its standing time, None for one that lives in real time."""

    id: AccountId
    clock_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """Why an event is not counted, in a word for programs and a sentence for people."""

    reason: Reason
    message: str


SENTENCES: Final[Mapping[UsageRejection, str]] = MappingProxyType(
    {
        UsageRejection.UNKNOWN_METER: "No meter counts events of this type.",
        UsageRejection.UNKNOWN_ACCOUNT: "There is no such account in reach.",
        UsageRejection.NEGATIVE_VALUE: "A value is never negative.",
        UsageRejection.IN_THE_FUTURE: "It is said to occur later than now.",
        UsageRejection.TOO_OLD: "It occurred longer ago than events are kept.",
        UsageRejection.ID_REUSED: "The id is known with other content; the first was kept.",
        UsageRejection.NO_VALUE: "Its meter counts something that the event does not have.",
        UsageRejection.UNKNOWN_DIMENSION: "It is told apart by a name that its meter does not know.",
    }
)


def refusal(reason: UsageRejection) -> Refused:
    """A reason with its sentence."""
    return Refused(reason, SENTENCES[reason])


def usage_of(
    event: CloudEvent, account: MeteredAccount | None, meters: Sequence[Meter], now: datetime
) -> UsageEvent | Refused:
    """The usage that an event tells of, measured by each of `meters`, which are all those of its type; or why it
    tells of none. It is counted by all of them or by none.

    `account` is the one its subject names, `now` when it came in: what an event without a time is counted at, unless
    its account's clock stands.
    """
    fault = _fault_of(event)
    if fault is not None:
        return fault
    if account is None:
        return refusal(UsageRejection.UNKNOWN_ACCOUNT)
    if not meters:
        return refusal(UsageRejection.UNKNOWN_METER)
    data = event.data if isinstance(event.data, dict) else {}
    measures: list[Measure] = []
    for meter in meters:
        measure = _measure(meter, data)
        if isinstance(measure, Refused):
            return measure
        measures.append(measure)
    return UsageEvent(
        account_id=account.id,
        source=event.source,
        id=event.id,
        occurred_at=event.time or account.clock_at or now,
        measures=tuple(measures),
        is_timed=event.time is not None,
    )


def _fault_of(event: CloudEvent) -> Refused | None:
    """What is wrong with the envelope."""
    if event.specversion != "1.0":
        return _malformed("`specversion` is not 1.0.")
    if not event.subject:
        return _malformed("`subject` is missing: it names the account.")
    if event.time is not None and event.time.tzinfo is None:
        return _malformed("`time` has no offset from UTC.")
    return _name_fault("source", event.source) or _name_fault("id", event.id)


def _name_fault(name: str, text: str) -> Refused | None:
    return _text_fault(name, text) if text else _malformed(f"`{name}` is empty.")


def _text_fault(name: str, text: str) -> Refused | None:
    if len(text) > LONGEST:
        return Refused(EventFault.TOO_LARGE, f"`{name}` is longer than {LONGEST} characters.")
    if "\0" in text:
        return _malformed(f"`{name}` contains the character U+0000.")
    return None


def _malformed(message: str) -> Refused:
    return Refused(EventFault.MALFORMED, message)


def _measure(meter: Meter, data: Mapping[str, object]) -> Measure | Refused:
    dimensions = _dimensions(meter, data) if meter.dimensions else ()
    if isinstance(dimensions, Refused):
        return dimensions
    if meter.aggregation is Aggregation.COUNT:
        return Measure(meter.code, _ONE, None, dimensions)
    name = meter.value_property or _VALUE
    given = data.get(name)
    if meter.aggregation is Aggregation.UNIQUE:
        text = _text(given)
        if not text:
            return _no_value(name, given, "a text")
        return _text_fault(f"data.{name}", text) or Measure(meter.code, _ONE, text, dimensions)
    value = _number(given)
    if value is None:
        return _no_value(name, given, "a number")
    if not -_BEYOND < value < _BEYOND or (type(given) is not int and value.quantize(FINEST) != value):
        message = f"`data.{name}` has more than 15 digits before the point or 6 after it."
        return Refused(EventFault.TOO_LARGE, message)
    return Measure(meter.code, value, None, dimensions)


def _no_value(name: str, given: object, kind: str) -> Refused:
    if given is None:
        return Refused(UsageRejection.NO_VALUE, f"`data.{name}` is missing.")
    return Refused(UsageRejection.NO_VALUE, f"`data.{name}` is not {kind}.")


def _number(given: object) -> Decimal | None:
    """A number, or a text that is one, as decimals exactly as sent."""
    if type(given) is int:  # the usual; no bool, which is an int to isinstance
        return Decimal(given)
    if isinstance(given, Decimal):
        return given if given.is_finite() else None
    return Decimal(given) if isinstance(given, str) and _NUMBER.fullmatch(given) else None


def _text(given: object) -> str | None:
    """A text, or a number or a yes as JSON writes it."""
    match given:
        case str():
            return given
        case bool():
            return "true" if given else "false"
        case int() | Decimal():
            return str(given)
        case _:
            return None


def _dimensions(meter: Meter, data: Mapping[str, object]) -> tuple[tuple[str, str], ...] | Refused:
    """What the event is told apart by; what it does not say is left out."""
    found: list[tuple[str, str]] = []
    for name in sorted(meter.dimensions):
        given = data.get(name)
        if given is None or given == "":
            continue
        text = _text(given)
        if text is None:
            return _malformed(f"`data.{name}` is neither a text nor a number.")
        if (fault := _text_fault(f"data.{name}", text)) is not None:
            return fault
        found.append((name, text))
    return tuple(found)
