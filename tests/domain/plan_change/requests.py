"""Any request one may meet: hypothesis strategies over the ladder of tests.make, and rules nobody would write."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import strategies as st

from domain.account_terms import AccountTerms, AllowedPlan
from domain.actor import Role, StaffRole, staff
from domain.catalog import Segment
from domain.commands import Cancel, EndTrial, Pause, Resume, Turn
from domain.dunning import Standing
from domain.entitlement import FeatureValue
from domain.money import Money
from domain.plan_change import questions
from domain.plan_change.editions import BASE, Edition
from domain.plan_change.facts import PlanChangeFacts
from domain.plan_change.policy import Consequence, Rule
from domain.plan_change.verdict import EffectiveTiming, Verdict
from domain.subscription import SubscriptionStatus
from tests.make import (
    A_CHANGE_BEING_PAID,
    A_CHANGE_TO_PAY,
    A_PENDING_CHANGE,
    ACCOUNT,
    AN_OVERDUE_INVOICE,
    APRIL,
    CONTACTS,
    LADDER,
    MONTH,
    OWNER,
    REPORTS,
    YEAR,
    a_commitment,
    a_subscription,
    an_agreement,
    an_override,
    facts,
)

_QUESTIONS = [
    each
    for name, each in vars(questions).items()
    if callable(each) and getattr(each, "__module__", "") == questions.__name__ and not name.startswith("_")
]


TURNS: tuple[Turn | None, ...] = (
    None,
    None,
    EndTrial(),
    Cancel(),
    Cancel(is_immediate=True),
    Cancel(is_immediate=True, credits_unused=True),
    Pause(),
    Resume(),
)
"""What may be asked for; most of all other terms."""


def edition_of(rules: Iterable[Rule]) -> Edition:
    """An edition of these rules, under the id of the one that is live."""
    return Edition(BASE.id, "", tuple(rules))


@st.composite
def agreements(draw: st.DrawFn) -> AccountTerms | None:
    """What may have been agreed with the account: nothing, or any of its terms together."""
    if draw(st.booleans()):
        return None
    named = draw(st.sampled_from([None, LADDER[1:3], LADDER[2:]]))
    cap = draw(st.sampled_from([None, 0, 15_000, 100_000]))
    return an_agreement(
        notice_days=draw(st.sampled_from([0, 14, 90])),
        no_downgrade_until=draw(st.sampled_from([None, APRIL.end, APRIL.end + timedelta(days=200)])),
        allowed_plans=named and tuple(AllowedPlan(each.plan.id, each.plan.name) for each in named),
        discount_percent=draw(st.sampled_from([None, Decimal(10), Decimal(30)])),
        spend_cap=None if cap is None else Money(cap, "USD"),
    )


@st.composite
def requests(draw: st.DrawFn) -> PlanChangeFacts:
    """Facts of every kind together: trials, contracts, arrears, overrides, other subscriptions, a day that has come."""
    account = replace(ACCOUNT, segment=draw(st.sampled_from(Segment)))
    subscription = a_subscription(
        draw(st.sampled_from(LADDER)),
        seats=draw(st.integers(1, 10)),
        interval=draw(st.sampled_from([MONTH, YEAR])),
        account=account,
        status=draw(st.sampled_from(SubscriptionStatus)),
        commitment=draw(st.sampled_from([None, a_commitment(12), a_commitment(12, date(2025, 4, 1))])),
    )
    target = draw(st.sampled_from(LADDER))
    if draw(st.booleans()):
        target = replace(target, plan=replace(target.plan, withdrawn_at=subscription.period.start))
    if draw(st.booleans()):
        target = replace(target, plan=replace(target.plan, countries=frozenset({"DE"})))
    turn = draw(st.sampled_from(TURNS))
    if turn is not None:
        target = subscription.version
    if draw(st.booleans()):
        subscription = replace(subscription, cancel_at=subscription.period.end)
    is_due = turn is None and draw(st.booleans())
    now = subscription.period.end
    if not is_due:
        now = subscription.period.start + timedelta(seconds=draw(st.integers(0, int(subscription.period.seconds) + 9)))
    role = draw(st.sampled_from([*Role, None]))
    has_seats = any(component.code == "seats" for component in target.components)
    return facts(
        subscription,
        target,
        now=now,
        interval=draw(st.sampled_from([None, MONTH, YEAR])) if turn is None else None,
        seats=draw(st.one_of(st.none(), st.integers(1, 10))) if has_seats and turn is None else None,
        replace_pending=draw(st.booleans()),
        account=account,
        actor=OWNER if role is not None else staff(StaffRole.SUPPORT),
        role=role,
        others=[a_subscription(draw(st.sampled_from(LADDER)), name=name) for name in draw(st.sampled_from(["", "ab"]))],
        overrides=[an_override(CONTACTS, FeatureValue(limit=draw(st.integers(0, 2_000))))]
        if draw(st.booleans())
        else [an_override(REPORTS, FeatureValue(is_enabled=False))],
        usage={"seats": draw(st.integers(0, 12)), "contacts": draw(st.integers(0, 12_000))},
        standing=draw(st.sampled_from(Standing)),
        overdue="12.00",
        oldest_overdue=draw(st.sampled_from([None, AN_OVERDUE_INVOICE])),
        pending=draw(st.sampled_from([None, A_PENDING_CHANGE, A_CHANGE_TO_PAY, A_CHANGE_BEING_PAID])),
        changes_last_day=draw(st.integers(0, 4)),
        agreement=draw(agreements()),
        others_charged=draw(st.sampled_from([None, "40.00"])),
        upgraded_at=draw(st.sampled_from([None, now - timedelta(days=3), now - timedelta(days=40)])),
        is_due=is_due,
        turn=turn,
    )


@st.composite
def rules(draw: st.DrawFn, number: int) -> Rule:
    """Any rule: up to three questions, exceptions, any consequence, also one that waits for any date."""
    return Rule(
        f"PX-{number:02}",
        "A rule of a test.",
        # most of them speak: a rule that is silent puts no law to the test
        when=tuple(draw(st.one_of(st.just([]), st.lists(st.sampled_from(_QUESTIONS), max_size=2)))),
        unless=tuple(draw(st.one_of(st.just([]), st.lists(st.sampled_from(_QUESTIONS), max_size=1)))),
        then=Consequence(
            verdict=draw(st.sampled_from(Verdict)), wait_until=draw(st.sampled_from([*EffectiveTiming, None]))
        ),
    )


@st.composite
def policies(draw: st.DrawFn) -> tuple[Rule, ...]:
    """A few of those."""
    return tuple(draw(rules(number)) for number in range(draw(st.integers(0, 6))))
