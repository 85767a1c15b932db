"""A change that begins a new period ends the old one early: what that owes in arrears is billed at once.

Owns which part of the old period ends, and its bill. Does not own the delta (delta.py), whose credits count in the old
period's minimum and maximum.
"""

from domain.invoicing.bill import Bill
from domain.invoicing.closing import Closing, credited_in
from domain.invoicing.draft import BillingSpan
from domain.invoicing.ending import cut_at
from domain.invoicing.period import BoundaryFacts, close_period
from domain.invoicing.span import span_of
from domain.plan_change.course import course_at_once
from domain.plan_change.delta import DeltaCharge
from domain.plan_change.facts import PlanChangeFacts
from domain.subscription import SubscriptionStatus


def ended_span(facts: PlanChangeFacts) -> BillingSpan | None:
    """The part of the present period that a change taken at once ends; None where the period goes on, or is a trial."""
    course = course_at_once(facts)
    if not course.is_new or facts.subscription.status is SubscriptionStatus.TRIALING:
        return None
    return cut_at(span_of(facts.subscription), course.period.start)


def early_close(facts: PlanChangeFacts, delta: DeltaCharge, closing: Closing, late: tuple[Closing, ...] = ()) -> Bill:
    """What the ended part owes in arrears, an invoice beside that of the delta; empty where it owes nothing.

    `closing` is of `ended_span`, as the books stand before the delta; `late` are periods before it whose use has
    changed since.
    """
    ended_at = closing.span.period.end
    as_credited = credited_in(closing, delta.lines, ended_at)
    return close_period(BoundaryFacts(facts.now, facts.terms, closing=as_credited, late=late)).bill
