"""A parent's consolidated invoice: over its children's invoices, paid oldest first, dunned instead of them."""

import asyncio
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import pytest

from db.engine import Database
from db.queries.accounts import account as account_for
from db.queries.consolidated import due_for_a_step
from db.tables import accounts
from domain.account import Account
from domain.actor import Role, customer
from domain.commands import CreditDestination, PayConsolidatedInvoice, PayInvoice, SetConsolidation
from domain.errors import Forbidden, InvalidInput, NotFound
from domain.ids import AccountId, ConsolidatedInvoiceId, UserId
from domain.payment import PaymentStatus
from operations.accounts.set_consolidation import ConsolidationSet, set_consolidation
from operations.accounts.write_account import Member, NewAccount, write_account
from operations.asking import NotNow
from operations.invoices.consolidate_invoices import consolidate_invoices
from operations.payments.dun_consolidated import dun_consolidated
from operations.payments.pay import pay
from operations.payments.payment_outcome import PaymentKnown
from operations.payments.settle_consolidated import settle_consolidated
from operations.use.entitle import entitle
from tests.make import PRO, STARTER, april, usd
from tests.operations.money import FINANCE, B, Till, assert_balanced
from tests.stored import Customer, a_world

MAY = datetime.fromisoformat("2026-05-01T00:00+00:00")


@pytest.fixture(scope="module")
async def till(database: Database) -> Till:
    """A counter in a world of this module's own."""
    return Till(await a_world(database))


@dataclass
class Family:
    """A parent on 10 days' terms that consolidates on the 10th, and two children."""

    parent: Customer
    children: list[Customer]


async def a_family(till: Till, *, is_consolidated: bool = True, zone: str = "UTC") -> Family:
    """A parent in a zone, with two children that have their own owners."""
    parent = await till.world.customer(net_days=10, zone=zone)
    children = [await a_child(till, parent) for _ in range(2)]
    if is_consolidated:
        outcome = await consolidating(till, parent, 10, [child.id for child in children])
        assert isinstance(outcome, ConsolidationSet)
    return Family(parent, children)


async def a_child(till: Till, parent: Customer, currency: str = "USD") -> Customer:
    """An account below another."""
    made = till.world
    name = f"child-{made.ids.new().hex[-12:]}"
    account: Account = replace(
        parent.account, id=AccountId(made.ids.new()), name=name, currency=currency, parent_id=parent.id
    )
    owner, viewer = UserId(made.ids.new()), UserId(made.ids.new())
    members = (
        Member(owner, "Ola", f"ola@{name}.example", Role.OWNER),
        Member(viewer, "Vic", f"vic@{name}.example", Role.VIEWER),
    )
    async with made.unit(april(1)) as unit:
        await write_account(unit, NewAccount(account, name, members), april(1))
    return Customer(account, customer(owner), customer(viewer))


async def consolidating(
    till: Till, parent: Customer, day: int | None, child_ids: list[AccountId], at: datetime | None = None
) -> Any:
    """Finance sets it."""
    command = SetConsolidation(parent.id, day, tuple(child_ids), till.world.ids.new().hex)
    async with till.world.unit(at or april(1), FINANCE) as unit:
        return await set_consolidation(unit, command)


async def consolidate(till: Till, family: Family, at: datetime | None = None) -> ConsolidatedInvoiceId | None:
    """The parent's day comes: 10 April unless told otherwise."""
    at = at or april(10)
    async with till.world.unit(at) as unit:
        found = await account_for(unit.session, unit.scope, family.parent.id, for_change=True)
        assert found is not None
        return await consolidate_invoices(unit, found.account, at)


async def pay_all(till: Till, family: Family, document: ConsolidatedInvoiceId, at: datetime | None = None) -> Any:
    """The parent's owner pays the document."""
    command = PayConsolidatedInvoice(document, till.world.ids.new().hex)
    return await pay(till.units(family.parent.owner, at or april(12)), till.provider, command)


async def the_bills(till: Till, family: Family) -> list[Any]:
    """The children's invoices, the first child's first."""
    return [row for child in family.children for row in await till.world.of(child, "invoices", "drafted_at, id")]


