"""What a subscription's periods are counted from: its first day, a day of the month, a date; and its first commitment.

Owns the choice, and the length of a first term. Does not own the calendar (periods.py), nor how a first period that
is a stub is billed (invoicing/).
"""

from calendar import monthrange
from dataclasses import replace
from datetime import date

from domain.errors import InvalidInput
from domain.periods import BillingAnchor, BillingInterval, Period, local_day, period_at
from domain.subscription import CommitmentTerm, following_term

_LAST_DAY = 31
_MOST_STEPS_BACK = 12


def anchor_date(
    on: date, interval: BillingInterval, anchor_day: int | None = None, anchor_on: date | None = None
) -> date:
    """The date that periods of a subscription starting `on` a local day are counted from.

    `anchor_day`: they begin on that day of the month, from the first one at or after the start; the 31st is the last
    day of shorter months. `anchor_on`: on that date of the year, or, by the month, on its day. Neither: on the day of
    the start. Raises InvalidInput naming `anchorDay` or `anchorOn`.
    """
    if anchor_day is not None and anchor_on is not None:
        raise InvalidInput(("anchorOn",), "Periods are counted from a day of the month or from a date, not both.", None)
    if anchor_on is not None:
        return anchor_on
    if anchor_day is None:
        return on
    if not 1 <= anchor_day <= _LAST_DAY:
        raise InvalidInput(("anchorDay",), f"A day of the month is between 1 and {_LAST_DAY}.", anchor_day)
    first = on.year * 12 + on.month - 1
    if _clamped(first, anchor_day) < on:
        first += 1
    # the day itself must survive: counted from 30 April it would be lost in May, so count from a month that has it
    months = (first - steps * interval.months for steps in range(_MOST_STEPS_BACK))
    return max((_clamped(month, anchor_day) for month in months), key=lambda each: (each.day, each))


def _clamped(month: int, day: int) -> date:
    """The day in month number `month` (of year × 12), the month's last where it is shorter."""
    year, month0 = divmod(month, 12)
    return date(year, month0 + 1, min(day, monthrange(year, month0 + 1)[1]))


def first_term(
    term: CommitmentTerm, anchor: BillingAnchor, interval: BillingInterval, first: Period, *, is_trial: bool
) -> CommitmentTerm:
    """The first commitment of a subscription, `term` being its id, months and notice; it ends on a boundary.

    It holds from the start of the `first` period, or from the end of that if it is a trial. Its months are counted
    from the first whole period, so that a stub comes on top of them.
    """
    start = first.end if is_trial else first.start
    around = period_at(anchor, interval, start)
    is_whole = local_day(around.start, anchor.zone) == local_day(start, anchor.zone)
    counted = following_term(term, anchor, around.start if is_whole else around.end, term.id)
    return replace(counted, start_at=start)
