"""What follows from not paying, as a table: from which day overdue an account stands how.

Owns the days and the standing. Not owned here: reminders and retries (the worker's), what a standing forbids (policy
and entitlements), and the present: `today` is the account's own local day.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Standing(StrEnum):
    """How an account stands with its payments, from best to worst."""

    GOOD = "GOOD"
    OVERDUE = "OVERDUE"
    CHANGES_BLOCKED = "CHANGES_BLOCKED"
    SUSPENDED = "SUSPENDED"


@dataclass(frozen=True, slots=True)
class DunningStep:
    """From this many days after the due date the account stands so."""

    from_days_overdue: int
    standing: Standing


# changes are blocked long before access is reduced: law L36
DUNNING: tuple[DunningStep, ...] = (
    DunningStep(1, Standing.OVERDUE),
    DunningStep(14, Standing.CHANGES_BLOCKED),
    DunningStep(30, Standing.SUSPENDED),
)


def days_overdue(oldest_due_on: date | None, today: date) -> int:
    """Whole days since the oldest unpaid invoice was due; 0 on the due date itself, before it, or with none unpaid."""
    return 0 if oldest_due_on is None else max(0, (today - oldest_due_on).days)


def standing(oldest_due_on: date | None, today: date, table: Sequence[DunningStep] = DUNNING) -> Standing:
    """The account's standing on its local day `today`, given when its oldest unpaid invoice was due (None: none is).

    The furthest step reached counts, in whatever order the table is written. Paying restores: nothing is remembered.
    """
    overdue = days_overdue(oldest_due_on, today)
    reached = [step for step in table if 0 < step.from_days_overdue <= overdue]
    return max(reached, key=lambda step: step.from_days_overdue).standing if reached else Standing.GOOD
