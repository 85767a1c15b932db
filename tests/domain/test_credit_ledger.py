"""The credit balance conserves: every unit of a grant is spent, taken out, or left, and the oldest is spent first."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.credit import CreditEntryKind
from domain.credit_ledger import Ledger, ledger_of
from domain.errors import CurrencyMismatch, InvalidAmount
from domain.ids import InvoiceId
from domain.money import Money
from tests.domain.strategies import LAW
from tests.make import NumberedIds, an_id, april, usd

K = CreditEntryKind
FIRST, SECOND = InvoiceId(an_id("first")), InvoiceId(an_id("second"))


def test_the_oldest_grant_is_spent_first() -> None:
    ids = NumberedIds()
    ledger = Ledger("USD").grant(usd("10.00"), april(1), ids).grant(usd("25.00"), april(2), ids)
    spent = ledger.apply(usd("15.00"), FIRST, april(3), ids)
    # 10.00 of the first grant, 5.00 of the second
    assert [(entry.kind, entry.amount, entry.balance, entry.grant_id) for entry in spent.entries[2:]] == [
        (K.APPLIED, usd("-10.00"), usd("25.00"), ledger.grants[0].id),
        (K.APPLIED, usd("-5.00"), usd("20.00"), ledger.grants[1].id),
    ]
    assert [entry.sequence for entry in spent.entries] == [1, 2, 3, 4]
    assert spent.applied_to(FIRST) == usd("15.00")


def test_what_a_voided_invoice_took_is_spent_in_its_old_turn() -> None:
    ids = NumberedIds()
    ledger = Ledger("USD").grant(usd("10.00"), april(1), ids).apply(usd("10.00"), FIRST, april(1), ids)
    ledger = ledger.grant(usd("5.00"), april(2), ids).restore([(ledger.grants[0].id, 1000)], FIRST, april(3), ids)
    assert (ledger.balance, ledger.applied_to(FIRST)) == (usd("15.00"), usd("0.00"))
    again = ledger.apply(usd("12.00"), SECOND, april(4), ids)
    assert [entry.grant_id for entry in again.entries[-2:]] == [ledger.grants[0].id, ledger.grants[1].id]
    assert again.balance == usd("3.00")


def test_an_empty_balance_pays_nothing() -> None:
    assert Ledger("USD").apply(usd("15.00"), FIRST, april(3), NumberedIds()) == Ledger("USD")


def test_nothing_is_granted_or_taken_beyond_its_bounds() -> None:
    ids = NumberedIds()
    ledger = Ledger("USD").grant(usd("10.00"), april(1), ids)
    with pytest.raises(InvalidAmount):
        ledger.grant(usd("0.00"), april(1), ids)
    with pytest.raises(CurrencyMismatch):
        ledger.grant(Money(100, "EUR"), april(1), ids)
    with pytest.raises(InvalidAmount):
        ledger.withdraw(ledger.grants[0].id, usd("10.01"), april(1), ids, "too much")
    assert ledger.withdraw(ledger.grants[0].id, usd("4.00"), april(1), ids, "paid out").balance == usd("6.00")


@LAW
@given(
    steps=st.lists(
        st.tuples(st.sampled_from(["grant", "apply", "restore", "withdraw"]), st.integers(1, 500)), max_size=25
    )
)
def test_l35_entries_fold_to_the_ledger_and_every_grant_conserves(steps: list[tuple[str, int]]) -> None:
    ids = NumberedIds()
    ledger = Ledger("USD")
    bills: list[InvoiceId] = []
    for number, (step, amount) in enumerate(steps):
        match step:
            case "grant":
                ledger = ledger.grant(Money(amount, "USD"), april(1), ids)
            case "apply":
                bills.append(InvoiceId(an_id(f"invoice {number}")))
                ledger = ledger.apply(Money(amount, "USD"), bills[-1], april(1), ids)
            case "restore" if bills:
                bill = bills.pop()
                taken = [(e.grant_id, -e.amount.minor) for e in ledger.entries if e.invoice_id == bill and e.grant_id]
                ledger = ledger.restore(taken, bill, april(1), ids)
            case _:
                for grant in ledger.grants:
                    if grant.left_minor:
                        taken_out = Money(min(amount, grant.left_minor), "USD")
                        ledger = ledger.withdraw(grant.id, taken_out, april(1), ids, "by hand")
                        break
        folded = ledger_of("USD", ledger.entries)
        assert (folded.last_sequence, folded.balance, folded.grants) == (
            ledger.last_sequence,
            ledger.balance,
            ledger.grants,
        )
    balance = 0
    for sequence, entry in enumerate(ledger.entries, start=1):
        balance += entry.amount.minor
        assert (entry.sequence, entry.balance.minor) == (sequence, balance)
        assert balance >= 0
    for grant in ledger.grants:
        assert grant.left_minor >= 0
        moves = [entry.amount.minor for entry in ledger.entries if grant.id in (entry.id, entry.grant_id)]
        assert sum(moves) == grant.left_minor
