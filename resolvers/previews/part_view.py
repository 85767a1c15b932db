"""The parts of a change, each with its own date, as the graph's types read them."""

from dataclasses import dataclass
from datetime import datetime

from domain.plan_change.parts import Axis
from domain.plan_change.timing import PartTiming
from domain.plan_change.verdict import ChangeDirection, EffectiveTiming


@dataclass(frozen=True, slots=True)
class PartView:
    """One thing that moves, and when it would move alone."""

    axis: Axis
    component: str | None
    direction: ChangeDirection
    timing: EffectiveTiming
    effective_at: datetime
    rule: str
    sentence: str


def part_view(timing: PartTiming) -> PartView:
    """A part with the timing row that decided it."""
    part, row = timing.part, timing.row
    return PartView(part.axis, part.component, part.direction, row.then, timing.effective_at, row.code, row.sentence)
