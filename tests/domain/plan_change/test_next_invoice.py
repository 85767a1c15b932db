"""The next regular invoice that is shown before a change is the one that is billed after it."""

from dataclasses import replace
from datetime import datetime

import pytest

from domain.catalog import PlanVersion
from domain.invoicing.arrears import HeldItem
from domain.periods import BillingInterval
from domain.plan_change.prepare import Prepared, prepare
from tests.domain.invoicing.life import Life
from tests.domain.invoicing.making import ARREARS, a_discount, a_plan, each, flat, terms, used
from tests.make import MONTH, QUARTER, YEAR, april, facts

PLAN = a_plan(flat(10_000), each("seats", 1_000), each("hosts", 333, ARREARS), bound=(40_000, None))
LARGER = a_plan(
    flat(20_000), each("seats", 1_500), each("hosts", 250, ARREARS), code="larger", rank=2, bound=(None, 25_000)
)
BY_USE = a_plan(flat(10_000), each("hosts", 333, ARREARS), used("calls", 2), bound=(40_000, None))


def shown(
    life: Life, at: datetime, target: PlanVersion, interval: BillingInterval | None, **quantities: int
) -> Prepared:
    """What a customer is shown at an instant."""
    held = tuple(HeldItem(item, life.versions[item.id]) for item in life.books.items.values())
    asked = facts(
        life.subscription, target, now=at, interval=interval, quantities=quantities, account=life.account,
        debits=life.books.debits, terms=life.terms,
    )  # fmt: skip
    return prepare(replace(asked, held=held))


@pytest.mark.parametrize(
    ("says", "target", "interval", "quantities"),
    [
        ("more hosts from the 16th on", PLAN, MONTH, {"hosts": 20}),
        ("more seats, hosts as they were", PLAN, MONTH, {"seats": 5}),
        ("another plan", LARGER, MONTH, {}),
        ("a longer interval, from that day", PLAN, QUARTER, {}),
        ("another plan by the year", LARGER, YEAR, {"hosts": 30}),
    ],
)
def test_the_next_invoice_is_shown_with_its_quantities_in_arrears_and_its_minimum(
    says: str, target: PlanVersion, interval: BillingInterval, quantities: dict[str, int]
) -> None:
    life = Life(terms(a_discount(amount=3_333, periods=None), tax=19), PLAN, quantities={"hosts": 10, "seats": 2})
    life.change(april(10, 8), PLAN, hosts=12)
    prepared = shown(life, april(16, 14), target, interval, **quantities)
    assert prepared.is_immediate
    life.change(april(16, 14), target, interval=interval, **quantities)
    billed = life.renew().invoice
    assert billed is not None
    promised = prepared.next_invoice
    assert [(line.kind, line.stated, line.service) for line in promised.lines] == [
        (line.kind, line.stated, line.service) for line in billed.lines
    ], says
    assert any(line.component == "hosts" for line in promised.lines)
    assert promised.total == billed.total


def test_what_waits_for_the_boundary_shows_the_arrears_of_what_was() -> None:
    life = Life(terms(), LARGER, quantities={"hosts": 10})
    prepared = shown(life, april(16), PLAN, None)
    assert not prepared.is_immediate
    # 10 hosts at 2.50 in arrears of April, at most 250.00; then the smaller plan
    lines = [(line.component, line.stated.minor) for line in prepared.next_invoice.lines]
    assert lines == [("hosts", 2_500), ("base", 10_000)]


def test_nothing_is_shown_in_advance_of_one_that_is_about_to_end() -> None:
    life = Life(terms(), PLAN, quantities={"hosts": 10})
    life.subscription = replace(life.subscription, cancel_at=life.period.end)
    prepared = shown(life, april(16), PLAN, None, hosts=20)
    assert {line.component for line in prepared.next_invoice.lines} == {"hosts", None}


def test_a_minimum_that_depends_on_use_is_not_shown_ahead() -> None:
    life = Life(terms(), BY_USE, quantities={"hosts": 10})
    prepared = shown(life, april(16), BY_USE, None, hosts=20)
    assert {line.component for line in prepared.next_invoice.lines} == {"hosts", "base"}
