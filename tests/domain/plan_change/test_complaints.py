"""What users of other billing systems complain about, of the part that needs no database: one test a complaint."""

from dataclasses import replace
from datetime import UTC, date, datetime
from fractions import Fraction

from domain.catalog import PlanFeature
from domain.entitlement import FeatureValue
from domain.invoicing.draft import DraftLine
from domain.money import round_half_away, round_parts
from domain.plan_change.decide import decide
from domain.plan_change.delta import delta_of
from domain.plan_change.prepare import prepare
from domain.plan_change.verdict import ChangeDirection, Verdict
from tests.domain.plan_change.story import Story
from tests.make import (
    APRIL,
    CONTACTS,
    FREE,
    MONTH,
    PRO,
    PRO_PLAIN,
    SCALE_PLAIN,
    STARTER,
    YEAR,
    a_commitment,
    a_subscription,
    a_version,
    an_account,
    an_override,
    april,
    facts,
    usd,
)


def test_preview_is_not_off_by_a_day_from_the_real_credit() -> None:
    # late in the local evening of the 15th it is the 16th in UTC already: seconds count, not days of either
    paris = an_account(zone="Europe/Paris")
    subscription = a_subscription(PRO_PLAIN, account=paris)
    start, end = subscription.period.start, subscription.period.end
    now = datetime(2026, 4, 15, 21, 59, 59, tzinfo=UTC)  # 23:59:59 in Paris
    shown = prepare(facts(subscription, SCALE_PLAIN, now=now, account=paris)).delta
    left_s = (end - now).total_seconds()
    assert (end - start).total_seconds() == 30 * 86_400
    assert left_s == 15 * 86_400 + 1
    assert shown.credit == usd("-50.00")  # 50.000019…
    # applied an hour later at the instant the quote pinned: the same lines to the last field
    later = facts(subscription, SCALE_PLAIN, now=now, known_at=april(15, 23), account=paris)
    assert delta_of(later).lines == shown.lines


def test_annual_to_monthly_is_no_upgrade_because_of_its_price() -> None:
    # a year at 960.00 is 80.00 a month; by the month it is 100.00, which is dearer and still no upgrade
    dearer_by_month = a_version("pro", 2, {MONTH: 10_000, YEAR: 96_000})
    prepared = prepare(facts(a_subscription(dearer_by_month, interval=YEAR), interval=MONTH))
    assert prepared.direction is ChangeDirection.LATERAL
    assert prepared.decision.effective_at == datetime(2027, 4, 1, tzinfo=UTC)
    assert prepared.delta.lines == ()


def test_a_second_upgrade_is_not_credited_from_the_last_incremental_charge() -> None:
    # 100.00 → 300.00 on the 11th cost 133.33 more. On the 21st what is unused is 10 of the 20 days that the line of
    # 200.00 covers: 100.00; not 10 of 20 days of the 133.33 (66.67), nor 10 of 30 days of 200.00.
    story = Story(a_subscription(PRO_PLAIN))
    assert story.change(SCALE_PLAIN, april(11)) == usd("133.33")
    story.change(a_version("huge", 4, 50_000), april(21))
    assert story.deltas[-1].credit == usd("-100.00")


def test_81_parts_of_one_amount_do_not_drift() -> None:
    # 100.00 in 81 parts: one by one 123.45… → 123 each, 99.63 in all; together exactly 100.00
    parts = [Fraction(10_000, 81)] * 81
    assert sum(round_half_away(part) for part in parts) == 9_963
    assert sum(round_parts(parts)) == 10_000
    assert set(round_parts(parts)) == {123, 124}


def test_the_lines_of_a_side_sum_to_their_rounded_whole() -> None:
    # base and seats of 0.05 each, half unused: 2.5 + 2.5 cents; apart 3 + 3, together 5
    plan = a_version("cheap", 1, 5, 5)
    delta = delta_of(facts(a_subscription(plan), PRO))
    credited: list[DraftLine] = [line for line in delta.lines if line.stated.minor < 0]
    assert [line.stated.minor for line in credited] == [-3, -2]


def test_anchor_31_does_not_drift_through_renewals_and_changes() -> None:
    ends = []
    subscription = a_subscription(PRO_PLAIN, since=date(2026, 1, 31))
    for _ in range(6):
        story = Story(subscription)
        story.change(SCALE_PLAIN if subscription.version is PRO_PLAIN else PRO_PLAIN, subscription.period.start)
        ends.append(story.subscription.period.end.date())
        subscription = a_subscription(story.subscription.version, since=date(2026, 1, 31), at=subscription.period.end)
    assert [end.day for end in ends] == [28, 31, 30, 31, 30, 31]


