"""What a customer is shown before a change: the pieces together, and the next regular invoice."""

import itertools
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings

from domain.invoicing.regular import regular_lines
from domain.periods import BillingAnchor, BillingInterval, Period
from domain.plan_change.course import course_at_boundary, course_at_once, kept_components
from domain.plan_change.effects import move
from domain.plan_change.facts import PlanChangeFacts
from domain.plan_change.outcome import PARTS, Difference, differences, promise_of
from domain.plan_change.prepare import prepare
from domain.plan_change.verdict import ChangeDirection
from domain.subscription import SubscriptionItem, SubscriptionStatus
from tests.domain.plan_change.requests import requests
from tests.domain.strategies import LAW
from tests.make import (
    APRIL,
    FREE,
    LADDER,
    MID_APRIL,
    MONTH,
    PRO,
    PRO_PLAIN,
    QUARTER,
    SCALE,
    SCALE_PLAIN,
    STARTER,
    YEAR,
    NumberedIds,
    a_commitment,
    a_subscription,
    a_version,
    april,
    facts,
    usd,
)

MAY = Period(APRIL.end, datetime(2026, 6, 1, tzinfo=UTC))


def test_an_upgrade_is_shown_with_its_delta_and_the_next_invoice_in_full() -> None:
    prepared = prepare(facts(a_subscription(PRO_PLAIN), SCALE_PLAIN))
    assert prepared.is_immediate
    assert prepared.direction is ChangeDirection.UPGRADE
    assert prepared.delta.net == usd("100.00")
    assert (prepared.next_invoice.at, prepared.next_invoice.total) == (APRIL.end, usd("300.00"))
    assert [line.service for line in prepared.next_invoice.lines] == [MAY]


def test_a_downgrade_costs_nothing_today_and_shows_in_the_next_invoice() -> None:
    prepared = prepare(facts(a_subscription(PRO), STARTER))
    assert not prepared.is_immediate
    assert prepared.delta.lines == ()
    assert prepared.next_invoice.total == usd("29.00")  # 20.00 and a seat of 9.00


def test_a_change_after_the_next_invoice_leaves_that_as_it_is() -> None:
    prepared = prepare(facts(a_subscription(PRO, commitment=a_commitment()), STARTER))
    assert prepared.decision.effective_at == datetime(2027, 4, 1, tzinfo=UTC)
    assert prepared.next_invoice.total == usd("125.00")


def test_the_next_invoice_after_a_new_period_is_a_year_away() -> None:
    prepared = prepare(facts(a_subscription(PRO_PLAIN), interval=YEAR))
    assert prepared.next_invoice.at == datetime(2027, 4, 16, tzinfo=UTC)
    assert prepared.next_invoice.total == usd("1000.00")


def test_a_shorter_interval_keeps_the_anchor_and_a_longer_one_at_the_boundary_begins_there() -> None:
    yearly = a_subscription(PRO_PLAIN, interval=YEAR, since=date(2026, 1, 31))
    asked = facts(yearly, interval=MONTH, now=april(16))
    assert course_at_boundary(asked).anchor == yearly.anchor  # the 31st of January is a monthly boundary too
    # fewer seats and a year instead of a month wait for the end of the month together, and a year begins there
    asked = facts(a_subscription(PRO, seats=3, since=date(2026, 1, 15), at=april(16)), interval=YEAR, seats=1)
    prepared = prepare(asked)
    assert prepared.decision.effective_at == datetime(2026, 5, 15, tzinfo=UTC)
    assert course_at_boundary(asked).anchor == BillingAnchor(date(2026, 5, 15), "UTC")
    year = Period(datetime(2026, 5, 15, tzinfo=UTC), datetime(2027, 5, 15, tzinfo=UTC))
    assert {line.service for line in prepared.next_invoice.lines} == {year}


def test_anchor_day_31_survives_a_change_at_a_short_months_boundary() -> None:
    # the complaint "anchor 31 drifts": the boundary is 28 February, the periods after it end on the 31st again
    subscription = a_subscription(PRO, since=date(2026, 1, 31), at=datetime(2026, 2, 10, tzinfo=UTC))
    asked = facts(subscription, STARTER, now=datetime(2026, 2, 10, tzinfo=UTC))
    assert subscription.period.end == datetime(2026, 2, 28, tzinfo=UTC)
    course = course_at_boundary(asked)
    assert course.anchor.on == date(2026, 1, 31)
    assert course.period == Period(datetime(2026, 2, 28, tzinfo=UTC), datetime(2026, 3, 31, tzinfo=UTC))


def test_anchor_day_31_survives_an_upgrade_within_the_period() -> None:
    subscription = a_subscription(PRO, since=date(2026, 1, 31), at=datetime(2026, 2, 10, tzinfo=UTC))
    asked = facts(subscription, SCALE, now=datetime(2026, 2, 10, tzinfo=UTC))
    assert course_at_once(asked).anchor == subscription.anchor
    next_service = prepare(asked).next_invoice.lines[0].service
    assert next_service == Period(datetime(2026, 2, 28, tzinfo=UTC), datetime(2026, 3, 31, tzinfo=UTC))


# --- the move ----------------------------------------------------------------------------------------------------


