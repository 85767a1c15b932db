"""What a request changes, taken apart: the plan, the interval, the quantity of each component.

Owns direction: by catalog rank and quantity, never by price. Does not own when a part takes effect (timing.py).
"""

from dataclasses import dataclass
from enum import StrEnum

from domain.plan_change.facts import PlanChangeFacts
from domain.plan_change.verdict import ChangeDirection


class Axis(StrEnum):
    """The thing that moves; the interval is an axis of its own."""

    PLAN = "PLAN"
    INTERVAL = "INTERVAL"
    QUANTITY = "QUANTITY"


@dataclass(frozen=True, slots=True)
class ChangePart:
    """One thing that moves. For INTERVAL, UPGRADE means longer and DOWNGRADE shorter."""

    axis: Axis
    direction: ChangeDirection
    component: str | None = None


def parts_of(facts: PlanChangeFacts) -> tuple[ChangePart, ...]:
    """The parts of a request in a fixed order: plan, interval, components. Empty when nothing would change."""
    parts: list[ChangePart] = []
    old, new = facts.subscription.version.plan, facts.target.plan
    if facts.subscription.version.id != facts.target.id:
        parts.append(ChangePart(Axis.PLAN, _direction(old.rank, new.rank)))
    if facts.subscription.interval is not facts.interval:
        parts.append(ChangePart(Axis.INTERVAL, _direction(facts.subscription.interval.months, facts.interval.months)))
    before = facts.subscription.quantities
    for component, quantity in sorted(facts.quantities.items()):
        # a component only one of the two plans has comes and goes with the plan: it is no part of its own
        if component in before and before[component] != quantity:
            parts.append(ChangePart(Axis.QUANTITY, _direction(before[component], quantity), component))
    return tuple(parts)


def overall_direction(parts: tuple[ChangePart, ...]) -> ChangeDirection:
    """The direction a person would call the whole: the plan's if it moves up or down, else that of the quantities."""
    for axis in (Axis.PLAN, Axis.QUANTITY):
        moves = {part.direction for part in parts if part.axis is axis} - {ChangeDirection.LATERAL}
        if len(moves) == 1:
            return moves.pop()
    return ChangeDirection.LATERAL


def _direction(old: int, new: int) -> ChangeDirection:
    if old == new:
        return ChangeDirection.LATERAL
    return ChangeDirection.UPGRADE if old < new else ChangeDirection.DOWNGRADE
