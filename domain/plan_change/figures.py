"""The numbers behind a reason, by name, in the text form they are shown in.

Owns how a fact is put into a customer's sentence. Does not own the sentences (policy.py).
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from types import MappingProxyType

from domain.cancellation import ending_of
from domain.periods import local_day
from domain.plan_change.entitlement_change import SEATS, EntitlementChange, entitlement_changes
from domain.plan_change.facts import PlanChangeFacts

FigureOf = Callable[[PlanChangeFacts], str]


def _plain(number: Decimal) -> str:
    return f"{number.normalize():f}"


def _seats(facts: PlanChangeFacts) -> EntitlementChange | None:
    return next((change for change in entitlement_changes(facts) if change.feature.code == SEATS), None)


def _seats_in_use(facts: PlanChangeFacts) -> str:
    return _plain(facts.usage.get(SEATS, Decimal(0)))


def _seats_in_new_plan(facts: PlanChangeFacts) -> str:
    seats = _seats(facts)
    return "0" if seats is None or not seats.after.limit else str(seats.after.limit)


def _seats_too_many(facts: PlanChangeFacts) -> str:
    seats = _seats(facts)
    return "0" if seats is None else _plain(seats.excess)


def _does_not_fit(facts: PlanChangeFacts) -> str:
    return "; ".join(
        f"{change.feature.name}: {_plain(change.used)} in use, {change.after.limit or 0} in the new plan"
        for change in entitlement_changes(facts)
        if not change.fits and change.feature.code != SEATS and change.used is not None
    )


def _features_lost(facts: PlanChangeFacts) -> str:
    return ", ".join(change.feature.name for change in entitlement_changes(facts) if change.is_lost)


def _day(facts: PlanChangeFacts, instant: datetime) -> str:
    return local_day(instant, facts.account.zone).isoformat()


FIGURES: Mapping[str, FigureOf] = MappingProxyType(
    {
        "status": lambda facts: facts.subscription.status.value.lower(),
        "role": lambda facts: facts.role.value if facts.role else "none",
        "seats_in_use": _seats_in_use,
        "seats_in_new_plan": _seats_in_new_plan,
        "seats_too_many": _seats_too_many,
        "does_not_fit": _does_not_fit,
        "features_lost": _features_lost,
        "amount_overdue": lambda facts: f"{facts.overdue.amount()} {facts.overdue.currency}",
        "overdue_since": lambda facts: facts.oldest_overdue.due_on.isoformat() if facts.oldest_overdue else "",
        "invoice_number": lambda facts: facts.oldest_overdue.number if facts.oldest_overdue else "",
        "current_plan": lambda facts: facts.subscription.version.plan.name,
        "new_plan": lambda facts: facts.target.plan.name,
        "currency": lambda facts: facts.account.currency,
        "interval": lambda facts: facts.interval.value.lower(),
        "pending_plan": lambda facts: facts.pending.plan_name if facts.pending else "",
        "pending_on": lambda facts: _day(facts, facts.pending.effective_at) if facts.pending else "",
        "changes_last_day": lambda facts: str(facts.changes_last_day),
        "upgraded_on": lambda facts: _day(facts, facts.upgraded_at) if facts.upgraded_at else "",
        "term_ends_on": lambda facts: (
            _day(facts, facts.subscription.commitment.end_at) if facts.subscription.commitment else ""
        ),
        "ends_on": lambda facts: _day(facts, ending_of(facts.subscription, facts.now).at),
        "cancelled_on": lambda facts: _day(facts, facts.subscription.cancel_at) if facts.subscription.cancel_at else "",
        "period_ends_on": lambda facts: _day(facts, facts.subscription.period.end),
    }
)
"""Figure name -> how it is read from the facts. A rule names the figures it shows; docs and tests read this table."""
