"""How a subscription's period is billed: what a whole one is, and how a first one comes about.

Owns stubs: the first period of a subscription that is billed on another day than it began on. Does not own the calendar
(periods.py).
"""

from dataclasses import dataclass
from datetime import date

from domain.invoicing.draft import BillingSpan
from domain.periods import BillingAnchor, BillingInterval, Period, period_at, start_of_day, whole_around
from domain.subscription import BillingSubscription


@dataclass(frozen=True, slots=True)
class FirstPeriod:
    """From where a subscription is counted, and its first billing period: a whole one, or a stub."""

    anchor: BillingAnchor
    period: Period


def first_period(on: date, zone: str, interval: BillingInterval, anchor_on: date | None = None) -> FirstPeriod:
    """The first period of a subscription that starts on a local day, which counts whole.

    Without `anchor_on` periods are counted from that day. Else they begin on its day of the month (for a year, on its
    day and month; any year will do): the first one is then a stub, up to the next such day. An anchor on the 31st is
    the last day of shorter months.
    """
    anchor = BillingAnchor(anchor_on or on, zone)
    start = start_of_day(on, zone)
    return FirstPeriod(anchor, Period(start, period_at(anchor, interval, start).end))


def span_of(subscription: BillingSubscription, window: Period | None = None) -> BillingSpan:
    """The present billing period, the part of it that is charged for (all of it unless said), and a whole one."""
    period = subscription.period
    return BillingSpan(period, window or period, whole_of(subscription, period))


def is_moved(subscription: BillingSubscription) -> bool:
    """Whether the present period is not one of its calendar: a new zone has moved one of its ends, or it is a stub."""
    period = subscription.period
    return period_at(subscription.anchor, subscription.interval, period.start) != period


def whole_of(subscription: BillingSubscription, period: Period) -> Period:
    """The whole billing period that a price is for: `period` itself, but for the stub a subscription began with.

    A boundary that a new zone has moved by hours makes no stub.
    """
    if period.start != subscription.started_at:
        return period
    return whole_around(period, subscription.anchor, subscription.interval)