def components(items: tuple[SubscriptionItem, ...]) -> list[str]:
    return [item.component for item in items]


def test_more_seats_keep_the_base_item_and_replace_that_of_the_seats() -> None:
    asked = facts(a_subscription(PRO, seats=3), seats=5)
    moved = move(asked, course_at_once(asked), NumberedIds())
    assert (components(moved.closed), components(moved.opened)) == (["seats"], ["seats"])
    assert moved.subscription.quantities == {"base": 1, "seats": 5}
    assert moved.opened[0].valid_from == MID_APRIL
    assert moved.subscription.items[0] == asked.subscription.items[0]


def test_another_plan_replaces_every_item_and_a_plan_with_fewer_parts_has_fewer_items() -> None:
    asked = facts(a_subscription(PRO, seats=3), FREE)
    moved = move(asked, course_at_boundary(asked), NumberedIds())
    assert (components(moved.closed), components(moved.opened)) == (["base", "seats"], ["base"])
    assert (moved.subscription.version, moved.subscription.period) == (FREE, MAY)


def test_a_new_period_replaces_every_item_even_of_the_same_plan() -> None:
    asked = facts(a_subscription(PRO, seats=3), interval=YEAR)
    assert kept_components(asked, course_at_once(asked)) == frozenset()


# --- the promise -------------------------------------------------------------------------------------------------


def test_a_promise_holds_while_the_facts_stand() -> None:
    prepared = prepare(facts(target=SCALE))
    assert differences(promise_of(prepared), prepared) == ()
    assert tuple(promise_of(prepared)) == PARTS


def test_a_stale_promise_names_what_differs() -> None:
    promised = promise_of(prepare(facts(target=SCALE)))
    assert differences(promised, prepare(facts(target=SCALE, changes_last_day=3))) == (
        Difference("verdict", "ALLOW", "REFUSE"),
    )
    moved = facts(a_subscription(PRO, seats=2), SCALE)
    # a seat more: half of 40.00 - 25.00 now, and 40.00 with the next invoice
    assert differences(promised, prepare(moved)) == (
        Difference("lines", "107.50 USD", "115.00 USD"),
        Difference("nextInvoice", "340.00 USD", "380.00 USD"),
    )
    contract = facts(a_subscription(commitment=a_commitment()), STARTER)
    differs = differences(promise_of(prepare(facts(target=STARTER))), prepare(contract))
    assert [each.part for each in differs] == ["effectiveAt", "nextInvoice"]
    assert (differs[0].promised, differs[0].now) == ("2026-05-01T00:00:00+00:00", "2027-04-01T00:00:00+00:00")


def test_a_promise_made_before_another_change_is_stale_even_where_nothing_costs() -> None:
    # two free plans: no line and no entitlement tells the changes apart, the items do
    plus, most = a_version("free_plus", 1, 0), a_version("free_most", 2, 0)
    asked = facts(a_subscription(a_version("bare", 0, 0)), most)
    promised = promise_of(prepare(asked))
    moved = move(facts(asked.subscription, plus), course_at_once(asked), NumberedIds()).subscription
    assert differences(promised, prepare(replace(asked, subscription=moved))) == (Difference("subscription"),)


@settings(LAW, max_examples=30)
@given(asked=requests())
def test_l18_the_same_facts_prepare_the_same_change(asked: PlanChangeFacts) -> None:
    prepared = prepare(asked)
    assert prepared == prepare(replace(asked))
    assert differences(promise_of(prepared), prepare(replace(asked))) == ()


@pytest.mark.parametrize(
    ("interval", "to"), [(MONTH, None), (MONTH, YEAR), (YEAR, None), (YEAR, MONTH)], ids=lambda each: str(each)
)
def test_what_is_shown_for_the_next_period_is_what_its_renewal_bills(
    interval: BillingInterval, to: BillingInterval | None
) -> None:
    for old, new in itertools.combinations(LADDER[::-1], 2):  # every way down
        asked = facts(a_subscription(old, seats=2, interval=interval, since=date(2026, 3, 31)), new, interval=to)
        prepared = prepare(asked)
        assert prepared.decision.effective_at == asked.subscription.period.end
        course = course_at_boundary(asked)
        after = move(replace(asked, now=asked.subscription.period.end), course, NumberedIds()).subscription
        shown = [replace(line, item_id=None) for line in prepared.next_invoice.lines]
        assert shown == list(regular_lines(after.version, "USD", after.interval, after.quantities, after.period, "UTC"))


def test_a_quarter_is_three_months() -> None:
    version = a_version("pro", 2, {MONTH: 10_000, QUARTER: 27_000})
    prepared = prepare(facts(a_subscription(version), interval=QUARTER))
    assert prepared.course.period.end == datetime(2026, 7, 16, tzinfo=UTC)
    assert prepared.delta.net == usd("220.00")  # 270.00 less the half of 100.00


def test_asking_a_paused_one_for_what_it_has_moves_no_money() -> None:
    rests = replace(a_subscription(PRO, seats=2), status=SubscriptionStatus.PAUSED, items=(), paused_at=april(10))
    prepared = prepare(facts(rests))
    assert (prepared.decision.reasons[0].code, prepared.delta.lines) == ("NO_CHANGE", ())
