"""Which change is paid first, until when, and which money still counts."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from domain.account import Account, PaymentTerms
from domain.ids import AccountId
from domain.money import Money
from domain.periods import Period
from domain.plan_change.awaiting import asks_for_money, asks_to_pay, is_in_time, lapses_at
from domain.plan_change.prepare import prepare
from domain.plan_change.verdict import RemedyAction, Verdict
from tests.make import A_CHANGE_TO_PAY, ACCOUNT, APRIL, PRO, SCALE, STARTER, an_id, april, facts

ON_RECEIPT = replace(ACCOUNT, terms=PaymentTerms(0))
LAPSES = april(17)


@pytest.mark.parametrize(
    ("why", "account", "target", "balance", "waits"),
    # from Pro with a seat, 125.00, to Scale, 340.00, halfway: 107.50 more
    [
        ("due on receipt", ON_RECEIPT, SCALE, 0, True),
        ("a cent is missing", ON_RECEIPT, SCALE, 10_749, True),
        ("the balance pays it", ON_RECEIPT, SCALE, 10_750, False),
        ("on terms", replace(ACCOUNT, terms=PaymentTerms(1)), SCALE, 0, False),
        ("the parent pays", replace(ON_RECEIPT, payer_id=AccountId(an_id("parent"))), SCALE, 0, False),
        ("more comes back", ON_RECEIPT, STARTER, 0, False),
        ("nothing changes", ON_RECEIPT, PRO, 0, False),
    ],
)
def test_what_asks_for_money_is_paid_first(
    why: str, account: Account, target: object, balance: int, waits: bool
) -> None:
    bill = prepare(facts(target=target, now=april(16))).delta.bill  # type: ignore[arg-type]
    assert asks_for_money(account, bill, Money(balance, "USD")) is waits, why


def test_what_waits_out_its_usage_is_no_invoice_to_pay() -> None:
    bill = prepare(facts(target=SCALE, now=april(16))).delta.bill
    assert not asks_for_money(ON_RECEIPT, replace(bill, finalise_at=april(19)), Money(0, "USD"))


@pytest.mark.parametrize(
    ("accepted", "lapses"),
    [(april(16, 7), april(17, 7)), (APRIL.end - timedelta(hours=24), APRIL.end), (APRIL.end - timedelta(1), APRIL.end),
     (APRIL.end - timedelta(seconds=1), APRIL.end)],
)  # fmt: skip
def test_it_waits_a_day_and_never_beyond_its_period(accepted: datetime, lapses: datetime) -> None:
    assert lapses_at(accepted, Period(APRIL.start, APRIL.end)) == lapses


@pytest.mark.parametrize(
    ("asked_at", "at", "counts"),
    [
        (april(16), april(16), True),
        (april(16), LAPSES - timedelta(microseconds=1), True),
        (LAPSES, LAPSES, False),
        # asked for in time, answered late: as long as the period lasts
        (LAPSES - timedelta(seconds=1), LAPSES, True),
        (april(16), APRIL.end, True),
        (april(16), APRIL.end + timedelta(seconds=1), False),
    ],
)
def test_money_counts_by_when_it_was_asked_for(asked_at: datetime, at: datetime, counts: bool) -> None:
    assert is_in_time(LAPSES, APRIL.end, asked_at, at) is counts


def test_whoever_waits_is_told_what_to_pay() -> None:
    assert A_CHANGE_TO_PAY.invoice_id is not None
    reason = asks_to_pay(A_CHANGE_TO_PAY.invoice_id, LAPSES)
    assert (reason.code, reason.verdict) == ("AWAITING_PAYMENT", Verdict.ALLOW)
    assert reason.remedy is not None
    assert (reason.remedy.action, reason.remedy.target) == (RemedyAction.PAY_INVOICE, f"inv_{an_id('to pay').hex}")
