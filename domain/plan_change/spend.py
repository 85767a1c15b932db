"""What an account's billing period comes to with a change, before tax: what its agreed cap is held against.

Owns which amounts count. A change taken at once in a running period adds its delta to what was charged so far; one that
begins a new period, now or on its day, is charged that period in full. The running periods of the account's other
subscriptions count with it. Does not own the amounts themselves (delta.py, invoicing/).
"""

from collections.abc import Mapping
from dataclasses import dataclass

from domain.catalog import PlanVersion
from domain.invoicing.bill import bill
from domain.invoicing.charged import charged_in
from domain.invoicing.regular import regular_lines
from domain.money import Money
from domain.periods import BillingInterval, Period
from domain.plan_change.course import course_at_boundary, course_at_once
from domain.plan_change.delta import delta_of
from domain.plan_change.facts import PlanChangeFacts
from domain.plan_change.parts import parts_of
from domain.plan_change.timing import timing_of


@dataclass(frozen=True, slots=True)
class Spend:
    """`charged` so far, and what this `change` adds. `is_more`: without the change the period would come to less."""

    charged: Money
    change: Money
    is_more: bool

    @property
    def total(self) -> Money:
        """Both."""
        return self.charged + self.change


def spend_of(facts: PlanChangeFacts) -> Spend:
    """What the billing period comes to that the change is billed in."""
    currency, own = facts.account.currency, facts.subscription
    others = facts.others_charged or Money.zero(currency)
    at = max((timing_of(facts, part).effective_at for part in parts_of(facts)), default=facts.now)
    if facts.is_due or at > facts.now:
        period = course_at_boundary(facts).period
    else:
        course = course_at_once(facts)
        if not course.is_new:
            delta = delta_of(facts).bill.net
            return Spend(charged_in(own.period, facts.debits, currency) + others, delta, delta.minor > 0)
        period = course.period
    stays = _in_full(facts, own.version, own.interval, own.quantities, period)
    comes = _in_full(facts, facts.target, facts.interval, facts.quantities, period)
    return Spend(others, comes, comes.minor > stays.minor)


def _in_full(
    facts: PlanChangeFacts,
    version: PlanVersion,
    interval: BillingInterval,
    quantities: Mapping[str, int],
    period: Period,
) -> Money:
    """What a whole period is charged in advance, less its discounts, before tax."""
    account = facts.account
    lines = regular_lines(version, account.currency, interval, quantities, period, account.zone)
    return bill(lines, facts.terms.opened(period), facts.now).net