async def test_children_wait_for_the_parents_day(till: Till) -> None:
    family = await a_family(till)
    one, other = family.children
    await till.world.subscribe(one, PRO)
    await till.world.subscribe(other, STARTER)
    bills = await the_bills(till, family)
    # neither is collected by itself
    assert {(bill.payer_account_id, bill.next_step_at) for bill in bills} == {(family.parent.id, None)}
    (row,) = await till.world.rows("SELECT consolidate_at FROM accounts WHERE id = :id", id=family.parent.id)
    assert row.consolidate_at == april(10)
    document = await consolidate(till, family)
    assert document is not None
    (made,) = await till.world.of(family.parent, "consolidated_invoices")
    # 125.00 for Pro with a seat, 29.00 for Starter with one; ten days' terms from 10 April
    assert (made.total_minor, made.invoices, str(made.issued_on), str(made.due_on)) == (
        15_400, 2, "2026-04-10", "2026-04-20",
    )  # fmt: skip
    assert made.number.startswith("ACME-CON-")
    assert made.next_step_at == april(20)
    bills = await the_bills(till, family)
    assert {(bill.consolidated_invoice_id, str(bill.consolidated_due_on)) for bill in bills} == {
        (document, "2026-04-20")
    }
    (row,) = await till.world.rows("SELECT consolidate_at FROM accounts WHERE id = :id", id=family.parent.id)
    assert str(row.consolidate_at.date()) == "2026-05-10"
    # nothing waits any more: no second document
    assert await consolidate(till, family) is None


async def test_the_day_is_the_parents_own(till: Till) -> None:
    family = await a_family(till, zone="America/New_York")
    (row,) = await till.world.rows("SELECT consolidate_at FROM accounts WHERE id = :id", id=family.parent.id)
    assert row.consolidate_at == april(10, 4)  # four hours behind in April


async def test_paying_the_document_pays_the_children_oldest_first(till: Till) -> None:
    family = await a_family(till)
    one, other = family.children
    await till.world.subscribe(one, PRO, at=april(1))
    await till.world.subscribe(other, STARTER, at=april(2))
    document = await consolidate(till, family)
    assert document is not None
    await till.card(family.parent)
    outcome = await pay_all(till, family, document)
    assert isinstance(outcome, PaymentKnown)
    assert outcome.status is PaymentStatus.SUCCEEDED
    assert [(bill.status, bill.paid_minor) for bill in await the_bills(till, family)] == [
        ("PAID", 12_500), ("PAID", 2_900),
    ]  # fmt: skip
    (payment,) = await till.world.of(family.parent, "payments")
    assert (payment.amount_minor, payment.consolidated_invoice_id) == (15_400, document)
    for child in family.children:
        assert await till.world.of(child, "payments") == []
        assert len(await till.world.of(child, "outbox_events", where="type = 'invoice.paid'")) == 1
    (made,) = await till.world.of(family.parent, "consolidated_invoices")
    assert (made.paid_at, made.next_step_at) == (april(12), None)
    again = await pay_all(till, family, document)
    assert isinstance(again, NotNow)
    assert again.code == "ALREADY_PAID"


async def test_what_a_document_paid_is_given_back_child_by_child_and_spent_on_what_comes(till: Till) -> None:
    family = await a_family(till)
    one, other = family.children
    await till.world.subscribe(one, PRO)
    await till.world.subscribe(other, STARTER)
    document = await consolidate(till, family)
    assert document is not None
    await till.card(family.parent)
    await pay_all(till, family, document)
    (payment,) = await till.world.of(family.parent, "payments")
    # the payment was for several: it does not go back as one
    refused = await till.refund(family.parent, payment.id)
    assert isinstance(refused, NotNow)
    assert refused.code == "PAID_CONSOLIDATED"
    bill, _ = await the_bills(till, family)
    await till.credited(one, bill.id, "62.50", to=CreditDestination.REFUND, at=april(13))
    # the child was billed and has the credit; the payer's money is not sent back
    (note,) = await till.world.of(one, "credit_notes")
    assert (note.to_invoice_minor, note.to_balance_minor, note.to_refund_minor) == (0, 6_250, 0)
    assert await till.world.of(family.parent, "refunds") == []
    (entry,) = await till.world.of(one, "credit_entries")
    assert (entry.kind, entry.amount_minor) == ("GRANTED", 6_250)
    # and the payer is asked for so much less of what that child is billed next
    await till.world.run_until(one, MAY)
    following = await consolidate(till, family, datetime.fromisoformat("2026-05-10T00:00+00:00"))
    (made,) = await till.world.of(family.parent, "consolidated_invoices", where=f"id = '{following}'")
    bills = await till.world.of(one, "invoices", "drafted_at")
    assert [(each.total_minor, each.applied_minor) for each in bills] == [(12_500, 0), (12_500, 6_250)]
    assert made.total_minor == 6_250
    for who in (family.parent, one, other):
        await assert_balanced(till.world, who)


