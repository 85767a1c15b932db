"""What follows from not paying, as a table: on which day after the due date what is done, and how the account stands.

Owns the days, what happens on each, and the standing that follows. Not owned here: doing it (operations), what a
standing forbids (policy and entitlements), and the present: `today` is the account's own local day.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from domain.periods import start_of_day


class Standing(StrEnum):
    """How an account stands with its payments, from best to worst."""

    GOOD = "GOOD"
    OVERDUE = "OVERDUE"
    CHANGES_BLOCKED = "CHANGES_BLOCKED"
    SUSPENDED = "SUSPENDED"


class DunningAction(StrEnum):
    """What happens on a day: charge the stored method, first or again; remind; block changes; suspend access."""

    COLLECT = "COLLECT"
    REMIND = "REMIND"
    RETRY = "RETRY"
    BLOCK_CHANGES = "BLOCK_CHANGES"
    SUSPEND = "SUSPEND"


_A = DunningAction
CHARGES = frozenset({_A.COLLECT, _A.RETRY})
"""The actions that ask the provider for money."""


@dataclass(frozen=True, slots=True)
class DunningStep:
    """What is done once an unpaid invoice is so many days past its due date. Day 0 is the due date itself."""

    day: int
    actions: tuple[DunningAction, ...]

    @property
    def standing(self) -> Standing:
        """How the account stands from this day on, by what this step does."""
        if _A.SUSPEND in self.actions:
            return Standing.SUSPENDED
        if _A.BLOCK_CHANGES in self.actions:
            return Standing.CHANGES_BLOCKED
        return Standing.OVERDUE if self.day > 0 else Standing.GOOD

    @property
    def charges(self) -> bool:
        """Whether the stored method is charged."""
        return not CHARGES.isdisjoint(self.actions)


# changes are blocked long before access is reduced: law L36
DUNNING: tuple[DunningStep, ...] = (
    DunningStep(0, (_A.COLLECT,)),
    DunningStep(1, (_A.REMIND,)),
    DunningStep(3, (_A.REMIND, _A.RETRY)),
    DunningStep(7, (_A.REMIND, _A.RETRY)),
    DunningStep(14, (_A.REMIND, _A.RETRY, _A.BLOCK_CHANGES)),
    DunningStep(21, (_A.REMIND, _A.RETRY)),
    DunningStep(30, (_A.REMIND, _A.SUSPEND)),
)


def _from_worst(table: Sequence[DunningStep]) -> list[DunningStep]:
    order = list(Standing)
    return sorted(table, key=lambda step: (-order.index(step.standing), step.day))


def days_overdue(oldest_due_on: date | None, today: date) -> int:
    """Whole days since the oldest unpaid invoice was due; 0 on the due date itself, before it, or with none unpaid."""
    return 0 if oldest_due_on is None else max(0, (today - oldest_due_on).days)


def standing(oldest_due_on: date | None, today: date, table: Sequence[DunningStep] = DUNNING) -> Standing:
    """The account's standing on its local day `today`, given when its oldest unpaid invoice was due (None: none is).

    The worst of the steps reached counts, in whatever order the table is written: a later reminder does not soften an
    earlier block. Paying restores: nothing is remembered.
    """
    overdue = days_overdue(oldest_due_on, today)
    if overdue == 0:
        return Standing.GOOD
    return next((step.standing for step in _from_worst(table) if 0 < step.day <= overdue), Standing.GOOD)


def from_day(of: Standing, table: Sequence[DunningStep] = DUNNING) -> int:
    """The first day overdue on which an account stands so, or worse. Raises ValueError where the table never goes so
    far.
    """
    order = list(Standing)
    return min(step.day for step in table if order.index(step.standing) >= order.index(of))


def suspended_from(oldest_due_on: date | None, zone: str, table: Sequence[DunningStep] = DUNNING) -> datetime | None:
    """The instant from which access is suspended if nothing is paid: 00:00 local of that day. None: nothing is unpaid.

    Entitlements narrow at this instant whether or not any job has run by then.
    """
    if oldest_due_on is None:
        return None
    return start_of_day(oldest_due_on + timedelta(days=from_day(Standing.SUSPENDED, table)), zone)


def step_at(step: DunningStep, due_on: date, zone: str, finalised_at: datetime) -> datetime:
    """When a step of an invoice is taken: 00:00 local of its day, and never before the invoice was final.

    So an invoice due on receipt is collected the moment it is issued, one on terms as its due day begins.
    """
    return max(finalised_at, start_of_day(due_on + timedelta(days=step.day), zone))


def next_step(taken: Iterable[int], table: Sequence[DunningStep] = DUNNING) -> DunningStep | None:
    """The step after those of the days `taken` (none before the first); None when the table is at its end."""
    last = max(taken, default=-1)
    return min((step for step in table if step.day > last), key=lambda step: step.day, default=None)


def next_step_at(
    taken: Iterable[int], due_on: date, zone: str, finalised_at: datetime, table: Sequence[DunningStep] = DUNNING
) -> datetime | None:
    """When an unpaid invoice asks for attention next, given the days of the steps it has had; None: never again."""
    step = next_step(taken, table)
    return None if step is None else step_at(step, due_on, zone, finalised_at)
