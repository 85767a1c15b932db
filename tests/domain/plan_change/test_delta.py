"""The money of a change: worked examples, and the laws of credits and charges."""

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import combinations

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from domain.catalog import PlanVersion
from domain.invoice import LineKind, recompute
from domain.money import Money
from domain.periods import BillingAnchor, period_at
from domain.plan_change.course import course_at_once
from domain.plan_change.decide import decide
from domain.plan_change.delta import delta_of
from domain.plan_change.parts import parts_of
from tests.domain.plan_change.story import Story
from tests.domain.strategies import LAW, days, intervals, zones
from tests.make import (
    APRIL,
    FREE,
    MONTH,
    PRO,
    PRO_PLAIN,
    QUARTER,
    SCALE,
    SCALE_PLAIN,
    YEAR,
    a_subscription,
    a_version,
    an_account,
    april,
    debits_of,
    facts,
    usd,
)

# --- worked examples ---------------------------------------------------------------------------------------------


def test_the_worked_example_of_the_product() -> None:
    # Pro at 100.00 a month, 30-day period, upgraded to 300.00 after exactly 15 days
    delta = delta_of(facts(a_subscription(PRO_PLAIN), SCALE_PLAIN, now=april(16)))
    assert (delta.credit, delta.charge, delta.net) == (usd("-50.00"), usd("150.00"), usd("100.00"))
    assert [line.explanation.sentence for line in delta.lines] == [
        "16 Apr 2026 to 30 Apr 2026: Credit for the unused 15 of 30 days of 100.00 USD: -50.00 USD.",
        "16 Apr 2026 to 30 Apr 2026: Charge for the remaining 15 of 30 days of 300.00 USD: 150.00 USD.",
    ]


def test_the_lines_of_one_side_are_rounded_together() -> None:
    # Pro 100.00 + one seat 25.00, 20 of 30 days left: 66.666… + 16.666… = 83.333… → 83.33 = 66.67 + 16.66
    delta = delta_of(facts(a_subscription(PRO), SCALE, now=april(11)))
    assert [(line.kind, line.component, line.stated) for line in delta.lines] == [
        (LineKind.PRORATION_CREDIT, "base", usd("-66.67")),
        (LineKind.PRORATION_CREDIT, "seats", usd("-16.66")),
        (LineKind.PRORATION_CHARGE, "base", usd("200.00")),
        (LineKind.PRORATION_CHARGE, "seats", usd("26.67")),  # 26.666…
    ]
    assert delta.lines[1].explanation.sentence == (
        "11 Apr 2026 to 30 Apr 2026: Credit for the unused 20 of 30 days of 25.00 USD: -16.66 USD,"
        " one of 2 parts of -83.33 USD rounded together."
    )


def test_more_seats_credit_and_charge_the_seats_alone() -> None:
    # 1 seat → 3 at 25.00, half a month left: −12.50 + 37.50
    delta = delta_of(facts(a_subscription(PRO), seats=3))
    assert [(line.component, line.stated) for line in delta.lines] == [
        ("seats", usd("-12.50")),
        ("seats", usd("37.50")),
    ]


def test_second_upgrade_is_credited_over_its_own_service_and_not_from_the_last_increment() -> None:
    # 100.00 → 300.00 after 10 days: −66.67 + 200.00, for 20 days. → 500.00 after 20 days: those 200.00 lasted 20 days,
    # 10 are left: −100.00; + 166.67. Crediting the increment of 133.33, or 300.00 over 30 days, would be wrong.
    story = Story(a_subscription(PRO_PLAIN))
    assert story.change(SCALE_PLAIN, april(11)) == usd("133.33")
    assert story.change(a_version("huge", 4, 50_000), april(21)) == usd("66.67")
    assert [line.stated for line in story.deltas[1].lines] == [usd("-100.00"), usd("166.67")]


def test_a_longer_interval_starts_a_new_period_today_charged_in_full() -> None:
    # a year of Pro is 1000.00; of April's 100.00, 15 days with the 16th itself are given back
    asked = facts(a_subscription(PRO_PLAIN), interval=YEAR, now=april(16, 15))
    course, delta = course_at_once(asked), delta_of(asked)
    assert course.anchor == BillingAnchor(april(16).date(), "UTC")
    assert (course.period.start, course.period.end) == (april(16), datetime(2027, 4, 16, tzinfo=april(1).tzinfo))
    assert [(line.kind, line.stated) for line in delta.lines] == [
        (LineKind.PRORATION_CREDIT, usd("-50.00")),
        (LineKind.CHARGE, usd("1000.00")),
    ]
    assert delta.lines[0].service.start == delta.lines[1].service.start == april(16)


