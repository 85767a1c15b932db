"""Invoices: their states, and lines that can be computed again."""

from dataclasses import replace
from fractions import Fraction
from itertools import product
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.errors import CurrencyMismatch, InvalidTransition
from domain.ids import InvoiceId, LineId
from domain.invoice import (
    TRANSITIONS,
    Invoice,
    InvoiceEvent,
    InvoiceLine,
    InvoiceReason,
    InvoiceStatus,
    LineExplanation,
    LineKind,
    after,
    recompute,
)
from domain.money import Money, round_half_away
from tests.domain.strategies import LAW
from tests.make import APRIL, PRO, a_subscription, usd

LAW_HERE = settings(LAW, max_examples=30)

S, E = InvoiceStatus, InvoiceEvent


def a_line(
    exact: Fraction | int, *, split: int | None = None, kind: LineKind = LineKind.PRORATION_CHARGE, cause: int = 1
) -> InvoiceLine:
    """A line of which only the explanation counts: its amount is yet to be computed."""
    subscription = a_subscription(PRO)
    return InvoiceLine(
        id=LineId(UUID(int=1)),
        subscription_id=subscription.id,
        item_id=subscription.items[0].id,
        plan_version_id=PRO.id,
        price_id=PRO.prices[0].id,
        kind=kind,
        cause=UUID(int=cause),
        description="Pro",
        quantity=1,
        unit_minor=None,
        amount=usd("0.00"),
        service=APRIL,
        explanation=LineExplanation("PRORATION", "", Fraction(exact), split_minor=split),
    )


def test_a_line_recomputes_from_basis_and_spans() -> None:
    line = a_line(0)
    line = replace(line, explanation=replace(line.explanation, basis_minor=Fraction(-10_000), part_s=1, whole_s=3))
    assert recompute([line]) == (usd("-33.33"),)


def test_lines_of_a_split_recompute_together() -> None:
    # three thirds of 1.00: together 0.34 + 0.33 + 0.33; apart they would be 0.33 each and lose a cent
    thirds = [a_line(Fraction(100, 3), split=100) for _ in range(3)]
    assert [amount.minor for amount in recompute(thirds)] == [34, 33, 33]
    assert [amount.minor for amount in recompute([a_line(Fraction(100, 3)) for _ in range(3)])] == [33, 33, 33]


def test_splits_of_two_sides_or_two_changes_do_not_mix() -> None:
    half = Fraction(1, 2)
    sides = [a_line(half, split=1), a_line(-half, split=-1, kind=LineKind.PRORATION_CREDIT), a_line(half, split=1)]
    assert [amount.minor for amount in recompute(sides)] == [1, -1, 0]
    changes = [a_line(half, split=1), a_line(half, split=1, cause=2)]
    assert [amount.minor for amount in recompute(changes)] == [1, 1]


@LAW_HERE
@given(shares=st.lists(st.fractions(0, 10**6, max_denominator=10**6), min_size=1, max_size=90))
def test_l4_a_split_of_any_number_of_lines_loses_nothing(shares: list[Fraction]) -> None:
    whole = round_half_away(sum(shares, Fraction(0)))
    amounts = recompute([a_line(share, split=whole) for share in shares])
    assert sum(amount.minor for amount in amounts) == whole
    assert all(abs(amount.minor - share) < 1 for amount, share in zip(amounts, shares, strict=True))


def an_invoice(*amounts: Money) -> Invoice:
    lines = tuple(replace(a_line(0), amount=amount) for amount in amounts)
    return Invoice(
        InvoiceId(UUID(int=1)), InvoiceReason.RENEWAL, "USD", lines, APRIL.start.date(), APRIL.end.date(), APRIL.start
    )


def test_a_total_is_the_sum_of_its_lines() -> None:
    assert an_invoice(usd("150.00"), usd("-50.00")).total == usd("100.00")
    assert an_invoice().total == usd("0.00")


def test_a_line_in_another_currency_has_no_place_on_it() -> None:
    with pytest.raises(CurrencyMismatch):
        _ = an_invoice(usd("1.00"), Money(100, "EUR")).total


@pytest.mark.parametrize(
    ("says", "status", "event", "expected"),
    [
        ("a draft is issued", S.DRAFT, E.FINALISED, S.OPEN),
        ("an open one is paid", S.OPEN, E.PAID, S.PAID),
        ("an open one is voided", S.OPEN, E.VOIDED, S.VOID),
        ("an open one is given up", S.OPEN, E.WRITTEN_OFF, S.UNCOLLECTIBLE),
        ("one given up is paid after all", S.UNCOLLECTIBLE, E.PAID, S.PAID),
    ],
)
def test_the_life_of_an_invoice(says: str, status: InvoiceStatus, event: InvoiceEvent, expected: InvoiceStatus) -> None:
    assert after(status, event) is expected, says


def test_whatever_the_table_does_not_name_is_refused_with_both_names() -> None:
    missing = [pair for pair in product(S, E) if pair not in TRANSITIONS]
    assert len(missing) == 15  # 5 statuses × 4 events, 5 of them allowed
    for status, event in missing:
        with pytest.raises(InvalidTransition, match=f"{status} has no {event}"):
            after(status, event)


def test_a_paid_or_void_invoice_never_changes_again() -> None:
    assert not [pair for pair in TRANSITIONS if pair[0] in (S.PAID, S.VOID)]
