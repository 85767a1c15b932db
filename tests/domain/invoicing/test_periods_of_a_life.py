"""How a subscription starts, pauses, resumes and ends, in money; and that its service periods tile its life."""

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.credit import CreditNoteReason
from domain.invoice import LineKind
from domain.invoicing.ending import cut_at
from domain.invoicing.span import first_period, span_of
from domain.invoicing.starting import after_trial, co_termed
from domain.periods import BillingAnchor, BillingInterval, Period, local_day, period_at, seconds_between, start_of_day
from tests.domain.invoicing.life import Life
from tests.domain.invoicing.making import ARREARS, MAY, a_discount, a_plan, each, flat, terms, used
from tests.domain.strategies import LAW, days, intervals, zones
from tests.make import APRIL, MONTH, QUARTER, YEAR, a_subscription, an_account, april, usd

PLAN = a_plan(flat(30_000), each("seats", 3_000))


def utc(year: int, month: int, day: int, hour: int = 0) -> datetime:
    return datetime(year, month, day, hour, tzinfo=UTC)


# --- starting ------------------------------------------------------------------------------------------------------


def test_the_sign_up_day_counts_whole_and_the_first_period_is_charged_in_full() -> None:
    life = Life(terms(), PLAN, on=date(2026, 4, 17), quantities={"seats": 2})
    assert life.period == Period(april(17), utc(2026, 5, 17))
    assert life.books.invoices[0].total == usd("360.00")


def test_another_anchor_day_makes_a_stub_charged_by_its_share() -> None:
    # 10 of the 30 days from 1 April to 1 May: a third of 300.00 and of 60.00
    life = Life(terms(), PLAN, on=date(2026, 4, 21), anchor_on=date(2026, 1, 1), quantities={"seats": 2})
    assert life.period == Period(april(21), APRIL.end)
    assert [(line.kind, line.amount) for line in life.books.invoices[0].lines] == [
        (LineKind.PRORATION_CHARGE, usd("100.00")),
        (LineKind.PRORATION_CHARGE, usd("20.00")),
    ]
    assert life.books.invoices[0].lines[0].explanation.sentence == (
        "21 Apr 2026 to 30 Apr 2026: Charge for the remaining 10 of 30 days of 300.00 USD: 100.00 USD,"
        " one of 2 parts of 120.00 USD rounded together."
    )
    renewal = life.renew().invoice
    assert renewal is not None
    assert (renewal.total, life.period) == (usd("360.00"), MAY)


def test_a_stub_gets_its_share_of_a_fixed_discount_of_a_minimum_and_of_arrears() -> None:
    # a third of a month: 100.00 less a third of 30.00; at its end a third of 600.00 asked for, 20.00 of seats
    plan = a_plan(flat(30_000), each("seats", 3_000, ARREARS), bound=(60_000, None))
    life = Life(
        terms(a_discount(amount=3_000)), plan, on=date(2026, 4, 21), anchor_on=date(2026, 1, 1), quantities={"seats": 2}
    )
    assert [line.amount for line in life.books.invoices[0].lines] == [usd("100.00"), usd("-10.00")]
    renewal = life.renew().invoice
    assert renewal is not None
    assert [(line.kind, line.amount) for line in renewal.lines[:2]] == [
        (LineKind.CHARGE, usd("20.00")),
        (LineKind.TRUE_UP, usd("80.00")),
    ]


@pytest.mark.parametrize(
    ("says", "interval", "anchor_on", "end", "whole_start"),
    [
        ("a day of the month", MONTH, date(2026, 1, 1), utc(2026, 5, 1), utc(2026, 4, 1)),
        ("the 31st of a month of 30", MONTH, date(2026, 1, 31), utc(2026, 4, 30), utc(2026, 3, 31)),
        ("a date of the year", YEAR, date(2020, 1, 1), utc(2027, 1, 1), utc(2026, 1, 1)),
        ("a date of quarters", QUARTER, date(2026, 2, 15), utc(2026, 5, 15), utc(2026, 2, 15)),
        ("the day itself", MONTH, date(2025, 8, 17), utc(2026, 5, 17), utc(2026, 4, 17)),
    ],
)
def test_a_first_period_ends_on_the_next_day_of_its_anchor(
    says: str, interval: BillingInterval, anchor_on: date, end: datetime, whole_start: datetime
) -> None:
    life = Life(terms(), PLAN, on=date(2026, 4, 17), interval=interval, anchor_on=anchor_on)
    assert (life.period.start, life.period.end) == (april(17), end), says
    assert span_of(life.subscription).whole == Period(whole_start, end), says


