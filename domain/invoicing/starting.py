"""A subscription begins to be billed: at sign-up, at the end of its trial, beside another one it shares its days with.

Owns the first period and what it charges. Does not own who may start one, nor the trial itself.
"""

from datetime import date, datetime

from domain.invoicing.period import BoundaryFacts, BoundaryLines, close_period
from domain.invoicing.span import FirstPeriod, first_period
from domain.invoicing.terms import BillingTerms
from domain.periods import BillingInterval, local_day
from domain.subscription import BillingSubscription


def start(subscription: BillingSubscription, terms: BillingTerms, at: datetime) -> BoundaryLines:
    """What a sign-up bills: the first period in advance, in full, or a stub by its share. Not to be asked of a trial.

    `subscription.period` is what `first_period` (or `co_termed`) gave.
    """
    return close_period(BoundaryFacts(at, terms, opening=subscription))


def co_termed(on: date, interval: BillingInterval, beside: BillingSubscription) -> FirstPeriod:
    """The first period of a subscription that shares its billing days with another: a stub up to the next of them."""
    return first_period(on, beside.anchor.zone, interval, beside.anchor.on)


def after_trial(trial_end_at: datetime, zone: str, interval: BillingInterval) -> FirstPeriod:
    """The first paid period: counted anew from the local day on which the trial ends, and charged in full.

    A trial that ends in the middle of a day is followed by a period from that day's 00:00.
    """
    return first_period(local_day(trial_end_at, zone), zone, interval)
