"""Law L1 beside the document: whatever comes in and goes back, what is due is never negative and nothing is lost."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import InvalidAmount, InvalidTransition
from domain.ids import InvoiceId
from domain.invoice import InvoiceStatus, Settlement
from domain.settlement import Owed, annul, lighten, pay_with_credit, receive, settled
from tests.domain.strategies import LAW
from tests.make import an_id

S = InvoiceStatus


def owed(
    total: int, *, credited: int = 0, applied: int = 0, paid: int = 0, returned: int = 0, status: S = S.OPEN
) -> Owed:
    """An invoice in dollars with what stands beside it, in cents."""
    settlement = Settlement(total, credited, applied, paid, returned)
    return Owed(InvoiceId(an_id("invoice")), status, "USD", settlement)


@pytest.mark.parametrize(
    ("says", "invoice", "amount", "due", "surplus", "status"),
    [
        ("paid in full", owed(10_000), 10_000, 0, 0, S.PAID),
        ("paid in part", owed(10_000), 4_000, 6_000, 0, S.OPEN),
        ("the rest of it", owed(10_000, paid=4_000), 6_000, 0, 0, S.PAID),
        ("after credit balance", owed(10_000, applied=2_500), 7_500, 0, 0, S.PAID),
        # 100.00 was under way when 30.00 was credited: 70.00 was due, 30.00 goes to the balance
        ("credited while under way", owed(10_000, credited=3_000), 10_000, 0, 3_000, S.PAID),
        ("voided while under way", owed(10_000, status=S.VOID), 10_000, 0, 10_000, S.VOID),
        ("paid after it was written off", owed(10_000, status=S.UNCOLLECTIBLE), 10_000, 0, 0, S.PAID),
        ("in part, after it was written off", owed(10_000, status=S.UNCOLLECTIBLE), 1, 9_999, 0, S.UNCOLLECTIBLE),
    ],
)
def test_money_that_came_in_is_never_lost(
    says: str, invoice: Owed, amount: int, due: int, surplus: int, status: S
) -> None:
    received = receive(invoice, amount)
    assert (received.invoice.due_minor, received.surplus_minor, received.invoice.status) == (due, surplus, status), says


@pytest.mark.parametrize(
    ("says", "invoice", "credit", "to_invoice", "due", "status"),
    [
        ("unpaid: it asks for less", owed(10_000), 3_000, 3_000, 7_000, S.OPEN),
        ("unpaid, whole: there is nothing to pay", owed(10_000), 10_000, 10_000, 0, S.PAID),
        ("paid: all of it goes back", owed(10_000, paid=10_000, status=S.PAID), 3_000, 0, 0, S.PAID),
        # 60.00 is still due of 100.00: that first, then 20.00 go back
        ("paid in part", owed(10_000, paid=4_000), 8_000, 6_000, 0, S.PAID),
        ("written off", owed(10_000, status=S.UNCOLLECTIBLE), 3_000, 3_000, 7_000, S.UNCOLLECTIBLE),
    ],
)
def test_a_credit_note_first_lowers_what_is_due(
    says: str, invoice: Owed, credit: int, to_invoice: int, due: int, status: S
) -> None:
    after, lowered = lighten(invoice, credit)
    assert (lowered, after.due_minor, after.status) == (to_invoice, due, status), says
    assert after.settlement.returned == credit - to_invoice


def test_no_credit_beyond_what_the_invoice_was_for() -> None:
    with pytest.raises(InvalidAmount):
        lighten(owed(10_000, credited=9_000), 1_001)
    with pytest.raises(InvalidAmount):
        lighten(owed(10_000), 0)


def test_credit_balance_pays_at_most_what_is_due() -> None:
    assert pay_with_credit(owed(10_000), 10_000).status is S.PAID
    assert pay_with_credit(owed(10_000), 0) == owed(10_000)
    with pytest.raises(InvalidAmount):
        pay_with_credit(owed(10_000, paid=1), 10_000)


def test_a_void_gives_back_the_credit_it_took_and_is_refused_once_money_came() -> None:
    assert annul(owed(10_000, applied=4_000)) == owed(10_000, status=S.VOID)
    with pytest.raises(InvalidAmount):
        annul(owed(10_000, paid=1))
    for status in (S.DRAFT, S.PAID, S.VOID, S.UNCOLLECTIBLE):
        with pytest.raises(InvalidTransition):
            annul(owed(10_000, status=status))


def test_nothing_due_is_paid_and_only_that() -> None:
    assert settled(owed(0)).status is S.PAID
    assert settled(owed(1)).status is S.OPEN
    assert settled(owed(0, status=S.DRAFT)).status is S.DRAFT


STEPS = st.lists(
    st.tuples(st.sampled_from(["pay", "credit", "apply", "write off"]), st.integers(1, 12_000)), max_size=12
)


@LAW
@given(total=st.integers(0, 10_000), steps=STEPS)
def test_l1_due_is_the_equation_and_never_negative(total: int, steps: list[tuple[str, int]]) -> None:
    invoice = settled(owed(total))
    money_in = lowered = given_back = credit_spent = 0
    for step, amount in steps:
        match step:
            case "pay":
                received = receive(invoice, amount)
                invoice, money_in, given_back = (
                    received.invoice,
                    money_in + amount,
                    given_back + received.surplus_minor,
                )
            case "credit":
                left = invoice.settlement.total - invoice.settlement.credited
                if left == 0:
                    continue
                credit = min(amount, left)
                invoice, to_invoice = lighten(invoice, credit)
                lowered, given_back = lowered + to_invoice, given_back + credit - to_invoice
            case "apply":
                spent = min(amount, invoice.due_minor)
                invoice, credit_spent = pay_with_credit(invoice, spent), credit_spent + spent
            case _:
                if invoice.status is S.OPEN:
                    invoice = replace(invoice, status=S.UNCOLLECTIBLE)
        beside = invoice.settlement
        assert beside.due == total - beside.credited - beside.applied - beside.paid + beside.returned >= 0
        assert (invoice.status is S.PAID) == (beside.due == 0)
        # what went back is what was not needed: surplus money, and credit of what had been paid
        assert beside.returned == given_back
        assert (beside.paid, beside.applied) == (money_in, credit_spent)
        assert lowered <= beside.credited