async def test_a_part_pays_the_oldest_and_too_much_is_the_payers_credit(till: Till) -> None:
    family = await a_family(till)
    one, other = family.children
    await till.world.subscribe(one, PRO, at=april(1))
    await till.world.subscribe(other, STARTER, at=april(2))
    document = await consolidate(till, family)
    assert document is not None

    async def receive(amount: str) -> None:
        async with till.world.unit(april(12)) as unit:
            found = await account_for(unit.session, unit.scope, family.parent.id, for_change=True)
            assert found is not None
            await settle_consolidated(unit, found.account, document, usd(amount), april(12))

    await receive("130.00")
    assert [(bill.status, bill.paid_minor) for bill in await the_bills(till, family)] == [
        ("PAID", 12_500), ("OPEN", 500),
    ]  # fmt: skip
    (made,) = await till.world.of(family.parent, "consolidated_invoices")
    assert made.paid_at is None
    # 24.00 are due of Starter's 29.00; 6.00 are nobody's
    await receive("30.00")
    assert [bill.status for bill in await the_bills(till, family)] == ["PAID", "PAID"]
    assert await till.balance(family.parent) == 600
    (made,) = await till.world.of(family.parent, "consolidated_invoices")
    assert made.paid_at == april(12)


async def test_a_credit_meanwhile_is_no_longer_asked_for(till: Till) -> None:
    family = await a_family(till)
    one, _ = family.children
    await till.world.subscribe(one, PRO)
    document = await consolidate(till, family)
    assert document is not None
    (bill,) = await till.world.of(one, "invoices")
    await till.credited(one, bill.id, "25.00")
    await till.card(family.parent)
    await pay_all(till, family, document)
    (payment,) = await till.world.of(family.parent, "payments")
    assert payment.amount_minor == 10_000
    assert (await till.owed(one, bill.id)).due_minor == 0
    await assert_balanced(till.world, one)


async def test_parallel_payments_of_one_document_charge_once(till: Till) -> None:
    family = await a_family(till)
    for child in family.children:
        await till.world.subscribe(child, PRO)
    document = await consolidate(till, family)
    assert document is not None
    await till.card(family.parent)
    outcomes = await asyncio.gather(*(pay_all(till, family, document) for _ in range(4)))
    assert [type(outcome) for outcome in outcomes].count(PaymentKnown) == 1
    assert sum(entry.amount_minor for entry in await till.books(family.parent)) == 25_000


async def test_a_child_does_not_pay_what_waits_for_its_parent(till: Till) -> None:
    family = await a_family(till)
    one, _ = family.children
    await till.world.subscribe(one, PRO)
    (bill,) = await till.world.of(one, "invoices")
    await till.card(one)
    refused = await till.pay(one, bill.id)
    assert isinstance(refused, NotNow)
    assert refused.code == "PAID_BY_PARENT"


async def test_l38_a_parents_members_read_the_children_and_change_nothing_there(till: Till) -> None:
    family = await a_family(till)
    one, _ = family.children
    await till.world.subscribe(one, PRO)
    (bill,) = await till.world.of(one, "invoices")
    async with till.world.unit(april(2), family.parent.owner) as unit:
        found = await account_for(unit.session, unit.scope, one.id, for_change=False)
        assert found is not None
        assert found.role is None
    with pytest.raises(Forbidden):
        await till.pay(one, bill.id, actor=family.parent.owner)
    with pytest.raises(NotFound):  # and not the other way round
        async with till.world.unit(april(2), one.owner) as unit:
            assert await account_for(unit.session, unit.scope, family.parent.id, for_change=False) is None
        await pay(
            till.units(one.owner, april(2)),
            till.provider,
            PayConsolidatedInvoice(ConsolidatedInvoiceId(till.world.ids.new()), "none"),
        )
    sibling = family.children[1]
    with pytest.raises(NotFound):
        await pay(till.units(sibling.owner, april(2)), till.provider, PayInvoice(bill.id, "sibling"))


