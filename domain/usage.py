"""Usage: what was sent, what became of it.

Owns the vocabulary of metering and what makes two sendings the same event. Does not own counters' storage (db).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from domain.ids import AccountId


class Aggregation(StrEnum):
    """How a meter turns events into one figure for a window."""

    COUNT = "COUNT"
    SUM = "SUM"
    MAX = "MAX"
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


CLOCK_SKEW = timedelta(minutes=5)
"""How far a sender's clock may run ahead of ours before an event counts as from the future."""
RETENTION = timedelta(days=400)
"""How long ago an event may have occurred and still be counted."""


@dataclass(frozen=True, slots=True)
class UsageEvent:
    """One measured fact. (`source`, `id`) names it within its account; `value` is in the meter's unit."""

    account_id: AccountId
    source: str
    id: str
    meter: str
    occurred_at: datetime
    value: Decimal


@dataclass(frozen=True, slots=True)
class UsageResult:
    """The fate of the event at `index` of a batch."""

    index: int
    status: UsageStatus
    rejection: UsageRejection | None = None


def rejection(event: UsageEvent, now: datetime) -> UsageRejection | None:
    """Why an event of a known account and meter cannot be counted at the account's `now`; None when it can."""
    if event.value < 0:
        return UsageRejection.NEGATIVE_VALUE
    if event.occurred_at > now + CLOCK_SKEW:
        return UsageRejection.IN_THE_FUTURE
    if event.occurred_at < now - RETENTION:
        return UsageRejection.TOO_OLD
    return None
