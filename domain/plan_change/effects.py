"""What a change does to the subscription itself: which item versions end, which begin, where it stands afterwards.

Owns the move. Does not own its money (delta.py), nor the writing of it (operations).
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType

from domain.ids import IdMaker, ItemId
from domain.notice import notice_at
from domain.plan_change.course import BillingCourse, kept_components
from domain.plan_change.facts import PlanChangeFacts
from domain.subscription import BillingSubscription, SubscriptionEvent, SubscriptionItem, SubscriptionStatus


@dataclass(frozen=True, slots=True)
class Move:
    """The subscription after a change taken `at`, the items that ended there and those that began."""

    at: datetime
    subscription: BillingSubscription
    closed: tuple[SubscriptionItem, ...]
    opened: tuple[SubscriptionItem, ...]


def move(
    facts: PlanChangeFacts,
    course: BillingCourse,
    ids: IdMaker,
    laid_out: Mapping[str, ItemId] = MappingProxyType({}),
) -> Move:
    """Put the subscription on the target at `facts.now`, billed along `course`; kept components keep their items.

    A trial ends with the change, at its instant; nobody is told of its end any more. `laid_out` are the ids of items
    that were told of before, by component.
    """
    old = facts.subscription
    kept = kept_components(facts, course)
    opened = tuple(
        SubscriptionItem(laid_out.get(component) or ItemId(ids.new()), component, price.id, quantity, facts.now)
        for component, quantity in facts.quantities.items()
        if component not in kept
        and (price := facts.target.price(component, facts.account.currency, facts.interval)) is not None
    )
    moved = replace(
        old.moved(SubscriptionEvent.PLAN_CHANGED),
        version=facts.target,
        interval=facts.interval,
        anchor=course.anchor,
        period=course.period,
        items=(*(item for item in old.items if item.component in kept), *opened),
    )
    if old.status is SubscriptionStatus.TRIALING:
        moved = replace(moved, trial_end_at=facts.now, notice_at=notice_at(moved, facts.now))
    return Move(facts.now, moved, tuple(item for item in old.items if item.component not in kept), opened)
