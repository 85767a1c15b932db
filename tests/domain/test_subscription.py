"""A subscription's states, and contracts that renew for their own length without drifting."""

from datetime import UTC, date, datetime, timedelta
from itertools import product
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.errors import InvalidTransition
from domain.ids import CommitmentId
from domain.periods import BillingAnchor, BillingInterval, boundary, local_day, period_at
from domain.subscription import TRANSITIONS, SubscriptionEvent, SubscriptionStatus, after, following_term
from tests.domain.strategies import LAW, anchors
from tests.make import MONTH, PRO, YEAR, a_commitment, a_subscription, april

LAW_HERE = settings(LAW, max_examples=30)

S, E = SubscriptionStatus, SubscriptionEvent


@pytest.mark.parametrize(
    ("says", "status", "event", "expected"),
    [
        ("a trial that changes plan is a trial no more", S.TRIALING, E.PLAN_CHANGED, S.ACTIVE),
        ("a trial ends", S.TRIALING, E.TRIAL_ENDED, S.ACTIVE),
        ("it renews", S.ACTIVE, E.RENEWED, S.ACTIVE),
        ("it changes plan", S.ACTIVE, E.PLAN_CHANGED, S.ACTIVE),
        ("it pauses", S.ACTIVE, E.PAUSED, S.PAUSED),
        ("it resumes", S.PAUSED, E.RESUMED, S.ACTIVE),
        ("it is cancelled while paused", S.PAUSED, E.CANCELLED, S.CANCELLED),
    ],
)
def test_the_life_of_a_subscription(
    says: str, status: SubscriptionStatus, event: SubscriptionEvent, expected: SubscriptionStatus
) -> None:
    assert after(status, event) is expected, says
    assert a_subscription(PRO, status=status).moved(event).status is expected


def test_whatever_the_table_does_not_name_is_refused_with_both_names() -> None:
    for status, event in product(S, E):
        if (status, event) not in TRANSITIONS:
            with pytest.raises(InvalidTransition, match=f"{status} has no {event}"):
                after(status, event)


def test_nothing_follows_a_cancellation_and_a_paused_one_never_changes_plan() -> None:
    assert not [pair for pair in TRANSITIONS if pair[0] is S.CANCELLED]
    assert (S.PAUSED, E.PLAN_CHANGED) not in TRANSITIONS


def test_quantities_are_those_of_the_items_in_force() -> None:
    assert a_subscription(PRO, seats=4).quantities == {"base": 1, "seats": 4}


@pytest.mark.parametrize(
    ("says", "at", "expected"),
    [
        ("before it begins", april(1) - timedelta(microseconds=1), False),
        ("from its first instant", april(1), True),
        ("to its last", datetime(2027, 4, 1, tzinfo=UTC) - timedelta(microseconds=1), True),
        ("not at its end", datetime(2027, 4, 1, tzinfo=UTC), False),
    ],
)
def test_a_commitment_binds_for_a_half_open_span(says: str, at: datetime, expected: bool) -> None:
    assert a_subscription(PRO, commitment=a_commitment()).committed_at(at) is expected, says


def test_without_a_commitment_nobody_is_committed() -> None:
    assert not a_subscription(PRO).committed_at(april(1))


TERM_ID = CommitmentId(UUID(int=9))


def test_a_term_renews_for_its_own_length() -> None:
    term = a_commitment(12)
    renewed = following_term(term, BillingAnchor(date(2026, 4, 1), "UTC"), term.end_at, TERM_ID)
    assert (renewed.start_at, renewed.end_at) == (term.end_at, datetime(2028, 4, 1, tzinfo=UTC))
    assert (renewed.id, renewed.months, renewed.notice_days) == (TERM_ID, 12, 30)


def test_a_term_from_the_31st_does_not_drift() -> None:
    anchor = BillingAnchor(date(2026, 1, 31), "UTC")
    term, ends = a_commitment(1, date(2026, 1, 31)), []
    for _ in range(4):
        term = following_term(term, anchor, term.end_at, TERM_ID)
        ends.append(term.end_at.date())
    assert ends == [date(2026, 3, 31), date(2026, 4, 30), date(2026, 5, 31), date(2026, 6, 30)]


def test_a_term_of_a_subscription_that_began_a_new_period_renews_from_its_boundary() -> None:
    # signed for twelve months on 1 January, moved to a year of its own on 15 March: renewed then, until 15 March
    anchor = BillingAnchor(date(2026, 3, 15), "UTC")
    at = datetime(2027, 3, 15, tzinfo=UTC)
    renewed = following_term(a_commitment(12, date(2026, 1, 1)), anchor, at, TERM_ID)
    assert (renewed.start_at, renewed.end_at) == (at, datetime(2028, 3, 15, tzinfo=UTC))


@LAW_HERE
@given(anchor=anchors, months=st.sampled_from([1, 3, 12, 24, 36]), terms=st.integers(1, 30))
def test_l16_terms_tile_and_end_on_the_anchors_boundaries(anchor: BillingAnchor, months: int, terms: int) -> None:
    term = a_commitment(months, anchor.on, anchor.zone)
    for number in range(2, terms + 2):
        before, term = term, following_term(term, anchor, term.end_at, TERM_ID)
        assert term.start_at == before.end_at
        assert term.end_at == boundary(anchor, BillingInterval.MONTH, number * months)


@LAW_HERE
@given(anchor=anchors, interval=st.sampled_from([MONTH, YEAR]), days=st.integers(0, 3_000))
def test_l16_a_subscription_stands_in_the_one_period_of_its_instant(
    anchor: BillingAnchor, interval: BillingInterval, days: int
) -> None:
    at = boundary(anchor, MONTH, 0) + timedelta(days=days)
    subscription = a_subscription(PRO, since=anchor.on, interval=interval, at=at)
    period = period_at(BillingAnchor(anchor.on, "UTC"), interval, at)
    assert subscription.period == period
    assert period.contains(at)
    assert local_day(period.start, "UTC").day <= anchor.on.day
