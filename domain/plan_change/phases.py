"""Later steps of a ramp as they are asked for and stored: what a step may say of its day, and its JSON.

Owns what is wrong with a step by itself, by its field. Does not own which boundary its day comes to (ramp.py).
"""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from domain.commands import Phase
from domain.errors import InvalidInput
from domain.ids import PlanId, PlanVersionId
from domain.periods import BillingInterval

MOST_PHASES = 12
"""How many later steps a ramp has at most."""
MOST_PERIODS = 120
"""How many billing periods a phase lasts at most where it is said in periods."""
MOST_YEARS = 10
"""How far ahead a step may lie."""


def checked_phases(phases: tuple[Phase, ...], today: date) -> tuple[Phase, ...]:
    """Phases that can be read, in order, on the account's own day. Raises InvalidInput naming `phases` or the field."""
    if len(phases) > MOST_PHASES:
        raise InvalidInput(("phases",), f"At most {MOST_PHASES} later steps.", len(phases))
    last = today
    for index, phase in enumerate(phases):
        path = ("phases", str(index))
        if (phase.on is None) == (phase.after_periods is None):
            raise InvalidInput(
                (*path, "on"), "A step says its day, or how many periods later: one of the two.", phase.on
            )
        if phase.after_periods is not None and not 1 <= phase.after_periods <= MOST_PERIODS:
            message = f"A phase lasts 1 to {MOST_PERIODS} billing periods."
            raise InvalidInput((*path, "afterPeriods"), message, phase.after_periods)
        if phase.on is not None:
            if phase.on <= last:
                message = f"A step comes after today and after the step before it: after {last.isoformat()}."
                raise InvalidInput((*path, "on"), message, phase.on)
            last = phase.on
    return phases


def phase_json(phase: Phase) -> dict[str, Any]:
    """A phase as requests store it; `phase_of` reads it back."""
    return {
        "on": phase.on.isoformat() if phase.on else None,
        "afterPeriods": phase.after_periods,
        "plan": phase.plan_id.hex if phase.plan_id else None,
        "interval": phase.interval.value if phase.interval else None,
        "quantities": [list(each) for each in phase.quantities],
        "version": phase.version_id.hex if phase.version_id else None,
    }


def phase_of(stored: Mapping[str, Any]) -> Phase:
    """A phase as `phase_json` wrote it."""
    return Phase(
        on=date.fromisoformat(stored["on"]) if stored["on"] else None,
        after_periods=stored["afterPeriods"],
        plan_id=PlanId(UUID(stored["plan"])) if stored["plan"] else None,
        interval=BillingInterval(stored["interval"]) if stored["interval"] else None,
        quantities=tuple((component, units) for component, units in stored["quantities"]),
        version_id=PlanVersionId(UUID(stored["version"])) if stored["version"] else None,
    )
