"""The months that usage events lie in: which there ought to be, and which may go.

Owns how long events are kept. Does not own how long ago an event may have occurred to be counted (domain/usage.py), nor
the tables of the months (db/usage_months.py).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from domain.usage import RETENTION

LONGEST_WINDOW = timedelta(days=400)
"""No window that is counted together is longer: a billing period of a year, and its grace."""
KEPT = RETENTION + LONGEST_WINDOW
"""How long an event is kept. One that comes in as late as may be has its whole billing period counted again, and that
may have begun so long before it.
"""
MONTHS_AHEAD = 2
"""Months made before they begin, so that a worker that rests for weeks leaves nothing to move."""
_NAME = re.compile(r"y(\d{4})m(\d{2})")


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """A calendar month in UTC."""

    year: int
    month: int

    @classmethod
    def of(cls, instant: datetime) -> "Month":
        """The month an instant is in."""
        at = instant.astimezone(UTC)
        return cls(at.year, at.month)

    @classmethod
    def named(cls, name: str) -> "Month | None":
        """The month that goes by a name; None for any other text."""
        found = _NAME.fullmatch(name)
        return cls(int(found[1]), int(found[2])) if found and 1 <= int(found[2]) <= 12 else None

    @property
    def name(self) -> str:
        """ "y2026m11": such names stand in the order of their months."""
        return f"y{self.year:04}m{self.month:02}"

    @property
    def start(self) -> datetime:
        """Its first instant."""
        return datetime(self.year, self.month, 1, tzinfo=UTC)

    @property
    def end(self) -> datetime:
        """The first instant of the next one."""
        return self.after(1).start

    def after(self, months: int) -> "Month":
        """The month so many later; earlier, where they are negative."""
        years, month = divmod(self.month - 1 + months, 12)
        return Month(self.year + years, month + 1)


def months_to_have(now: datetime) -> Iterator[Month]:
    """From the oldest month with an instant that is kept, to MONTHS_AHEAD; in order."""
    month, last = Month.of(now - KEPT), Month.of(now).after(MONTHS_AHEAD)
    while month <= last:
        yield month
        month = month.after(1)


def is_past(month: Month, now: datetime) -> bool:
    """Whether no event of the month is kept any more."""
    return month.end <= now - KEPT
