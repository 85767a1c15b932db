"""What a period is charged at its end: quantities by their time in force, and what meters counted."""

from datetime import UTC, datetime

import pytest

from domain.invoice import InvoiceStatus, LineKind
from domain.usage import Aggregation
from tests.domain.invoicing.life import Life
from tests.domain.invoicing.making import ARREARS, MAY, a_plan, each, flat, terms, tiered, used
from tests.make import APRIL, april, usd


def amounts(life: Life, kind: LineKind) -> list[tuple[str, str]]:
    """The lines of a kind: what for, and what they state."""
    return [(line.description, line.stated.amount()) for line in life.books.lines if line.kind is kind]


def test_a_quantity_in_arrears_is_charged_at_the_periods_end_and_not_at_its_start() -> None:
    life = Life(terms(), a_plan(flat(10_000), each("seats", 2_500, ARREARS)), quantities={"seats": 3})
    assert amounts(life, LineKind.CHARGE) == [("Plan", "100.00")]
    renewal = life.renew().invoice
    assert renewal is not None
    assert [(line.description, line.service, line.amount) for line in renewal.lines] == [
        ("Plan: Seats × 3", APRIL, usd("75.00")),
        ("Plan", MAY, usd("100.00")),
    ]


def test_each_version_of_a_quantity_in_arrears_is_charged_for_its_time() -> None:
    # 2 seats for 10 days, 5 for 20: 50.00 × ⅓ = 16.666…, 125.00 × ⅔ = 83.333…: together exactly 100.00
    life = Life(terms(), a_plan(flat(10_000), each("seats", 2_500, ARREARS)), quantities={"seats": 2})
    assert life.change(april(11), seats=5).invoice is None
    renewal = life.renew().invoice
    assert renewal is not None
    assert [line.amount for line in renewal.lines] == [usd("16.67"), usd("83.33"), usd("100.00")]
    assert renewal.lines[0].explanation.sentence == (
        "1 Apr 2026 to 10 Apr 2026: Charge for 10 of 30 days of 50.00 USD: 16.67 USD,"
        " one of 2 parts of 100.00 USD rounded together."
    )


def test_use_is_charged_after_the_period_and_never_prorated() -> None:
    life = Life(terms(), a_plan(flat(10_000), used("calls", 2)))
    life.use("calls", april(3), 40)
    life.use("calls", april(29), 60)
    life.use("calls", MAY.start, 1_000)  # the next period's
    (usage, base) = life.renew().invoice.lines  # type: ignore[union-attr]
    assert (usage.kind, usage.quantity, usage.amount, usage.service) == (LineKind.USAGE, 100, usd("2.00"), APRIL)
    assert base.amount == usd("100.00")


def test_a_sum_is_split_at_a_change_and_its_tiers_count_on() -> None:
    # first 100 at 0.10, then 0.05. 80 before the change, 50 after: 8.00, then 20 at 0.10 and 30 at 0.05: 3.50
    plan = tiered("calls", (100, 10), (None, 5))
    life = Life(terms(), a_plan(flat(10_000), plan))
    life.use("calls", april(2), 80)
    life.change(april(16), a_plan(flat(30_000), plan, code="scale", rank=2))
    life.use("calls", april(20), 50)
    life.renew()
    usage = [line for line in life.books.lines if line.kind is LineKind.USAGE]
    assert [(line.quantity, line.amount) for line in usage] == [(80, usd("8.00")), (50, usd("3.50"))]
    assert [line.service.start for line in usage] == [APRIL.start, april(16)]


@pytest.mark.parametrize(
    ("says", "aggregation", "quantity"),
    [("the most of it", Aggregation.MAX, 90), ("the last of it", Aggregation.LATEST, 30)],
)
def test_a_figure_that_cannot_be_split_is_priced_by_the_version_at_the_end(
    says: str, aggregation: Aggregation, quantity: int
) -> None:
    life = Life(terms(), a_plan(flat(10_000), used("contacts", 1, aggregation)))
    life.use("contacts", april(2), 90)
    life.change(april(16), a_plan(flat(30_000), used("contacts", 3, aggregation), code="scale", rank=2))
    life.use("contacts", april(20), 30)
    life.renew()
    (usage,) = [line for line in life.books.lines if line.kind is LineKind.USAGE]
    assert (usage.quantity, usage.amount.minor, usage.service) == (quantity, 3 * quantity, APRIL), says


def test_a_count_counts_events_whatever_they_say() -> None:
    life = Life(terms(), a_plan(flat(0), used("tickets", 150, Aggregation.COUNT)))
    for day in (1, 2, 3):
        life.use("tickets", april(day), 99)
    assert [line.amount for line in life.renew().invoice.lines] == [usd("4.50")]  # type: ignore[union-attr]


def test_no_use_leaves_a_line_of_nothing_so_that_late_use_finds_its_invoice_waiting() -> None:
    life = Life(terms(), a_plan(flat(10_000), used("calls", 2)))
    renewal = life.renew().invoice
    assert renewal is not None
    assert [(line.description, line.amount) for line in renewal.lines] == [
        ("Plan: 0 Calls", usd("0.00")),
        ("Plan", usd("100.00")),
    ]
    assert renewal.finalised_at == datetime(2026, 5, 2, tzinfo=UTC)  # a day's grace
    assert renewal.status is InvoiceStatus.OPEN


def test_a_use_that_is_free_leaves_no_line_and_waits_for_nothing() -> None:
    life = Life(terms(), a_plan(flat(10_000), used("calls", 0)))
    life.use("calls", april(3), 40)
    renewal = life.renew().invoice
    assert renewal is not None
    assert ([line.description for line in renewal.lines], renewal.finalised_at) == (["Plan"], APRIL.end)


def test_a_component_that_a_plan_drops_is_charged_for_the_time_it_was_there() -> None:
    life = Life(terms(), a_plan(flat(10_000), each("seats", 3_000, ARREARS)), quantities={"seats": 1})
    life.change(april(11), a_plan(flat(10_000), code="bare", rank=2))
    assert [line.stated for line in life.renew().invoice.lines] == [usd("10.00"), usd("100.00")]  # type: ignore[union-attr]