async def test_an_unpaid_document_is_collected_dunned_and_suspends_the_children(till: Till) -> None:
    family = await a_family(till)
    one, other = family.children
    await till.world.subscribe(one, PRO)
    document = await consolidate(till, family)
    assert document is not None
    await till.card(family.parent, B.DECLINES_FUNDS)
    end = datetime.fromisoformat("2026-06-01T00:00+00:00")
    taken: list[datetime] = []
    while True:
        async with till.world.unit(end) as unit:
            due = await due_for_a_step(unit.session, unit.scope, [family.parent.id], end)
        if not due:
            break
        at = due[0].next_step_at
        assert at is not None
        taken.append(at)
        async with till.world.unit(at) as unit:
            found = await account_for(unit.session, unit.scope, family.parent.id, for_change=True)
            assert found is not None
            assert await dun_consolidated(unit, found.account, document, at)
        for payment in await till.world.of(family.parent, "payments", where="poll_at IS NOT NULL"):
            await till.poll(family.parent, payment.id, at)
    # due on 20 April: collected that day, then by the table up to 30 days after
    assert [(at - april(20)).days for at in taken] == [0, 1, 3, 7, 14, 21, 30]
    assert {p.status for p in await till.world.of(family.parent, "payments")} == {"FAILED"}
    assert await till.world.of(one, "dunning_steps") == []
    assert await till.world.of(one, "entitlements", where="valid_until IS NULL") == []
    await till.card(family.parent)
    await pay_all(till, family, document, end)
    assert await till.world.of(one, "entitlements", where="valid_until IS NULL") != []
    assert await till.world.of(other, "entitlements") == []


async def test_paying_restores_a_child_by_its_own_clock(till: Till) -> None:
    family = await a_family(till)
    child = family.children[0]
    await till.world.subscribe(child, PRO)
    document = await consolidate(till, family)  # due on 20 April
    assert document is not None
    await till.card(family.parent)
    june = datetime.fromisoformat("2026-06-01T00:00+00:00")
    async with till.world.unit(june) as unit:
        unit.update(accounts, {"id": child.id}, {"is_sandbox": True, "clock_at": june})
    async with till.world.unit(june) as unit:  # 42 days overdue over there
        found = await account_for(unit.session, unit.scope, child.id, for_change=True)
        assert found is not None
        await entitle(unit, found.account, june)
    assert await till.world.of(child, "entitlements", where="valid_until IS NULL") == []
    await pay_all(till, family, document, april(25))  # 5 days overdue here
    assert {row.valid_from for row in await till.world.of(child, "entitlements", where="valid_until IS NULL")} == {june}
    (bill,) = await till.world.of(child, "invoices")
    assert (bill.status, bill.paid_at) == ("PAID", june)
    (paid,) = await till.world.of(child, "outbox_events", where="type = 'invoice.paid'")
    assert paid.occurred_at == june


async def test_who_leaves_is_settled_by_a_last_document(till: Till) -> None:
    family = await a_family(till)
    one, other = family.children
    await till.world.subscribe(one, PRO)
    await consolidating(till, family.parent, 10, [other.id], april(5))
    (made,) = await till.world.of(family.parent, "consolidated_invoices")
    assert (made.total_minor, made.finalised_at) == (12_500, april(5))
    rows = await till.world.rows(
        "SELECT id, is_consolidated FROM accounts WHERE parent_account_id = :id", id=family.parent.id
    )
    assert {row.id: row.is_consolidated for row in rows} == {one.id: False, other.id: True}


async def test_only_ones_own_children_in_ones_own_currency(till: Till) -> None:
    family = await a_family(till, is_consolidated=False)
    stranger = await till.world.customer()
    euro = await a_child(till, family.parent, currency="EUR")
    for child_id in (stranger.id, euro.id):
        with pytest.raises(InvalidInput) as refused:
            await consolidating(till, family.parent, 10, [family.children[0].id, child_id])
        assert refused.value.path == ("childIds", "1")
    for day in (0, 29, None):
        with pytest.raises(InvalidInput) as refused:
            await consolidating(till, family.parent, day, [family.children[0].id])
        assert refused.value.path == ("day",)