def test_leaving_a_free_plan_starts_a_new_period_today_charged_in_full() -> None:
    asked = facts(a_subscription(FREE), PRO_PLAIN, now=april(16, 15))
    assert course_at_once(asked).period.start == april(16)
    assert [(line.kind, line.stated) for line in delta_of(asked).lines] == [(LineKind.CHARGE, usd("100.00"))]


def test_two_longer_intervals_on_one_day_give_each_hour_back_once() -> None:
    quarter = a_version("pro_plain", 2, {MONTH: 10_000, YEAR: 100_000, QUARTER: 27_000})
    story = Story(a_subscription(quarter))
    # at noon of the 16th the month gives back the 15 days from 00:00
    assert story.change(at=april(16, 12), interval=QUARTER) == usd("220.00")  # −50.00 + 270.00
    # at six the quarter gives back all of itself, and the month nothing more
    assert story.change(at=april(16, 18), interval=YEAR) == usd("730.00")  # −270.00 + 1000.00
    assert story.debits[0].credited == usd("50.00")


def test_an_upgrade_and_then_a_longer_interval_on_one_day_give_the_morning_back_too() -> None:
    # at noon: Pro gives back 14½ of 30 days (−48.33), Scale costs 145.00; at six a year begins at 00:00, so Pro's
    # morning is unused too (½ of 30 days: −1.67) and so is all of Scale's line (−145.00)
    story = Story(a_subscription(PRO_PLAIN))
    assert story.change(SCALE_PLAIN, april(16, 12)) == usd("96.67")
    story.change(at=april(16, 18), interval=YEAR)
    assert [line.stated for line in story.deltas[1].lines] == [usd("-1.67"), usd("-145.00"), usd("3000.00")]
    assert story.debits[0].credited == usd("50.00")
    assert story.billed == usd("3050.00")  # half of April, and the year


def test_a_line_gives_back_no_more_than_it_has_left() -> None:
    (debit,) = debits_of(a_subscription(PRO_PLAIN))
    spent = replace(debit, credited=usd("80.00"))  # by a credit that support made, say
    delta = delta_of(facts(a_subscription(PRO_PLAIN), SCALE_PLAIN, debits=[spent]))
    assert delta.credit == usd("-20.00")
    assert delta.lines[0].explanation.rule == "REMAINDER"
    assert delta.lines[0].explanation.sentence.endswith("of 100.00 USD: -20.00 USD, all that the line has left.")


def test_at_the_last_instant_of_a_period_nothing_is_left_to_credit_or_charge() -> None:
    assert delta_of(facts(a_subscription(PRO), SCALE, now=APRIL.end)).lines == ()


def test_a_change_of_nothing_that_costs_moves_no_money() -> None:
    plus = a_version("free_plus", 1, 0)
    assert delta_of(facts(a_subscription(FREE), plus)).lines == ()


def test_yen_have_no_hundredths_and_dinars_have_thousandths() -> None:
    for currency, expected in (("JPY", ("-6173", "15000")), ("KWD", ("-6.173", "15.000"))):
        account = an_account(currency=currency)
        old = a_version("old", 1, 12_345, currencies=(currency,))  # half of 12345 is 6172.5
        new = a_version("new", 2, 30_000, currencies=(currency,))
        delta = delta_of(facts(a_subscription(old, account=account), new, account=account))
        assert (delta.credit.amount(), delta.charge.amount()) == expected


# --- laws --------------------------------------------------------------------------------------------------------

minors = st.one_of(st.integers(0, 99), st.integers(0, 200_000))
LAW_OF_STORIES = settings(LAW, max_examples=25)


@st.composite
def versions(draw: st.DrawFn, code: str) -> PlanVersion:
    """A plan of any price, with seats or without."""
    seats = draw(st.one_of(st.none(), minors))
    base = dict(zip(INTERVALS, draw(st.tuples(minors, minors, minors)), strict=True))
    by_seat = None if seats is None else dict.fromkeys(INTERVALS, seats)
    return a_version(code, draw(st.integers(0, 5)), base, by_seat)


