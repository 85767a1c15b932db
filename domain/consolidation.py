"""When a parent account's consolidated invoice is made: its day of the month, in its own zone.

Owns the calendar of it. Does not own which invoices are on it (operations) nor the document (db).
"""

from datetime import date, datetime

from domain.errors import InvalidInput
from domain.periods import local_day, start_of_day

LAST_DAY = 28
"""The latest day that every month has."""


def next_consolidation_at(day: int, zone: str, after: datetime) -> datetime:
    """The first 00:00 local of that day of a month that lies after the instant given.

    Raises InvalidInput naming `day` for one that some month does not have.
    """
    if not 1 <= day <= LAST_DAY:
        raise InvalidInput(("day",), f"The day is between 1 and {LAST_DAY}, so that every month has it.", day)
    today = local_day(after, zone)
    this_month = start_of_day(date(today.year, today.month, day), zone)
    if this_month > after:
        return this_month
    years, month = divmod(today.month, 12)
    return start_of_day(date(today.year + years, month + 1, day), zone)
