"""What a period charges in advance, in words and numbers, and the invoice that it becomes."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.account import Account
from domain.catalog import PlanVersion
from domain.invoice import REGULAR, Invoice, InvoiceReason, InvoiceStatus, LineKind, recompute
from domain.invoicing.bill import bill
from domain.invoicing.documents import Heading, issue
from domain.invoicing.draft import DraftLine, days_of, describe
from domain.invoicing.regular import regular_lines
from domain.invoicing.terms import untaxed
from domain.money import Money
from domain.periods import Period, period_at
from domain.pricing.model import PriceTier
from tests.domain.strategies import LAW
from tests.make import (
    ACCOUNT,
    APRIL,
    FREE,
    MONTH,
    PRO,
    STARTER,
    YEAR,
    NumberedIds,
    a_subscription,
    a_version,
    an_account,
    april,
    usd,
)

LAW_HERE = settings(LAW, max_examples=30)


def lines_of(version: PlanVersion = PRO, seats: int = 3, **quantities: int) -> tuple[DraftLine, ...]:
    return regular_lines(version, "USD", MONTH, {"base": 1, "seats": seats, **quantities}, APRIL, "UTC")


def test_a_period_is_charged_in_full_in_the_plans_order() -> None:
    base, seats = lines_of()
    assert (base.description, base.stated, base.quantity, base.unit_minor) == ("Pro", usd("100.00"), 1, None)
    assert (seats.description, seats.stated, seats.quantity) == ("Pro: Seats × 3", usd("75.00"), 3)
    assert seats.unit_minor == 2_500
    assert {line.service for line in (base, seats)} == {APRIL}
    assert {line.kind for line in (base, seats)} == {LineKind.CHARGE}
    assert base.explanation.sentence == "1 Apr 2026 to 30 Apr 2026: A flat fee of 100.00 USD."
    assert seats.explanation.sentence == "1 Apr 2026 to 30 Apr 2026: 3 × 25.00 USD = 75.00 USD."


@pytest.mark.parametrize(
    ("says", "version", "seats", "components"),
    [
        ("a free plan", FREE, 1, []),
        ("no seats", PRO, 0, ["base"]),
        ("a component that costs nothing", a_version("half_free", 1, 10_000, 0), 3, ["base"]),
        ("a base that costs nothing", a_version("seats_only", 1, 0, 900), 3, ["seats"]),
    ],
)
def test_what_costs_nothing_leaves_no_line(says: str, version: PlanVersion, seats: int, components: list[str]) -> None:
    assert [line.component for line in lines_of(version, seats)] == components, says


def test_an_interval_or_currency_the_plan_is_not_sold_in_leaves_no_line() -> None:
    by_month = a_version("by_month", 1, {MONTH: 10_000})
    assert regular_lines(by_month, "USD", YEAR, {"base": 1}, APRIL, "UTC") == ()
    assert regular_lines(by_month, "EUR", MONTH, {"base": 1}, APRIL, "UTC") == ()


def test_a_unit_price_finer_than_a_cent_is_rounded_once_on_the_line() -> None:
    # 0.0025 dollars a seat × 3 = 0.0075 → 0.01; rounded a seat at a time it would be nothing
    prices = tuple(
        replace(price, tiers=(PriceTier(None, Decimal("0.25")),)) if price.component == "seats" else price
        for price in PRO.prices
    )
    _, seats = lines_of(replace(PRO, prices=prices))
    assert (seats.stated, seats.explanation.basis_minor) == (usd("0.01"), Fraction(3, 4))
    assert "rounded to 0.01 USD" in seats.explanation.sentence


def test_what_a_line_is_for() -> None:
    assert describe(PRO, "base", 1) == "Pro"
    assert describe(STARTER, "seats", 12) == "Starter: Seats × 12"
    assert describe(PRO, "gone", 2) == "Pro: gone × 2"


@pytest.mark.parametrize(
    ("says", "zone", "start", "end", "expected"),
    [
        ("a month", "UTC", APRIL.start, APRIL.end, "1 Apr 2026 to 30 Apr 2026"),
        ("local days, not those of UTC", "America/New_York", april(1, 4), april(30, 4), "1 Apr 2026 to 29 Apr 2026"),
        ("a part of a day is that day", "UTC", april(16, 15), april(17), "16 Apr 2026 to 16 Apr 2026"),
    ],
)
def test_the_days_of_a_service(says: str, zone: str, start: datetime, end: datetime, expected: str) -> None:
    assert days_of(Period(start, end), zone) == expected, says


def issued(
    drafts: Sequence[DraftLine], account: Account = ACCOUNT, at: datetime = APRIL.start, cause: UUID = REGULAR
) -> Invoice:
    items = {item.component: item.id for item in a_subscription(PRO).items}
    heading = Heading(InvoiceReason.RENEWAL, a_subscription(PRO).id, APRIL, items, cause)
    invoice = issue(bill(drafts, untaxed(account), at), account, heading, NumberedIds()).invoice
    assert invoice is not None
    return invoice


def test_an_invoice_is_issued_on_the_accounts_own_day_and_due_by_its_terms() -> None:
    items = {item.component: item.id for item in a_subscription(PRO).items}
    kiritimati = an_account(zone="Pacific/Kiritimati")  # 14 hours ahead: the 2nd there
    invoice = issued(lines_of(), kiritimati, april(1, 10))
    assert (invoice.issued_on, invoice.due_on) == (date(2026, 4, 2), date(2026, 4, 16))
    assert (invoice.status, invoice.number, invoice.total) == (InvoiceStatus.OPEN, None, usd("175.00"))
    assert [line.cause for line in invoice.lines] == [REGULAR, REGULAR]
    assert [line.item_id for line in invoice.lines] == [items["base"], items["seats"]]


def test_lines_of_a_change_carry_its_id_as_their_cause() -> None:
    invoice = issued(lines_of(), cause=UUID(int=7))
    assert {line.cause for line in invoice.lines} == {UUID(int=7)}


def test_an_invoice_over_nothing_is_paid_as_it_is_issued() -> None:
    base, _ = lines_of()
    back = replace(base, kind=LineKind.PRORATION_CREDIT, stated=-base.stated)
    invoice = issued((back, base))
    assert (invoice.total, invoice.status) == (usd("0.00"), InvoiceStatus.PAID)


def test_an_invoice_never_gives_money_back() -> None:
    # there is no line yet that could give it: nothing is written at all
    base, _ = lines_of()
    nothing = bill([replace(base, kind=LineKind.MAXIMUM, stated=usd("-0.01"))], untaxed(ACCOUNT), april(1))
    assert nothing.is_empty
    assert nothing.total == usd("0.00")


@LAW_HERE
@given(base=st.integers(0, 10**9), seat=st.integers(0, 10**6), seats=st.integers(1, 10_000))
def test_l8_every_regular_line_recomputes_to_its_amount(base: int, seat: int, seats: int) -> None:
    invoice = issued(lines_of(a_version("any", 1, {MONTH: base + 1}, {MONTH: seat}), seats))
    stripped = tuple(replace(line, amount=Money.zero("USD")) for line in invoice.lines)
    assert recompute(stripped) == tuple(line.amount for line in invoice.lines)
    assert invoice.total.minor == sum(line.amount.minor for line in invoice.lines)


def test_a_year_in_new_york_is_charged_from_its_own_midnight() -> None:
    account = an_account(zone="America/New_York")
    subscription = a_subscription(PRO, interval=YEAR, account=account)
    assert subscription.period == period_at(subscription.anchor, YEAR, datetime(2026, 7, 1, tzinfo=UTC))
    lines = regular_lines(PRO, "USD", YEAR, {"base": 1}, subscription.period, account.zone)
    assert lines[0].explanation.sentence == "1 Apr 2026 to 31 Mar 2027: A flat fee of 1000.00 USD."
