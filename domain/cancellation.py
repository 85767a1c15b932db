"""When a subscription ends that its customer cancels: with its period, or with its commitment.

Owns the instant and its reason. Does not own what ending it bills (invoicing/ending.py) nor who may ask (operations).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from domain.ids import CommitmentId
from domain.periods import local_day, period_at
from domain.subscription import BillingSubscription, CommitmentTerm, following_term


class EndReason(StrEnum):
    """Why a subscription ends when it does."""

    NOW = "NOW"
    END_OF_PERIOD = "END_OF_PERIOD"
    END_OF_TERM = "END_OF_TERM"
    END_OF_NEXT_TERM = "END_OF_NEXT_TERM"
    END_OF_NOTICE = "END_OF_NOTICE"


@dataclass(frozen=True, slots=True)
class Ending:
    """The instant a subscription ends at, and why then."""

    at: datetime
    reason: EndReason


def ending_of(subscription: BillingSubscription, now: datetime) -> Ending:
    """When a subscription ends that is cancelled `now`, of its own accord and not at once.

    With the running period (a trial: with the trial). Inside a commitment with its term, or, once the notice date has
    passed, with the one it then renews into. A term that ends inside a period takes that with it. A trial that a
    commitment follows is still free to go.
    """
    term = subscription.commitment
    if term is None or not term.start_at < subscription.period.end <= term.end_at:
        return Ending(subscription.period.end, EndReason.END_OF_PERIOD)
    if is_in_notice(term, now, subscription.anchor.zone):
        return Ending(boundary_from(subscription, term.end_at), EndReason.END_OF_TERM)
    renews_at = boundary_from(subscription, term.end_at)
    following = following_term(term, subscription.anchor, renews_at, CommitmentId(term.id))
    return Ending(boundary_from(subscription, following.end_at), EndReason.END_OF_NEXT_TERM)


def is_in_notice(term: CommitmentTerm, now: datetime, zone: str) -> bool:
    """Whether there is time yet to end the term: up to the end of its notice date, a local day."""
    return local_day(now, zone) <= local_day(term.end_at, zone) - timedelta(days=term.notice_days)


def boundary_from(subscription: BillingSubscription, instant: datetime) -> datetime:
    """The first boundary of a subscription at or after an instant, not before the end of its running period."""
    if instant <= subscription.period.end:
        return subscription.period.end
    around = period_at(subscription.anchor, subscription.interval, instant)
    return instant if around.start == instant else around.end
