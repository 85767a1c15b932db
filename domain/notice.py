"""When a customer is told what comes next by itself: the end of a trial, the renewal of a commitment.

Owns the instants. Does not own telling (operations/periods/give_notice.py).
"""

from datetime import datetime, timedelta

from domain.periods import local_day, start_of_day
from domain.subscription import BillingSubscription, SubscriptionStatus

TRIAL_NOTICE = timedelta(days=3)
"""How long before its end a trial is said to end."""


def notice_at(subscription: BillingSubscription, since: datetime) -> datetime | None:
    """When there is something to tell next, as things stand since an instant; None: nothing, or it has been told.

    A trial that is shorter than its notice is announced as it begins; a commitment on its notice date at 00:00 local,
    the last day on which it can be ended, and not at all where it is to end anyway.
    """
    if subscription.cancel_at is not None or subscription.ended_at is not None:
        return None
    match subscription.status:
        case SubscriptionStatus.TRIALING:
            return max(subscription.started_at, subscription.period.end - TRIAL_NOTICE)
        case SubscriptionStatus.ACTIVE if subscription.commitment is not None:
            zone, term = subscription.anchor.zone, subscription.commitment
            day = local_day(term.end_at, zone) - timedelta(days=term.notice_days)
            told_at = max(term.start_at, start_of_day(day, zone))
            return told_at if told_at >= since else None
        case _:
            return None