INTERVALS = (MONTH, QUARTER, YEAR)


@st.composite
def stories(draw: st.DrawFn) -> Story:
    """A subscription of any plan, in any month of any zone, in its first period or a later one."""
    account = an_account(zone=draw(zones))
    since = draw(days)
    interval = draw(intervals)
    anchor = BillingAnchor(since, account.zone)
    first = period_at(anchor, interval, datetime(since.year, since.month, since.day, 12, tzinfo=APRIL.start.tzinfo))
    later = first.end + timedelta(days=draw(st.integers(0, 800)))
    subscription = a_subscription(
        draw(versions("a")), seats=draw(st.integers(1, 40)), interval=interval, since=since, at=later, account=account
    )
    return Story(subscription, account)


@st.composite
def instants_of(draw: st.DrawFn, story: Story) -> datetime:
    """A whole second of the story's period, its start included, its end not; often the middle, where halves are."""
    period = story.subscription.period
    last = int(period.seconds) - 1
    return period.start + timedelta(seconds=draw(st.one_of(st.just((last + 1) // 2), st.integers(0, last))))


def seats_for(version: PlanVersion, seats: int) -> dict[str, int]:
    return {"seats": seats} if any(each.code == "seats" for each in version.components) else {}


@LAW_OF_STORIES
@given(data=st.data(), story=stories())
def test_l9_the_same_items_make_an_empty_delta_and_no_change(data: st.DataObject, story: Story) -> None:
    at = data.draw(instants_of(story))
    story.change(data.draw(versions("b")), at)  # also where lines of an earlier change are in force
    now = story.subscription
    again = facts(
        now,
        now.version,
        now=min(at + timedelta(days=data.draw(st.integers(0, 3))), now.period.end - timedelta(seconds=1)),
        interval=now.interval,
        quantities=now.quantities,
        account=story.account,
        debits=story.debits,
    )
    assert parts_of(again) == ()
    assert delta_of(again).lines == ()
    decision = decide(again)
    assert [reason.code for reason in decision.reasons] == ["NO_CHANGE"]


@LAW_OF_STORIES
@given(data=st.data(), story=stories())
def test_l11_two_changes_of_plan_at_one_instant_net_as_one(data: st.DataObject, story: Story) -> None:
    at = data.draw(instants_of(story))
    between, last = data.draw(versions("b")), data.draw(versions("c"))
    # leaving a free plan begins a new period, which is not "within one interval"
    assume(not story.subscription.version.is_free and not between.is_free)
    seats = seats_for(last, data.draw(st.integers(1, 40)))
    twice, once = story, Story(story.subscription, story.account)
    net = twice.change(between, at) + twice.change(last, at, quantities=seats)
    assert net == once.change(last, at, quantities=seats)


@LAW_OF_STORIES
@given(data=st.data(), story=stories())
def test_l12_a_change_and_its_exact_reversal_at_one_instant_net_nothing(data: st.DataObject, story: Story) -> None:
    at, old = data.draw(instants_of(story)), story.subscription
    new = data.draw(st.one_of(versions("b"), st.just(old.version)))
    assume(not old.version.is_free and not new.is_free)
    there = story.change(new, at, quantities=seats_for(new, data.draw(st.integers(1, 40))))
    back = story.change(old.version, at, quantities=old.quantities)
    assert there + back == Money.zero("USD")
    assert story.subscription.quantities == old.quantities


@LAW_OF_STORIES
@given(data=st.data(), story=stories())
def test_l12_after_earlier_changes_a_reversal_is_off_by_their_rounding_at_most(
    data: st.DataObject, story: Story
) -> None:
    # a line of an earlier change debited a rounded amount, and that is what is credited: half a unit a line and side
    story.change(data.draw(versions("b")), data.draw(instants_of(story)))
    at = max([data.draw(instants_of(story)), *(debit.service.start for debit in story.debits)])
    old, new = story.subscription, data.draw(versions("c"))
    assume(not old.version.is_free and not new.is_free)
    net = story.change(new, at) + story.change(old.version, at, quantities=old.quantities)
    assert abs(net.minor) <= len(old.items)


@LAW_OF_STORIES
@given(data=st.data(), story=stories())
def test_l13_all_credits_of_a_line_together_never_exceed_what_it_debited(data: st.DataObject, story: Story) -> None:
    at = data.draw(instants_of(story))
    for step in range(data.draw(st.integers(1, 6))):
        longer = data.draw(st.sampled_from([each for each in INTERVALS if each.months >= at_least(story)]))
        target = data.draw(st.one_of(st.just(story.subscription.version), versions(f"plan {step}")))
        quantities = seats_for(target, data.draw(st.integers(1, 40)))
        story.change(target, at, interval=longer, quantities=quantities)
        for debit in story.debits:
            assert Money.zero("USD") <= debit.credited <= debit.debited
        at = max(at, story.subscription.period.start) + timedelta(seconds=data.draw(st.integers(0, 3 * 86_400)))
        if at >= story.subscription.period.end:
            break


def at_least(story: Story) -> int:
    return story.subscription.interval.months


@LAW_OF_STORIES
@given(data=st.data(), story=stories())
def test_l13_no_instant_of_a_line_is_given_back_twice(data: st.DataObject, story: Story) -> None:
    at = data.draw(instants_of(story))
    for step in range(data.draw(st.integers(1, 5))):
        longer = data.draw(st.sampled_from([each for each in INTERVALS if each.months >= at_least(story)]))
        story.change(data.draw(versions(f"plan {step}")), at, interval=longer)
        at += timedelta(seconds=data.draw(st.integers(0, 86_400)))
    drafts = [line for delta in story.deltas for line in delta.lines]
    credited = [line for line in drafts if line.kind is LineKind.PRORATION_CREDIT]
    for line, other in combinations(credited, 2):
        is_of_one_line = line.explanation.credited_line_id == other.explanation.credited_line_id
        assert not is_of_one_line or not line.service.overlaps(other.service)


@LAW_OF_STORIES
@given(data=st.data(), story=stories())
def test_l8_every_line_recomputes_to_its_amount_also_as_part_of_a_split(data: st.DataObject, story: Story) -> None:
    at = data.draw(instants_of(story))
    for step in range(data.draw(st.integers(1, 3))):
        story.change(data.draw(versions(f"plan {step}")), at, interval=data.draw(intervals))
        at = min(at + timedelta(hours=7), story.subscription.period.end - timedelta(seconds=1))
    for lines in (invoice.lines for invoice in story.books.invoices):
        stripped = tuple(replace(line, amount=Money.zero("USD")) for line in lines)
        assert recompute(stripped) == tuple(line.amount for line in lines)
        for line in lines:
            assert line.amount.spoken() in line.explanation.sentence or line.explanation.rule in ("FLAT", "PER_UNIT")


@settings(LAW, max_examples=60)
@given(data=st.data(), story=stories())
def test_l11_the_total_billed_is_the_price_over_time_within_a_unit_a_line(data: st.DataObject, story: Story) -> None:
    period = story.subscription.period
    at, since = period.start, period.start
    rate = story.paid_before.minor
    integral, lines = 0 * period.seconds, len(story.debits)
    for step in range(data.draw(st.integers(0, 5))):
        at += timedelta(seconds=data.draw(st.integers(0, int(period.seconds) // 6)))
        new = data.draw(versions(f"plan {step}"))
        if at >= period.end or story.subscription.version.is_free != new.is_free or new.is_free:
            break
        integral += rate * (at - since) // timedelta(seconds=1)
        story.change(new, at)
        since, lines = at, lines + len(story.deltas[-1].lines)
        rate = sum(debit.debited.minor for debit in debits_of(story.subscription, story.account))
    integral += rate * (period.end - since) // timedelta(seconds=1)
    assert abs(story.billed.minor - integral / period.seconds) <= lines


@pytest.mark.parametrize("hour", [0, 1, 23])
def test_a_preview_in_the_local_morning_credits_the_local_day(hour: int) -> None:
    # in Kiritimati, 14 hours ahead, the day began at 10:00 UTC of the day before: the new year begins on that day
    account = an_account(zone="Pacific/Kiritimati")
    subscription = a_subscription(PRO_PLAIN, account=account)
    now = april(16) - timedelta(hours=14) + timedelta(hours=hour)  # the 16th, local
    asked = facts(subscription, interval=YEAR, now=now, account=account)
    assert course_at_once(asked).period.start == april(15, 10)
    assert delta_of(asked).credit == usd("-50.00")
