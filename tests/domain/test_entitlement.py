"""What an account may do: plans combined, overrides on top, and a timeline that needs no job to turn."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.catalog import FeatureKind, PlanFeature
from domain.entitlement import (
    NOTHING,
    Entitlement,
    EntitlementOverride,
    EntitlementSource,
    FeatureValue,
    combine,
    derive,
    value_of,
)
from domain.subscription import BillingSubscription, SubscriptionStatus
from tests.domain.strategies import LAW
from tests.make import (
    APRIL,
    CONTACTS,
    EMAILS,
    FREE,
    PRO,
    REPORTS,
    SCALE,
    SEATS_IN_USE,
    STARTER,
    SUPPORT,
    YEAR,
    a_subscription,
    a_version,
    an_override,
    april,
)

LAW_HERE = settings(LAW, max_examples=30)

KIND = FeatureKind


def value(
    subscriptions: list[BillingSubscription],
    feature: str,
    overrides: list[EntitlementOverride] | None = None,
    at: datetime = APRIL.start,
) -> FeatureValue:
    """The effective value of one feature at an instant; NOTHING where there is no segment."""
    timeline = derive(subscriptions, overrides or [], APRIL.start, "UTC")
    live = [each for each in timeline if each.feature.code == feature and holds(each, at)]
    return live[0].value if live else NOTHING


def holds(segment: Entitlement, at: datetime) -> bool:
    return segment.valid_from <= at and (segment.valid_until is None or at < segment.valid_until)


def test_a_limit_grows_with_each_unit_bought() -> None:
    granted = PlanFeature(SEATS_IN_USE, limit=2, limit_per_unit=5, component="seats")
    assert value_of(granted, {"seats": 3}) == FeatureValue(limit=17)
    assert value_of(granted, {}) == FeatureValue(limit=2)
    assert value_of(PlanFeature(SEATS_IN_USE, limit=None, limit_per_unit=5, component="seats"), {"seats": 3}) == (
        FeatureValue(limit=None)
    )


YES, NO, UNLIMITED = FeatureValue(), FeatureValue(is_enabled=False), FeatureValue(limit=None)


@pytest.mark.parametrize(
    ("says", "kind", "values", "expected"),
    [
        ("nobody grants it", KIND.BOOLEAN, [], NOTHING),
        ("one says yes", KIND.BOOLEAN, [NO, YES], YES),
        ("all say no", KIND.BOOLEAN, [NO, NO], NOTHING),
        ("limits add up", KIND.LIMIT, [FeatureValue(limit=3), FeatureValue(limit=4)], FeatureValue(limit=7)),
        ("unlimited wins", KIND.LIMIT, [FeatureValue(limit=3), UNLIMITED], UNLIMITED),
        ("a no beside a limit adds nothing", KIND.LIMIT, [FeatureValue(limit=3), NO], FeatureValue(limit=3)),
        ("allowances add up", KIND.METERED, [FeatureValue(limit=3), FeatureValue(limit=4)], FeatureValue(limit=7)),
        ("the highest rank, which comes last, sets a setting", KIND.CONFIG,
         [FeatureValue(setting="mail"), FeatureValue(setting="phone")], FeatureValue(setting="phone")),
        ("a plan that says no sets nothing", KIND.CONFIG,
         [FeatureValue(setting="mail"), FeatureValue(is_enabled=False, setting="phone")], FeatureValue(setting="mail")),
    ],
)  # fmt: skip
def test_values_of_several_subscriptions_combine(
    says: str, kind: FeatureKind, values: list[FeatureValue], expected: FeatureValue
) -> None:
    assert combine(kind, values) == expected, says


def test_the_highest_rank_sets_a_setting_in_whatever_order_subscriptions_come() -> None:
    low, high = a_subscription(STARTER, name="low"), a_subscription(SCALE, name="high")
    assert value([low, high], "support").setting == value([high, low], "support").setting == "phone"


@pytest.mark.parametrize("status", [SubscriptionStatus.PAUSED, SubscriptionStatus.CANCELLED])
def test_what_does_not_run_grants_nothing(status: SubscriptionStatus) -> None:
    assert derive([a_subscription(PRO, status=status)], [], APRIL.start, "UTC") == ()


def test_a_trial_grants_what_its_plan_does() -> None:
    assert value([a_subscription(PRO, status=SubscriptionStatus.TRIALING)], "reports") == YES


def test_an_override_replaces_the_result_and_says_so() -> None:
    fixed = an_override(CONTACTS, FeatureValue(limit=7))
    segments = derive([a_subscription(PRO)], [fixed], APRIL.start, "UTC")
    (contacts,) = [each for each in segments if each.feature == CONTACTS]
    assert (contacts.value.limit, contacts.source, contacts.override_id) == (7, EntitlementSource.OVERRIDE, fixed.id)
    (reports,) = [each for each in segments if each.feature == REPORTS]
    assert (reports.source, reports.override_id) == (EntitlementSource.PLAN, None)
    assert reports.subscription_id == a_subscription(PRO).id


def test_an_override_may_grant_what_no_plan_does() -> None:
    assert value([], "reports", [an_override(REPORTS, YES)]) == YES


def test_of_several_overrides_the_greatest_priority_then_the_youngest_wins() -> None:
    old = an_override(CONTACTS, FeatureValue(limit=1), created_at=april(1), name="old")
    young = an_override(CONTACTS, FeatureValue(limit=2), created_at=april(2), name="young")
    high = an_override(CONTACTS, FeatureValue(limit=3), created_at=april(1), priority=1, name="high")
    subscriptions = [a_subscription(PRO)]
    assert value(subscriptions, "contacts", [young, old]).limit == 2
    assert value(subscriptions, "contacts", [old, high, young]).limit == 3


def test_an_override_ends_at_its_instant_without_a_job() -> None:
    # the timeline is laid out ahead: from the 10th to the 20th the override, before and after it the plan
    timed = an_override(CONTACTS, FeatureValue(limit=7), starts_at=april(10), ends_at=april(20))
    segments = [each for each in derive([a_subscription(PRO)], [timed], april(1), "UTC") if each.feature == CONTACTS]
    assert [(each.value.limit, each.valid_from, each.valid_until) for each in segments] == [
        (10_000, april(1), april(10)),
        (7, april(10), april(20)),
        (10_000, april(20), None),
    ]


def test_an_override_that_nothing_lies_under_leaves_nothing_behind() -> None:
    timed = an_override(REPORTS, YES, starts_at=april(10), ends_at=april(20))
    segments = derive([], [timed], april(1), "UTC")
    assert [(each.valid_from, each.valid_until) for each in segments] == [(april(10), april(20))]


def test_an_allowance_counts_the_days_of_the_period_and_a_limit_all_days() -> None:
    yearly = a_subscription(PRO, interval=YEAR)
    by_code = {each.feature: each for each in derive([yearly], [], APRIL.start, "UTC")}
    assert (by_code[EMAILS].window_start, by_code[EMAILS].window_end) == (date(2026, 4, 1), date(2027, 4, 1))
    assert (by_code[CONTACTS].window_start, by_code[CONTACTS].window_end) == (None, None)


def test_windows_are_local_days() -> None:
    tokyo = a_subscription(PRO)
    segments = derive([tokyo], [], APRIL.start, "Asia/Tokyo")
    (emails,) = [each for each in segments if each.feature == EMAILS]
    assert emails.window_start == date(2026, 4, 1)  # 09:00 of the first, in Tokyo


# --- laws --------------------------------------------------------------------------------------------------------

SAYS_NO = a_version("says_no", 2, features=[PlanFeature(CONTACTS, is_enabled=False), PlanFeature(REPORTS, False)])
plans = st.sampled_from([FREE, PRO, SCALE, SAYS_NO])
statuses = st.sampled_from([SubscriptionStatus.ACTIVE, *SubscriptionStatus])


@st.composite
def holdings(draw: st.DrawFn) -> list[BillingSubscription]:
    """Up to three subscriptions, often two of one plan, in any state."""
    return [
        a_subscription(draw(plans), seats=draw(st.integers(1, 9)), status=draw(statuses), name=name)
        for name in draw(st.sampled_from([["a", "b", "c"], ["a", "b"], ["a"], []]))
    ]


@st.composite
def overrides(draw: st.DrawFn) -> list[EntitlementOverride]:
    """Overrides of two features, overlapping in any way; some never end, some ended long ago."""
    found = []
    for number in range(draw(st.integers(0, 4))):
        feature = draw(st.sampled_from([CONTACTS, REPORTS, SUPPORT]))
        starts_at = april(1) + timedelta(hours=draw(st.integers(-500, 500)))
        ends_at = draw(st.one_of(st.none(), st.integers(1, 500).map(lambda h: timedelta(hours=h))))
        found.append(
            an_override(
                feature,
                FeatureValue(limit=draw(st.integers(0, 99)) if feature is CONTACTS else None),
                starts_at=starts_at,
                ends_at=None if ends_at is None else starts_at + ends_at,
                priority=draw(st.integers(0, 2)),
                name=f"override {number}",
            )
        )
    return found


@LAW_HERE
@given(held=holdings(), by_hand=overrides(), hour=st.integers(0, 1_000))
def test_l30_a_value_is_what_live_plans_sum_to_or_a_live_overrides(
    held: list[BillingSubscription], by_hand: list[EntitlementOverride], hour: int
) -> None:
    at = APRIL.start + timedelta(hours=hour)
    limit = value(held, "contacts", by_hand, at)
    live = [each for each in by_hand if each.feature == CONTACTS and each.starts_at <= at < (each.ends_at or FOREVER)]
    if live:
        best = max(live, key=lambda each: (each.priority, each.created_at, each.id))
        assert limit == best.value
        return
    running = [each for each in held if each.status in (SubscriptionStatus.ACTIVE, SubscriptionStatus.TRIALING)]
    granted = [each for one in running for each in one.version.features if each.feature == CONTACTS]
    limits = [each.limit for each in granted if each.is_enabled]
    if not limits:
        assert limit == NOTHING
    else:
        assert limit == FeatureValue(limit=None if None in limits else sum(each or 0 for each in limits))


FOREVER = datetime(9999, 1, 1, tzinfo=UTC)


@LAW_HERE
@given(held=holdings(), by_hand=overrides())
def test_the_segments_of_a_feature_are_in_order_and_never_overlap(
    held: list[BillingSubscription], by_hand: list[EntitlementOverride]
) -> None:
    timeline = derive(held, by_hand, APRIL.start, "UTC")
    assert list(timeline) == sorted(timeline, key=lambda each: (each.feature.code, each.valid_from))
    for one, next_one in pairwise(timeline):
        if one.feature == next_one.feature:
            assert one.valid_until is not None
            assert one.valid_until <= next_one.valid_from


@LAW_HERE
@given(held=holdings(), by_hand=overrides())
def test_l18_the_order_of_what_was_loaded_never_shows(
    held: list[BillingSubscription], by_hand: list[EntitlementOverride]
) -> None:
    assert derive(held[::-1], by_hand[::-1], APRIL.start, "UTC") == derive(held, by_hand, APRIL.start, "UTC")


@LAW_HERE
@given(held=holdings(), by_hand=overrides())
def test_l32_a_limit_is_null_or_not_negative(
    held: list[BillingSubscription], by_hand: list[EntitlementOverride]
) -> None:
    assert all((each.value.limit or 0) >= 0 for each in derive(held, by_hand, APRIL.start, "UTC"))


def test_a_later_derivation_agrees_with_what_was_laid_out_ahead() -> None:
    # "expiries take effect at their instant even if no job has run": deriving on that day says the same
    timed = an_override(CONTACTS, FeatureValue(limit=7), starts_at=april(10), ends_at=april(20))
    ahead = derive([a_subscription(PRO)], [timed], april(1), "UTC")
    for day in (1, 9, 10, 19, 20, 28):
        today = {each.feature: each.value for each in derive([a_subscription(PRO)], [timed], april(day), "UTC")
                 if holds(each, april(day))}  # fmt: skip
        assert today == {each.feature: each.value for each in ahead if holds(each, april(day))}


def test_a_plan_may_say_no_to_a_feature_it_knows() -> None:
    says_no = a_version("says_no", 1, features=[PlanFeature(REPORTS, is_enabled=False)])
    assert value([a_subscription(says_no)], "reports") == NOTHING
    assert value([a_subscription(says_no), a_subscription(PRO, name="other")], "reports") == YES
    assert value([a_subscription(FREE)], "reports") == NOTHING


def test_what_ends_ahead_grants_up_to_its_instant_without_any_job() -> None:
    ending = replace(a_subscription(PRO, seats=3), cancel_at=april(16))
    assert value([ending], "seats", at=april(15, 23, 59)) == FeatureValue(limit=3)
    assert value([ending], "seats", at=april(16)) == NOTHING
    # another one that runs on keeps what is its own, and what was set by hand stays
    other = a_subscription(FREE, name="other")
    assert value([ending, other], "seats", at=april(15)) == FeatureValue(limit=5)
    assert value([ending, other], "seats", at=april(16)) == FeatureValue(limit=2)
    by_hand = an_override(REPORTS, FeatureValue())
    assert value([ending], "reports", [by_hand], at=april(20)) == FeatureValue()
    # a period that ended before is over from the beginning
    assert derive([replace(ending, cancel_at=APRIL.start)], [], APRIL.start, "UTC") == ()


def test_segments_of_an_end_ahead_and_of_overrides_adjoin() -> None:
    ending = replace(a_subscription(PRO), cancel_at=april(16))
    by_hand = an_override(REPORTS, FeatureValue(is_enabled=False), starts_at=april(10), ends_at=april(20))
    segments = [each for each in derive([ending], [by_hand], APRIL.start, "UTC") if each.feature == REPORTS]
    assert [(each.valid_from, each.valid_until, each.value.is_enabled, each.source) for each in segments] == [
        (APRIL.start, april(10), True, EntitlementSource.PLAN),
        (april(10), april(16), False, EntitlementSource.OVERRIDE),
        (april(16), april(20), False, EntitlementSource.OVERRIDE),
    ]
    assert [each.subscription_id for each in segments] == [ending.id, ending.id, None]
