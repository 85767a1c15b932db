"""From where and how far a subscription is billed once it is changed: at once, or at the end of its period.

Owns the billing period and anchor that follow a change, and which components it leaves alone. Does not own when the
change takes effect (timing.py) nor what it costs (delta.py).
"""

from dataclasses import dataclass

from domain.invoicing.pausing import resumed_period
from domain.periods import BillingAnchor, Period, local_day, next_period, period_at, start_of_day
from domain.plan_change.facts import PlanChangeFacts
from domain.plan_change.parts import parts_of
from domain.plan_change.timing import starts_new_period, timing_of
from domain.plan_change.verdict import ChangeKind


@dataclass(frozen=True, slots=True)
class BillingCourse:
    """From where and how far a subscription is billed. `is_new`: the change itself begins the period, on its day."""

    anchor: BillingAnchor
    period: Period
    is_new: bool


def present_course(facts: PlanChangeFacts) -> BillingCourse:
    """What the subscription is on now."""
    return BillingCourse(facts.subscription.anchor, facts.subscription.period, is_new=False)


def course_at_once(facts: PlanChangeFacts) -> BillingCourse:
    """The same period when the interval stays; else a new one from 00:00 of the account's day, charged in full.

    What is resumed goes on in the period the instant falls in, on the anchor it had.
    """
    if facts.request.kind is ChangeKind.RESUME:
        return BillingCourse(facts.subscription.anchor, resumed_period(facts.subscription, facts.now), is_new=False)
    if not starts_new_period(facts, tuple(timing_of(facts, part) for part in parts_of(facts))):
        return present_course(facts)
    zone = facts.account.zone
    today = local_day(facts.now, zone)
    anchor = BillingAnchor(today, zone)
    start = start_of_day(today, zone)
    return BillingCourse(anchor, Period(start, period_at(anchor, facts.interval, start).end), is_new=True)


def course_at_boundary(facts: PlanChangeFacts) -> BillingCourse:
    """The period that follows the present one if the change is taken at its end.

    The anchor stays wherever the boundary is one of the new interval too; a longer interval may have none there, and
    then counts from that day.
    """
    anchor, interval, present = facts.subscription.anchor, facts.interval, facts.subscription.period
    if period_at(anchor, interval, present.end).start != present.end:
        anchor = BillingAnchor(local_day(present.end, anchor.zone), anchor.zone)
    return BillingCourse(anchor, next_period(anchor, interval, present), is_new=False)


def kept_components(facts: PlanChangeFacts, course: BillingCourse) -> frozenset[str]:
    """Components whose price and quantity stay as they are: nothing is credited or charged, their items run on."""
    subscription = facts.subscription
    if course.is_new or (subscription.version.id, subscription.interval) != (facts.target.id, facts.interval):
        return frozenset()
    now, then = subscription.quantities, facts.quantities
    return frozenset(component for component in now.keys() & then.keys() if now[component] == then[component])
