"""Usage: what was sent, what became of it.

Owns the vocabulary of metering and what makes two sendings the same event. Does not own counters' storage (db).
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from domain.ids import AccountId, MeterId


class Aggregation(StrEnum):
    """How a meter turns events into one figure for a window."""

    COUNT = "COUNT"
    SUM = "SUM"
    MAX = "MAX"
    UNIQUE = "UNIQUE"
    LATEST = "LATEST"


class UsageStatus(StrEnum):
    """What became of a sent event; none ever vanishes."""

    ACCEPTED = "ACCEPTED"
    DUPLICATE = "DUPLICATE"
    REJECTED = "REJECTED"


class UsageRejection(StrEnum):
    """Why an event was refused."""

    UNKNOWN_METER = "UNKNOWN_METER"
    UNKNOWN_ACCOUNT = "UNKNOWN_ACCOUNT"
    NEGATIVE_VALUE = "NEGATIVE_VALUE"
    IN_THE_FUTURE = "IN_THE_FUTURE"
    TOO_OLD = "TOO_OLD"
    ID_REUSED = "ID_REUSED"
    NO_VALUE = "NO_VALUE"
    UNKNOWN_DIMENSION = "UNKNOWN_DIMENSION"


CLOCK_SKEW = timedelta(minutes=5)
"""How far a sender's clock may run ahead of ours before an event counts as from the future."""
RETENTION = timedelta(days=400)
"""How long ago an event may have occurred and still be counted."""
FINEST = Decimal("0.000001")
"""As finely as a value is kept."""


@dataclass(frozen=True, slots=True)
class Meter:
    """What decides how a meter counts. `dimensions` are the names that its figure is told apart by.

    Of an event that says no meter it counts those of `event_type`, and reads its value from `value_property`.
    """

    id: MeterId
    code: str
    aggregation: Aggregation
    event_type: str
    value_property: str | None
    dimensions: frozenset[str]


@dataclass(frozen=True, slots=True)
class Measure:
    """What one meter, named by its code, counts of an event: a value in its unit, and how that is told apart.

    `text` is what a UNIQUE meter counts once, None for any other. `dimensions` are (name, value), by name.
    """

    meter: str
    value: Decimal
    text: str | None = None
    dimensions: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Content:
    """When an event occurred, None where it does not say, and what its meters counted of it, by code."""

    occurred_at: datetime | None
    measures: Mapping[str, Measure]

    def agrees(self, again: "Content") -> bool:
        """Whether a later sending tells the same fact, as far as the same meters look at it: a meter may be newer.

        One that does not say when agrees with whatever time the first was given.
        """
        common = self.measures.keys() & again.measures.keys()
        return (
            again.occurred_at in (self.occurred_at, None)
            and bool(common)
            and all(self.measures[each] == again.measures[each] for each in common)
        )


@dataclass(frozen=True, slots=True)
class UsageEvent:
    """One fact, measured by one meter or several. (`source`, `id`) names it within its account.

    Where its sender does not say when it occurred, `is_timed` is false and it counts as of when it came in.
    """

    account_id: AccountId
    source: str
    id: str
    occurred_at: datetime
    measures: tuple[Measure, ...]
    is_timed: bool = True

    @property
    def content(self) -> Content:
        """What two sendings of it must agree on, in the form the database holds it."""
        occurred_at = self.occurred_at.astimezone(UTC) if self.is_timed else None
        return Content(occurred_at, {each.meter: each for each in map(stored, self.measures)})


def stored(measure: Measure) -> Measure:
    """A measure with its value in the decimals that are kept, and its dimensions by name."""
    value = measure.value.quantize(FINEST)
    return replace(measure, value=value, dimensions=tuple(sorted(measure.dimensions)))


@dataclass(frozen=True, slots=True)
class UsageResult:
    """The fate of the event at `index` of a batch."""

    index: int
    status: UsageStatus
    rejection: UsageRejection | None = None


def rejection(event: UsageEvent, meters: Mapping[str, Meter], now: datetime) -> UsageRejection | None:
    """Why an event of a known account cannot be counted by `meters`, by code, at the account's `now`; None: it can."""
    for measure in event.measures:
        meter = meters.get(measure.meter)
        if meter is None:
            return UsageRejection.UNKNOWN_METER
        if measure.dimensions and any(name not in meter.dimensions for name, _ in measure.dimensions):
            return UsageRejection.UNKNOWN_DIMENSION
        if meter.aggregation is Aggregation.UNIQUE and not measure.text:
            return UsageRejection.NO_VALUE
    if any(each.value < 0 for each in event.measures):
        return UsageRejection.NEGATIVE_VALUE
    if event.occurred_at > now + CLOCK_SKEW:
        return UsageRejection.IN_THE_FUTURE
    if event.occurred_at < now - RETENTION:
        return UsageRejection.TOO_OLD
    return None
