"""What became of changes that were asked for: the window that is looked at, how it is cut, and the shares.

Owns the arithmetic of the figures and their units. Does not own what is counted (db/queries/outcomes.py), nor what the
figures mean to a reader (schema/outcomes.py, docs/outcomes.md).
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from domain.errors import InvalidInput
from domain.money import round_half_away

DEFAULT_WEEKS = 12
MOST_WEEKS = 53
REVERTED_WITHIN = timedelta(days=7)
"""How soon after a change took effect the way back counts against it."""

_WEEK = timedelta(days=7)
_HOUR = timedelta(hours=1)
_TICK = timedelta(microseconds=1)
_MONDAY = datetime(2001, 1, 1, tzinfo=UTC)
_DECIMALS = 2


class OutcomeGroup(StrEnum):
    """By what outcomes are told apart."""

    WEEK = "WEEK"
    SEGMENT = "SEGMENT"
    PLAN = "PLAN"
    POLICY_VERSION = "POLICY_VERSION"
    CHANGE_KIND = "CHANGE_KIND"


@dataclass(frozen=True, slots=True)
class Window:
    """The instants that are looked at, half-open and in UTC."""

    since: datetime
    until: datetime


def week_of(instant: datetime) -> datetime:
    """The Monday 00:00 UTC that begins the ISO week of an instant."""
    return instant - (instant - _MONDAY) % _WEEK


def window_of(since: datetime | None, until: datetime | None, now: datetime) -> Window:
    """The window that is asked for, all in UTC: until `now`, and the DEFAULT_WEEKS whole weeks that end with its last.

    Raises InvalidInput naming `since` for one that is empty or longer than MOST_WEEKS.
    """
    end = until or now
    start = since or week_of(end - _TICK) - (DEFAULT_WEEKS - 1) * _WEEK
    if start >= end:
        raise InvalidInput(("since",), "It begins before it ends.", start.isoformat())
    if end - start > MOST_WEEKS * _WEEK:
        raise InvalidInput(("since",), f"At most {MOST_WEEKS} weeks are looked at.", start.isoformat())
    return Window(start, end)


def percent_of(part: int, whole: int) -> Decimal | None:
    """A share in percent, rounded once, half up, to two decimals: 1 of 3 is 33.33. None of nothing.

    Raises InvalidInput for a part that is more than its whole: one of the two was counted wrongly.
    """
    if not 0 <= part <= whole:
        raise InvalidInput(("part",), f"{part} is no part of {whole}.", part)
    return _decimal(Fraction(part * 100, whole)) if whole else None


def hours_of(time: timedelta | None) -> Decimal | None:
    """A time in hours, rounded once, half up, to two decimals: 50 minutes are 0.83. None of none."""
    return None if time is None else _decimal(Fraction(time // _TICK, _HOUR // _TICK))


def _decimal(exact: Fraction) -> Decimal:
    return Decimal(round_half_away(exact * 10**_DECIMALS)).scaleb(-_DECIMALS)
