"""A period that a change began on its day: what counts from its start, and what is of the period before."""

from datetime import datetime

import pytest

from domain.catalog import PlanVersion
from domain.ids import ItemId
from domain.invoicing.arrears import HeldItem
from domain.invoicing.begun import counted_from_start
from domain.periods import BillingInterval, Period
from domain.subscription import SubscriptionItem
from tests.domain.invoicing.making import a_plan, flat
from tests.make import MONTH, YEAR, an_id, april

FREE, PLAN, LARGER = a_plan(code="free"), a_plan(flat(100)), a_plan(flat(200), code="larger", rank=2)
BEGINS = april(16)
Version = tuple[PlanVersion, BillingInterval, datetime, datetime | None]


def held(version: Version) -> HeldItem:
    """The base of a plan, by an interval, over a time."""
    plan, interval, since, until = version
    price = next(each for each in plan.prices if each.interval is interval)
    return HeldItem(SubscriptionItem(ItemId(an_id(f"{since}")), "base", price.id, 1, since, until), plan)


@pytest.mark.parametrize(
    ("says", "versions", "trial_left_at", "counted"),
    [
        (
            "an upgrade within the interval counts from its instant",
            [(PLAN, MONTH, BEGINS, april(16, 14)), (LARGER, MONTH, april(16, 14), None)],
            None,
            [(BEGINS, april(16, 14)), (april(16, 14), None)],
        ),
        (
            "another interval counts from the day, what it followed is of the period before",
            [(PLAN, YEAR, april(1), april(16, 14)), (PLAN, MONTH, april(16, 14), None)],
            None,
            [(BEGINS, None)],
        ),
        (
            "two changes of the interval on one day: the last one counts",
            [(PLAN, YEAR, april(1), april(16, 9)), (PLAN, BillingInterval.QUARTER, april(16, 9), april(16, 14)),
             (PLAN, MONTH, april(16, 14), None)],
            None,
            [(BEGINS, None)],
        ),
        (
            "an upgrade on the evening of the day counts from its instant",
            [(PLAN, YEAR, april(1), april(16, 9)), (PLAN, MONTH, april(16, 9), april(16, 20)),
             (LARGER, MONTH, april(16, 20), None)],
            None,
            [(BEGINS, april(16, 20)), (april(16, 20), None)],
        ),
        (
            "a free plan that is left",
            [(FREE, MONTH, april(1), april(16, 14)), (PLAN, MONTH, april(16, 14), None)],
            None,
            [(BEGINS, None)],
        ),
        (
            "a trial that is left by a change",
            [(PLAN, MONTH, april(1), april(16, 14)), (LARGER, MONTH, april(16, 14), None)],
            april(16, 14),
            [(BEGINS, None)],
        ),
        (
            "a trial that ended by itself on an earlier day",
            [(PLAN, MONTH, april(1), april(20)), (LARGER, MONTH, april(20), None)],
            BEGINS,
            [(april(1), april(20)), (april(20), None)],
        ),
    ],
)  # fmt: skip
def test_what_a_change_opened_counts_from_the_start_of_its_day(
    says: str, versions: list[Version], trial_left_at: datetime | None, counted: list[tuple[datetime, datetime | None]]
) -> None:
    period = Period(BEGINS, datetime(2026, 5, 16, tzinfo=BEGINS.tzinfo))
    found = counted_from_start([held(each) for each in versions], period, MONTH, trial_left_at)
    assert [(each.item.valid_from, each.item.valid_until) for each in found] == counted, says


def test_a_period_that_began_by_itself_keeps_its_items() -> None:
    items = (held((PLAN, MONTH, april(1), None)),)
    period = Period(BEGINS, datetime(2026, 5, 16, tzinfo=BEGINS.tzinfo))
    assert counted_from_start(items, period, MONTH) == items