def test_an_addition_shares_the_days_of_what_is_there() -> None:
    there = a_subscription(PLAN, since=date(2026, 3, 31), at=april(10))
    first = co_termed(date(2026, 4, 10), MONTH, there)
    assert (first.anchor, first.period) == (there.anchor, Period(april(10), april(30)))
    assert there.period.end == first.period.end
    yearly = co_termed(date(2026, 4, 10), YEAR, there)
    assert yearly.period == Period(april(10), utc(2027, 3, 31))


def test_a_trial_is_followed_by_a_period_of_its_own_from_the_day_it_ends() -> None:
    first = after_trial(april(15, 9), "UTC", MONTH)
    assert (first.anchor, first.period) == (
        BillingAnchor(date(2026, 4, 15), "UTC"),
        Period(april(15), utc(2026, 5, 15)),
    )


# --- pausing -------------------------------------------------------------------------------------------------------


def test_a_pause_gives_the_rest_back_and_a_resume_charges_to_the_next_boundary() -> None:
    # 10 of 30 days used; back for the last 15: −200.00 − 40.00, then +150.00 + 30.00
    life = Life(terms(tax=10), PLAN, quantities={"seats": 2})
    paused = life.pause(april(11))
    (note,) = paused.credit_notes
    assert (paused.invoice, note.reason) == (None, CreditNoteReason.PAUSE)
    assert (note.subtotal, note.tax) == (usd("240.00"), usd("24.00"))
    resumed = life.resume(april(16)).invoice
    assert resumed is not None
    assert (resumed.subtotal, resumed.tax) == (usd("180.00"), usd("18.00"))
    assert {line.service for line in resumed.lines} == {Period(april(16), APRIL.end)}
    assert life.period == APRIL
    assert life.renew().invoice.subtotal == usd("360.00")  # type: ignore[union-attr]


def test_a_resume_in_a_later_period_keeps_the_anchor_and_bills_what_was_used_before_the_pause() -> None:
    plan = a_plan(flat(30_000), used("calls", 100))
    life = Life(terms(), plan, on=date(2026, 3, 31))
    life.use("calls", april(2), 7)
    life.pause(april(10))
    resumed = life.resume(utc(2026, 6, 15)).invoice
    assert life.period == Period(utc(2026, 5, 31), utc(2026, 6, 30))
    assert resumed is not None
    # 15 of the 30 days from 31 May to 30 June are left
    assert [(line.kind, line.amount) for line in resumed.lines] == [
        (LineKind.USAGE, usd("7.00")),
        (LineKind.PRORATION_CHARGE, usd("150.00")),
    ]


def test_a_pause_over_a_renewal_uses_up_no_period_of_a_coupon() -> None:
    life = Life(terms(a_discount(50, periods=2)), a_plan(flat(30_000)))
    life.pause(april(16))
    life.resume(utc(2026, 6, 16))  # half of June: 150.00, the second period that is covered
    assert life.books.invoices[-1].discount == usd("75.00")
    assert life.renew().invoice.discount == usd("0.00")  # type: ignore[union-attr]


def test_a_resume_in_the_same_period_is_discounted_as_that_period_is_and_a_fixed_amount_once() -> None:
    # 30.00 off April: 15.00 of them went back with the credit of the second half, and come with its charge
    life = Life(terms(a_discount(amount=3_000, periods=1)), a_plan(flat(30_000)))
    life.pause(april(16))
    assert life.books.notes[0].total == usd("135.00")
    resumed = life.resume(april(16)).invoice
    assert resumed is not None
    assert [line.amount for line in resumed.lines] == [usd("150.00"), usd("-15.00")]


# --- ending --------------------------------------------------------------------------------------------------------


def test_an_end_at_once_bills_what_was_used_and_gives_back_what_was_not() -> None:
    plan = a_plan(flat(30_000), each("seats", 3_000, ARREARS), used("calls", 100))
    life = Life(terms(), plan, quantities={"seats": 2})
    life.use("calls", april(3), 5)
    ended = life.end(april(11))
    # a third of 60.00 for seats, 5.00 of use; 200.00 go back, which is more
    assert ended.invoice is not None
    assert [(line.kind, line.amount) for line in ended.invoice.lines] == [
        (LineKind.CHARGE, usd("20.00")),
        (LineKind.USAGE, usd("5.00")),
    ]
    (note,) = ended.credit_notes
    assert (note.subtotal, note.reason) == (usd("200.00"), CreditNoteReason.CANCELLATION)


