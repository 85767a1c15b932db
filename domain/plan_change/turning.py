"""Where a subscription stands after another turn of its life: paused, resumed, or ended.

Owns the subscription itself. Does not own the money of a turn (turn_money.py), the end of a trial, which is a change of
terms like another (effects.py), nor the writing of it (operations).
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from uuid import UUID

from domain.commands import Cancel, Pause
from domain.ids import IdMaker, ItemId
from domain.invoicing.pausing import held_when_paused, resumed_period
from domain.notice import notice_at
from domain.plan_change.facts import PlanChangeFacts
from domain.plan_change.verdict import ChangeKind
from domain.subscription import TRANSITIONS, BillingSubscription, SubscriptionEvent, SubscriptionStatus

_TURNS: Mapping[ChangeKind, SubscriptionEvent] = MappingProxyType(
    {
        ChangeKind.CANCEL: SubscriptionEvent.CANCELLED,
        ChangeKind.PAUSE: SubscriptionEvent.PAUSED,
        ChangeKind.RESUME: SubscriptionEvent.RESUMED,
    }
)


@dataclass(slots=True)
class UnwrittenIds:
    """Ids of what is not written: told apart from each other, the same ones each time, and meant for nobody."""

    last: int = 0

    def new(self) -> UUID:
        """The next one."""
        self.last += 1
        return UUID(int=self.last)


def is_turn(facts: PlanChangeFacts) -> bool:
    """Whether the subscription would end, rest or go on, and its terms stay."""
    return facts.request.kind in _TURNS


def is_impossible(facts: PlanChangeFacts) -> bool:
    """Whether the subscription cannot take this turn from where it stands, or has ended, whatever the policy says."""
    event = _TURNS.get(facts.request.kind)
    is_no_turn = event is not None and (facts.subscription.status, event) not in TRANSITIONS
    return is_no_turn or has_ended(facts)


def has_ended(facts: PlanChangeFacts) -> bool:
    """Whether nothing can happen to the subscription any more."""
    return facts.subscription.ended_at is not None


def ends_now(facts: PlanChangeFacts) -> bool:
    """Whether an end is asked for at once, or of a subscription that is paused, when no period runs to end with."""
    turn = facts.request.turn
    is_paused = facts.subscription.status is SubscriptionStatus.PAUSED
    return isinstance(turn, Cancel) and (turn.is_immediate or is_paused)


def paused(facts: PlanChangeFacts) -> BillingSubscription:
    """The subscription at rest from `facts.now` on, without items. Raises InvalidTransition for one that cannot."""
    turn = facts.request.turn
    return replace(
        facts.subscription.moved(SubscriptionEvent.PAUSED),
        items=(),
        paused_at=facts.now,
        resumes_at=turn.resumes_at if isinstance(turn, Pause) else None,
        notice_at=None,
    )


def resumed(facts: PlanChangeFacts, ids: IdMaker) -> BillingSubscription:
    """The subscription with the items it was paused with, each a new version, in the period around `facts.now`.

    A commitment goes on for as long as the pause was. Raises InvalidTransition for one that is not paused.
    """
    before, at = facts.subscription, facts.now
    paused_at = before.paused_at or at
    active = before.moved(SubscriptionEvent.RESUMED)
    items = tuple(
        replace(held.item, id=ItemId(ids.new()), valid_from=at, valid_until=None)
        for held in held_when_paused(facts.held, before.version.id, paused_at)
    )
    term = before.commitment
    after = replace(
        active,
        items=items,
        period=resumed_period(before, at),
        commitment=term and replace(term, end_at=term.end_at + (at - paused_at)),
        paused_at=None,
        resumes_at=None,
    )
    return replace(after, notice_at=notice_at(after, at))
