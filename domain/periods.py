"""Periods and the calendar: anchor days, intervals, time zones. All calendar arithmetic of the house is here.

A boundary is 00:00 local on the anchor day, as a UTC instant. It is computed from the anchor and its number, never
from the boundary before it, so an anchor on the 31st gives 31 Jan, 28 Feb, 31 Mar and does not drift. Periods are
half-open, `[start, end)`: consecutive ones tile the timeline, and each instant is in exactly one.

Not owned here: what happens at a boundary, shares of a period (proration.py), and the present: an instant is always
an argument.
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from fractions import Fraction
from functools import cache, lru_cache
from importlib.resources import files
from typing import assert_never
from zoneinfo import ZoneInfo

from domain.errors import InvalidInput, InvalidPeriod, UnknownZone, quoted

_MICROSECOND = timedelta(microseconds=1)
_SECOND = timedelta(seconds=1)
_HALF_A_DAY_S = 43_200


@dataclass(frozen=True, slots=True)
class Period:
    """A half-open span `[start, end)` of time, never empty. Both ends are aware instants in UTC.

    Raises InvalidPeriod otherwise: UTC itself is asked for, because subtracting instants of one other zone gives
    wall-clock time, which is an hour off twice a year.
    """

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        if self.start.tzinfo != UTC or self.end.tzinfo != UTC:
            raise InvalidPeriod("A period starts and ends at instants in UTC.", (self.start, self.end))
        if self.start >= self.end:
            raise InvalidPeriod("A period ends after it starts.", (self.start, self.end))

    @property
    def seconds(self) -> Fraction:
        """The real seconds inside, exactly (instants have microseconds). A month with DST is an hour off 30 days."""
        return seconds_between(self.start, self.end)

    def contains(self, instant: datetime) -> bool:
        """Whether the instant is inside: the start is, the end is not."""
        return self.start <= instant < self.end

    def covers(self, other: "Period") -> bool:
        """Whether the other period lies inside this one, ends included."""
        return self.start <= other.start and other.end <= self.end

    def overlaps(self, other: "Period") -> bool:
        """Whether the two share an instant; adjacent periods do not."""
        return self.start < other.end and other.start < self.end


class BillingInterval(StrEnum):
    """How far apart the boundaries are."""

    MONTH = "MONTH"
    QUARTER = "QUARTER"
    YEAR = "YEAR"

    @property
    def months(self) -> int:
        """The interval in calendar months."""
        match self:
            case BillingInterval.MONTH:
                return 1
            case BillingInterval.QUARTER:
                return 3
            case BillingInterval.YEAR:
                return 12
            case _:
                assert_never(self)


@dataclass(frozen=True, slots=True)
class BillingAnchor:
    """The local date boundaries are counted from: its day is the anchor day (31 stays 31), its month is number 0.

    Raises UnknownZone for a zone that is not in the time-zone database.
    """

    on: date
    zone: str

    def __post_init__(self) -> None:
        time_zone(self.zone)


def time_zone(name: str) -> ZoneInfo:
    """The zone called `name`, such as "Europe/Paris". Raises UnknownZone."""
    if name not in _zone_names():
        raise UnknownZone((), f"{quoted(name)} is not a time zone.", name)
    return _load_zone(name)


@cache
def _zone_names() -> frozenset[str]:
    return frozenset(files("tzdata").joinpath("zones").read_text("ascii").split())


@cache
def _load_zone(name: str) -> ZoneInfo:
    # from our locked wheel and never from the machine: zoneinfo alone would prefer whatever tables the machine has,
    # and one boundary could then fall on two instants on two servers
    with files("tzdata.zoneinfo").joinpath(*name.split("/")).open("rb") as table:
        return ZoneInfo.from_file(table, key=name)


def seconds_between(start: datetime, end: datetime) -> Fraction:
    """The real seconds from `start` to `end`, both in UTC, exactly; negative when `end` is earlier."""
    return Fraction((end - start) // _MICROSECOND, 1_000_000)


def local_day(instant: datetime, zone: str) -> date:
    """The day an instant falls on in `zone`. Raises InvalidInput for an instant without a zone, UnknownZone."""
    if instant.utcoffset() is None:
        raise InvalidInput((), "An instant without a time zone has no local day.", instant)
    return instant.astimezone(time_zone(zone)).date()


def start_of_day(on: date, zone: str) -> datetime:
    """The instant a local day begins, in UTC: 00:00, the earlier one if it comes twice.

    Where a change of the clocks skips 00:00 it is the first instant that exists after the gap; where it skips the
    whole day (Apia had no 30 December 2011) that is the start of the next one. Raises UnknownZone, and InvalidPeriod
    at the very ends of the calendar.
    """
    return _start_of_day(on, zone)


class DayFinder:
    """Local days of one zone for many instants close to each other: the day found last is looked at first."""

    def __init__(self, zone: str) -> None:
        self._zone = zone
        self._day: date | None = None
        self._start = self._end = datetime.min.replace(tzinfo=UTC)

    def day_of(self, instant: datetime) -> date:
        """As `local_day`."""
        if self._day is not None and self._start <= instant < self._end:
            return self._day
        day = local_day(instant, self._zone)
        start, end = start_of_day(day, self._zone), start_of_day(day + timedelta(days=1), self._zone)
        # a clock that goes back over midnight shows a day twice
        if local_day(start, self._zone) == day == local_day(end - timedelta.resolution, self._zone):
            self._day, self._start, self._end = day, start, end
        return day


@lru_cache(maxsize=16_384)  # pure, and thousands of accounts share their boundaries
def _start_of_day(on: date, zone: str) -> datetime:
    midnight = datetime.combine(on, time(), time_zone(zone))
    try:
        instant = midnight.astimezone(UTC)
        if instant.astimezone(midnight.tzinfo).replace(tzinfo=None) == midnight.replace(tzinfo=None):
            return instant
        return _end_of_gap(midnight)
    except OverflowError as error:
        raise InvalidPeriod(f"{on} is at the end of the calendar.", on) from error


def _end_of_gap(skipped: datetime) -> datetime:
    """The instant clocks jumped over the wall time `skipped`.

    Read with the offset after the gap it comes out before the jump, with the offset before the gap at or after it:
    between the two, the first second whose wall time is past `skipped`.
    """
    before = skipped.replace(fold=1).astimezone(UTC)
    after = skipped.replace(fold=0).astimezone(UTC)
    wall = skipped.replace(tzinfo=None)
    while after - before > _SECOND:
        middle = before + (after - before) // 2 // _SECOND * _SECOND
        if middle.astimezone(skipped.tzinfo).replace(tzinfo=None) < wall:
            before = middle
        else:
            after = middle
    return after


def boundary_on(anchor: BillingAnchor, interval: BillingInterval, index: int) -> date:
    """The local date of boundary number `index`, the anchor day clamped to its month; 0 is the anchor's own date.

    Raises InvalidPeriod outside the years 1 to 9999.
    """
    year, month0 = divmod(anchor.on.year * 12 + anchor.on.month - 1 + index * interval.months, 12)
    if not date.min.year <= year <= date.max.year:
        raise InvalidPeriod("The boundary is beyond the calendar.", (anchor, interval, index))
    return date(year, month0 + 1, min(anchor.on.day, monthrange(year, month0 + 1)[1]))


def boundary(anchor: BillingAnchor, interval: BillingInterval, index: int) -> datetime:
    """Boundary number `index` (may be negative) as a UTC instant: the start of its local day. Raises InvalidPeriod."""
    return start_of_day(boundary_on(anchor, interval, index), anchor.zone)


def period_at(anchor: BillingAnchor, interval: BillingInterval, instant: datetime) -> Period:
    """The one billing period that contains `instant`, also before the anchor. Raises InvalidInput, InvalidPeriod.

    The number is estimated from the local month and then corrected against the boundaries themselves, so the answer
    is exact where a local day is skipped or comes twice, at the cost of three boundaries.
    """
    day = local_day(instant, anchor.zone)
    index = ((day.year - anchor.on.year) * 12 + day.month - anchor.on.month) // interval.months
    start = boundary(anchor, interval, index)
    while instant < start:
        index -= 1
        start = boundary(anchor, interval, index)
    end = boundary(anchor, interval, index + 1)
    while end <= instant:
        index += 1
        start, end = end, boundary(anchor, interval, index + 1)
    return Period(start, end)


def next_period(anchor: BillingAnchor, interval: BillingInterval, period: Period) -> Period:
    """The period after `period`: it starts where that one ends and runs to the anchor's next boundary.

    After a period that ends on a boundary this is a whole one; after a stub, or a period cut short, it is what is
    missing to the boundary. Either way the two are adjacent. Raises InvalidPeriod.
    """
    return Period(period.end, period_at(anchor, interval, period.end).end)


def nearest_boundary(anchor: BillingAnchor, interval: BillingInterval, instant: datetime) -> datetime:
    """The boundary nearest to an instant, the earlier of two as near. Raises InvalidPeriod."""
    around = period_at(anchor, interval, instant)
    return min(around.start, around.end, key=lambda each: abs(each - instant))


def whole_around(period: Period, anchor: BillingAnchor, interval: BillingInterval) -> Period:
    """The whole period that a first one is a part of; `period` itself where it is no stub.

    A stub lacks a day or more. Hours are a new zone's, which moved an end and makes no stub of anything.
    """
    around = period_at(anchor, interval, nearest_boundary(anchor, interval, period.end) - _MICROSECOND)
    if around.start == period.start or period.seconds + _HALF_A_DAY_S >= around.seconds:
        return period
    return Period(min(around.start, period.start), max(around.end, period.end))


def rezoned(period: Period, anchor: BillingAnchor, interval: BillingInterval, zone: str, at: datetime) -> Period:
    """The running period once its account moves to `zone` at `at`: only its end, not yet reached, moves.

    `period` contains `at` and ends on a boundary of `anchor`. The end becomes the same boundary in the new zone or,
    where that has already passed there, stays for this once; periods after it follow the new zone by `next_period`.
    So each instant stays in exactly one period, and no sliver of hours becomes a period of its own. What was charged
    in advance for it stays as it is written: an item's next line begins no earlier than that one ends (invoicing/).
    Raises UnknownZone, InvalidPeriod.
    """
    moved_end = nearest_boundary(BillingAnchor(anchor.on, zone), interval, period.end)
    return Period(period.start, moved_end) if moved_end > at else period
