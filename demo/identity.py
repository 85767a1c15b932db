"""Ids of the demo: a maker that gives the same ids in the same order every day.

Owns how a name and an instant become ids. Does not own their layout (domain/ids.py). Never used beside real customers:
these ids can be foretold.
"""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from demo.chance import Chance
from domain.ids import RANDOM_BITS, uuid7

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


def milliseconds(instant: datetime) -> int:
    """Whole milliseconds since 1970, as a UUIDv7 counts them."""
    return (instant - _EPOCH) // _MILLISECOND


class SeededIds:
    """An `IdMaker` whose random part comes from `seed` and whose time is the simulated instant it is set to."""

    def __init__(self, seed: str, at: datetime) -> None:
        """`seed` is what sets this maker's ids apart from another's; `at` is aware."""
        self._chance = Chance(seed)
        self._at_ms = milliseconds(at)

    def at(self, instant: datetime) -> "SeededIds":
        """The same maker at another instant of the story: ids made from now on carry that time."""
        self._at_ms = milliseconds(instant)
        return self

    def new(self) -> UUID:
        """The next id."""
        return uuid7(self._at_ms, self._chance.bits(RANDOM_BITS))
