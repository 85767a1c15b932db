"""The money of a turn taken at once: the last bill of an end, what a pause gives back, what a resume charges.

Owns which facts each is billed from. Does not own the arithmetic (domain/invoicing: ending.py, pausing.py).
"""

from domain.commands import Cancel
from domain.invoicing.bill import Bill, bill
from domain.invoicing.draft import BillingSpan
from domain.invoicing.ending import cut_at, end_now
from domain.invoicing.late import late_lines
from domain.invoicing.pausing import resume, unused_after
from domain.invoicing.period import BoundaryFacts, BoundaryLines, close_period
from domain.invoicing.span import span_of
from domain.invoicing.waiting import charge_lines
from domain.plan_change.course import course_at_once
from domain.plan_change.facts import PlanChangeFacts
from domain.plan_change.turning import ends_now
from domain.plan_change.verdict import ChangeKind
from domain.subscription import BillingSubscription, SubscriptionStatus


def closes(facts: PlanChangeFacts) -> bool:
    """Whether the turn, taken at once, bills what a period owes at its end: what finance left, and what came late."""
    match facts.request.kind:
        case ChangeKind.CANCEL:
            return ends_now(facts)
        case ChangeKind.RESUME:
            return course_at_once(facts).period != facts.subscription.period
        case _:
            return False


def closed_span(facts: PlanChangeFacts) -> BillingSpan | None:
    """The part of the present period that the turn ends; None where it goes on, is free, or nothing of it has passed.

    A subscription that is paused may have outlived the period it was paused in: that ends whole.
    """
    subscription = facts.subscription
    if not closes(facts) or subscription.status is SubscriptionStatus.TRIALING:
        return None
    span = span_of(subscription)
    return cut_at(span, facts.now) if subscription.period.contains(facts.now) else span


def last_bill(facts: PlanChangeFacts) -> Bill:
    """What an end at `facts.now` bills: use and quantities in arrears up to then, what came late and what finance left;
    less what is unused where that is given back. Of a trial nothing but what finance left.
    """
    terms, at, so_far = facts.terms, facts.now, facts.so_far
    turn = facts.request.turn
    gives_back = isinstance(turn, Cancel) and turn.credits_unused
    if facts.subscription.status is SubscriptionStatus.TRIALING:
        return close_period(BoundaryFacts(at, terms, charges=so_far.charges)).bill
    if so_far.closing is not None:
        return end_now(
            so_far.closing, terms, at, gives_back_unused=gives_back, late=so_far.late, charges=so_far.charges
        )
    zone, currency = terms.account.zone, terms.currency
    unused = unused_after(facts.debits, at, zone) if gives_back else ()
    found = [*unused, *(line for each in so_far.late for line in late_lines(each, currency, zone))]
    return bill([*found, *charge_lines(so_far.charges, found, zone)], terms, at, held=facts.debits)


def resume_bill(facts: PlanChangeFacts, after: BillingSubscription) -> BoundaryLines:
    """What a resume at `facts.now` bills, `after` being the subscription as it goes on: from then to its next boundary,
    and what the period it was paused in owes where that is over.
    """
    return resume(after, facts.terms, facts.now, facts.so_far.closing, facts.so_far.late)