def test_an_end_at_once_without_credit_bills_what_was_used_alone() -> None:
    life = Life(terms(), a_plan(flat(30_000), used("calls", 100)))
    life.use("calls", april(3), 5)
    ended = life.end(april(11), gives_back_unused=False)
    assert ended.credit_notes == ()
    assert ended.invoice is not None
    assert ended.invoice.total == usd("5.00")


def test_a_period_that_ends_as_it_begins_was_none() -> None:
    span = span_of(a_subscription(PLAN))
    assert cut_at(span, APRIL.start) is None
    cut = cut_at(span, april(16))
    assert cut is not None
    assert (cut.period, cut.whole) == (Period(APRIL.start, april(16)), APRIL)
    assert cut.share == Fraction(1, 2)


def test_a_new_period_in_the_middle_bills_the_arrears_of_the_old_one() -> None:
    plan = a_plan(flat(30_000), each("seats", 3_000, ARREARS), used("calls", 100))
    life = Life(terms(), plan, quantities={"seats": 2})
    life.use("calls", april(3), 5)
    life.change(april(16), interval=YEAR)
    _, arrears, delta = life.books.invoices
    # half a month of two seats, and the use; then half of 300.00 back for a year at ten months' price
    assert [line.amount for line in arrears.lines] == [usd("30.00"), usd("5.00")]
    assert [line.amount for line in delta.lines] == [usd("-150.00"), usd("3000.00")]
    assert life.period == Period(april(16), utc(2027, 4, 16))


# --- laws ----------------------------------------------------------------------------------------------------------

LAW_OF_PERIODS = settings(LAW, max_examples=30)


@LAW_OF_PERIODS
@given(on=days, zone=zones, interval=intervals, anchor_on=st.one_of(st.none(), days))
def test_l16_a_first_period_starts_on_its_day_and_ends_on_its_anchor(
    on: date, zone: str, interval: BillingInterval, anchor_on: date | None
) -> None:
    first = first_period(on, zone, interval, anchor_on)
    assert first.period.start == start_of_day(on, zone)
    around = period_at(first.anchor, interval, first.period.start)
    assert around.end == first.period.end
    assert around.covers(first.period)


@LAW_OF_PERIODS
@given(data=st.data(), on=days, zone=zones, interval=intervals)
def test_l15_and_l16_services_of_an_item_tile_its_life_less_its_pauses(
    data: st.DataObject, on: date, zone: str, interval: BillingInterval
) -> None:
    anchor_on = data.draw(st.one_of(st.none(), days))
    plan = a_plan(flat(30_000), each("seats", 3_000, ARREARS), used("calls", 100))
    account = an_account(zone=zone)
    life = Life(
        terms(account=account),
        plan,
        on=on,
        interval=interval,
        anchor_on=anchor_on,
        quantities={"seats": 2},
    )
    begins, at = life.period.start, life.period.start
    paused: list[Period] = []
    periods = [life.period]
    for _ in range(data.draw(st.integers(1, 4))):
        if data.draw(st.booleans()):
            at = life.period.start + timedelta(seconds=data.draw(st.integers(0, int(life.period.seconds) - 2)))
            at = max(at, paused[-1].end if paused else at)
            back = at + timedelta(seconds=data.draw(st.integers(1, 100 * 86_400)))
            life.pause(at)
            life.resume(back)
            paused.append(Period(at, back))
        else:
            at = life.period.end
            life.renew()
        if periods[-1] != life.period:
            periods.append(life.period)
    for earlier, later in pairwise(periods):
        assert earlier.end <= later.start
        assert local_day(later.end, zone).day in (life.subscription.anchor.on.day, 28, 29, 30)
    ended = life.period.end
    in_force = [
        Period(debit.service.start, debit.ends_at)
        for debit in life.books.debits
        if debit.component == "base" and debit.service.start < debit.ends_at
    ]
    spent = sum((each.seconds for each in paused), start=Fraction(0))
    assert sum((each.seconds for each in in_force), start=Fraction(0)) == seconds_between(begins, ended) - spent
    by_item: dict[object, list[Period]] = {}
    for debit in life.books.debits:
        if debit.component == "base" and debit.service.start < debit.ends_at:
            by_item.setdefault(debit.item_id, []).append(Period(debit.service.start, debit.ends_at))
    for own in by_item.values():
        assert all(earlier.end == later.start for earlier, later in pairwise(own))
