"""What a request changes, taken apart: whether it runs at all, the plan, the interval, each component's quantity.

Owns direction: by catalog rank and quantity, never by price. Does not own when a part takes effect (timing.py).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from domain.plan_change.facts import PlanChangeFacts
from domain.plan_change.verdict import ChangeDirection, ChangeKind


class Axis(StrEnum):
    """The thing that moves; the interval is an axis of its own. STATUS: whether it runs, and is paid for."""

    STATUS = "STATUS"
    PLAN = "PLAN"
    INTERVAL = "INTERVAL"
    QUANTITY = "QUANTITY"


@dataclass(frozen=True, slots=True)
class ChangePart:
    """One thing that moves. For INTERVAL, UPGRADE means longer and DOWNGRADE shorter."""

    axis: Axis
    direction: ChangeDirection
    component: str | None = None


TURNS: Mapping[ChangeKind, ChangePart] = MappingProxyType(
    {
        ChangeKind.END_TRIAL: ChangePart(Axis.STATUS, ChangeDirection.UPGRADE),
        ChangeKind.CANCEL: ChangePart(Axis.STATUS, ChangeDirection.DOWNGRADE),
        ChangeKind.PAUSE: ChangePart(Axis.STATUS, ChangeDirection.DOWNGRADE),
        ChangeKind.RESUME: ChangePart(Axis.STATUS, ChangeDirection.UPGRADE),
    }
)
"""What each turn of a life moves. Only the end of a trial may come with other terms."""


def parts_of(facts: PlanChangeFacts) -> tuple[ChangePart, ...]:
    """The parts of a request in a fixed order: status, plan, interval, components. Empty when nothing would change."""
    kind = facts.request.kind
    parts = [TURNS[kind]] if kind in TURNS else []
    if kind not in (ChangeKind.SWITCH, ChangeKind.END_TRIAL):
        return tuple(parts)
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
    """The direction a person would call the whole: the plan's if it moves up or down, else that of the quantities, else
    that of the turn."""
    for axis in (Axis.PLAN, Axis.QUANTITY, Axis.STATUS):
        moves = {part.direction for part in parts if part.axis is axis} - {ChangeDirection.LATERAL}
        if len(moves) == 1:
            return moves.pop()
    return ChangeDirection.LATERAL


def _direction(old: int, new: int) -> ChangeDirection:
    if old == new:
        return ChangeDirection.LATERAL
    return ChangeDirection.UPGRADE if old < new else ChangeDirection.DOWNGRADE
