"""What a customer of the demo uses, day by day: patterns of four shapes that become usage events.

Owns how a pattern spreads over days and hours, from a seed of its own for each day. Does not own counting
(operations/use/record_usage.py) or how much each customer uses (histories.py).
"""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from demo.chance import Chance
from domain.ids import AccountId
from domain.periods import start_of_day
from domain.usage import Measure, UsageEvent

SOURCE = "crm"
Point = tuple[date, int]
_DAY = timedelta(days=1)
_MONDAY, _FRIDAY = 0, 4


@dataclass(frozen=True, slots=True)
class Steps:
    """A level that is sent when it changes and every Monday: seats assigned."""

    meter: str
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Grows:
    """A level that is sent every night and moves straight from point to point, give or take half a percent."""

    meter: str
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Sends:
    """An amount each working day, give or take a third: e-mails sent."""

    meter: str
    a_day: int


@dataclass(frozen=True, slots=True)
class Happens:
    """Single events in working hours, so many a working day at most: calls."""

    meter: str
    a_day: int


UsagePattern = Steps | Grows | Sends | Happens


def points(*told: tuple[str, int]) -> tuple[Point, ...]:
    """Dated levels, written as ("2025-03-11", 2)."""
    return tuple((date.fromisoformat(day), value) for day, value in told)


def events(
    account_id: AccountId, seed: str, zone: str, pattern: UsagePattern, first: date, last: date
) -> Iterator[UsageEvent]:
    """The events of a pattern on the local days from `first` to `last`, both included; the same however cut."""
    for offset in range((last - first).days + 1):
        day = first + offset * _DAY
        chance = Chance(f"{seed}/{pattern.meter}/{day}")
        for number, (value, second) in enumerate(_on(pattern, day, chance), start=1):
            yield UsageEvent(
                account_id=account_id,
                source=SOURCE,
                id=f"{pattern.meter}-{day:%Y%m%d}-{number}",
                occurred_at=start_of_day(day, zone) + timedelta(seconds=second),
                measures=(Measure(pattern.meter, Decimal(value)),),
            )


def _on(pattern: UsagePattern, day: date, chance: Chance) -> Iterator[tuple[int, int]]:
    """(value, second after midnight) of each event of one day."""
    works = day.weekday() <= _FRIDAY
    match pattern:
        case Steps():
            index = bisect_right(pattern.points, day, key=_day_of)
            if index > 0 and (pattern.points[index - 1][0] == day or day.weekday() == _MONDAY):
                yield pattern.points[index - 1][1], chance.between(14 * 3600, 16 * 3600)
        case Grows():
            if (level := _level(pattern.points, day, chance)) is not None:
                yield level, chance.between(3600, 2 * 3600)
        case Sends():
            if works:
                yield chance.between(pattern.a_day * 2 // 3, pattern.a_day * 4 // 3), chance.between(7 * 3600, 9 * 3600)
        case Happens():
            if works:
                for _ in range(chance.between(1, pattern.a_day)):
                    yield 1, chance.between(8 * 3600, 18 * 3600)


def _day_of(point: Point) -> date:
    return point[0]


def _level(line: tuple[Point, ...], day: date, chance: Chance) -> int | None:
    """The level of a day between two points; exact on a point and after the last, None before the first."""
    index = bisect_right(line, day, key=_day_of)
    if index == 0:
        return None
    since, level = line[index - 1]
    if index == len(line) or since == day:
        return level
    until, then = line[index]
    between = level + (then - level) * (day - since).days // (until - since).days
    return max(0, between + chance.between(-(between // 200), between // 200))
