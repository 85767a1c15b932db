"""The numbers behind a reason, by name, in the text form they are shown in.

Owns how a fact is put into a customer's sentence. Does not own the sentences (policy.py).
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from types import MappingProxyType

from domain.account_terms import LARGEST_DISCOUNT_PERCENT
from domain.money import Money
from domain.percent import percent_words, share_of
from domain.periods import local_day
from domain.plan_change.entitlement_change import SEATS, EntitlementChange, entitlement_changes
from domain.plan_change.facts import PlanChangeFacts
from domain.plan_change.spend import spend_of
from domain.plan_change.timing import ending_with_notice, instant_of
from domain.plan_change.verdict import EffectiveTiming

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
        if change.no_longer_fits and change.feature.code != SEATS and change.used is not None
    )


def _features_lost(facts: PlanChangeFacts) -> str:
    return ", ".join(change.feature.name for change in entitlement_changes(facts) if change.is_lost)


def _day(facts: PlanChangeFacts, instant: datetime) -> str:
    return local_day(instant, facts.account.zone).isoformat()


def _amount(amount: Money) -> str:
    return f"{amount.amount()} {amount.currency}"


def _no_downgrade_until(facts: PlanChangeFacts) -> str:
    until = facts.agreement.no_downgrade_until if facts.agreement else None
    return _day(facts, until) if until else ""


def _allowed_plans(facts: PlanChangeFacts) -> str:
    return ", ".join(plan.name for plan in facts.agreement.allowed_plans or ()) if facts.agreement else ""


def _agreed_discount(facts: PlanChangeFacts) -> str:
    percent = facts.agreement.discount_percent if facts.agreement else None
    return percent_words(share_of(percent)) if percent is not None else ""


def _spend_cap(facts: PlanChangeFacts) -> str:
    cap = facts.agreement.spend_cap if facts.agreement else None
    return _amount(cap) if cap is not None else ""


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
        "ends_on": lambda facts: _day(facts, ending_with_notice(facts).at),
        "cancelled_on": lambda facts: _day(facts, facts.subscription.cancel_at) if facts.subscription.cancel_at else "",
        "country": lambda facts: facts.account.country,
        "no_downgrade_until": _no_downgrade_until,
        "notice_days": lambda facts: str(facts.agreement.notice_days if facts.agreement else 0),
        "notice_ends_on": lambda facts: _day(facts, instant_of(facts, EffectiveTiming.END_OF_NOTICE)),
        "allowed_plans": _allowed_plans,
        "agreed_discount": _agreed_discount,
        "largest_discount": lambda facts: percent_words(share_of(LARGEST_DISCOUNT_PERCENT)),
        "spend_cap": _spend_cap,
        "charged_so_far": lambda facts: _amount(spend_of(facts).charged),
        "this_change": lambda facts: _amount(spend_of(facts).change),
        "charged_in_all": lambda facts: _amount(spend_of(facts).total),
        "steps_ahead": lambda facts: str(len(facts.request.phases)),
        "period_ends_on": lambda facts: _day(facts, facts.subscription.period.end),
    }
)
"""Figure name -> how it is read from the facts. A rule names the figures it shows; docs and tests read this table."""