def test_credits_are_not_farmed_by_upgrading_and_downgrading() -> None:
    # down waits for the end of the period, so what was credited by going up is not charged less by going down
    up = facts(a_subscription(PRO_PLAIN), SCALE_PLAIN, now=april(2))
    down = replace(facts(a_subscription(SCALE_PLAIN), PRO_PLAIN, now=april(3)))
    assert decide(up).effective_at == april(2)
    assert (decide(down).effective_at, prepare(down).delta.lines) == (APRIL.end, ())
    # and even taken at once every day of a month, nobody ever pays less than the cheap plan costs
    story = Story(a_subscription(PRO_PLAIN))
    for day in range(2, 31):
        story.change(SCALE_PLAIN if day % 2 == 0 else PRO_PLAIN, april(day))
        assert story.billed >= usd("100.00")
    # 15 days at 300.00 and 15 at 100.00; every line rounded by itself
    assert abs(story.billed.minor - 20_000) <= sum(len(delta.lines) for delta in story.deltas)


def test_credits_are_not_farmed_by_a_cheaper_plan_of_a_higher_rank() -> None:
    # what comes back is what was debited for the rest, less what the rest costs: −50.00 + 5.00, and never more
    story = Story(a_subscription(PRO_PLAIN))
    assert story.change(a_version("bargain", 3, 1_000), april(16)) == usd("-45.00")
    assert story.change(PRO_PLAIN, april(16)) == usd("45.00")
    assert story.billed == usd("100.00")


def test_a_change_when_nothing_is_owed_is_an_ordinary_change() -> None:
    # free to free, and two paid plans of one price at the very start: an empty delta, a delta of zero
    assert prepare(facts(a_subscription(FREE), a_version("free_plus", 1, 0))).delta.lines == ()
    same = prepare(facts(a_subscription(PRO_PLAIN), a_version("twin", 2, 10_000), now=APRIL.start))
    assert same.delta.net == usd("0.00")
    assert same.decision.verdict is Verdict.ALLOW


def test_a_scheduled_change_is_not_applied_without_asking_for_entitlements_again() -> None:
    # when it was accepted 900 contacts fitted; on its day there are 1,100
    accepted = facts(a_subscription(PRO), STARTER, usage={"contacts": 900})
    assert decide(accepted).verdict is Verdict.ASK_CONFIRMATION
    on_its_day = facts(a_subscription(PRO), STARTER, usage={"contacts": 1_100}, now=APRIL.end, is_due=True)
    assert decide(on_its_day).verdict is Verdict.REFUSE


def test_a_feature_the_plan_says_no_to_never_widens_a_limit() -> None:
    # two subscriptions: one grants 100 contacts, the other says no without a number. No number is not "unlimited"
    says_no = a_version("says_no", 1, features=[PlanFeature(CONTACTS, is_enabled=False)])
    asked = facts(a_subscription(FREE), PRO, others=[a_subscription(says_no, name="other")])
    (contacts,) = [change for change in prepare(asked).entitlements if change.feature == CONTACTS]
    assert (contacts.before.limit, contacts.after.limit) == (100, 10_000)


def test_a_new_price_of_the_plan_never_changes_what_was_debited() -> None:
    # the line debited 100.00; whatever the plan costs today, half of that comes back
    dearer_now = a_version("pro_plain", 2, 99_900, number=2)
    assert delta_of(facts(a_subscription(PRO_PLAIN), dearer_now)).credit == usd("-50.00")


def test_an_override_that_ends_before_the_change_does_not_count() -> None:
    asked = facts(
        a_subscription(PRO), STARTER, usage={"contacts": 1_100},
        overrides=[an_override(CONTACTS, FeatureValue(limit=5_000), ends_at=april(10))],
    )  # fmt: skip
    assert decide(asked).verdict is Verdict.REFUSE


def test_a_contract_is_not_left_early_by_way_of_a_shorter_interval() -> None:
    contract = a_commitment(24)
    asked = facts(a_subscription(PRO, interval=YEAR, commitment=contract), interval=MONTH)
    assert decide(asked).effective_at == contract.end_at
