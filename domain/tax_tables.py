"""How the tax tables grow: a new rate follows the one that runs at its place, and what was is never rewritten.

Owns which rate a new one closes and from which day on it may. Does not own which rate an account is taxed at (tax.py).
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from domain.errors import InvalidInput
from domain.tax import TaxRate

_EARLIEST_ZONE = timedelta(hours=14)
"""How far the first place on earth to begin a day is ahead of UTC."""


def first_untouched_day(now: datetime) -> date:
    """The first day that has begun nowhere yet: nothing can have been invoiced on it."""
    return (now.astimezone(UTC) + _EARLIEST_ZONE).date() + timedelta(days=1)


def closed_by(new: TaxRate, at_its_place: Sequence[TaxRate], now: datetime) -> TaxRate | None:
    """The rate that ends on the day the new one begins, with that day as its end; None: nothing runs there.

    The first rate of a place may have begun in the past. One that follows another begins after it, and on a day that
    nothing can have been invoiced on: else documents of a rate that was right would be found wrong. Raises
    InvalidInput naming `validFrom`.
    """
    newest = max(at_its_place, key=lambda rate: rate.valid_from, default=None)
    if newest is None:
        return None
    if new.valid_from <= newest.valid_from:
        message = f"A rate from {newest.valid_from} on is on the tables; a new one begins after it."
        raise InvalidInput(("validFrom",), message, new.valid_from)
    if newest.valid_until is not None and newest.valid_until <= new.valid_from:
        return None
    earliest = first_untouched_day(now)
    if new.valid_from < earliest:
        message = f"A rate is in force and stays so up to a day not yet begun: {earliest} is the first."
        raise InvalidInput(("validFrom",), message, new.valid_from)
    return replace(newest, valid_until=new.valid_from)
