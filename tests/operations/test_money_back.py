"""Money back: credit notes, refunds, voids, write-offs. History stays; nothing is given back twice; nothing is lost."""

import asyncio
from collections import Counter
from typing import Any

import pytest

from db.engine import Database
from domain.commands import CreditDestination, CreditInvoice, VoidInvoice
from domain.credit import CreditNoteReason
from domain.errors import Forbidden, InvalidInput, NotFound
from domain.ids import InvoiceId
from domain.invoice import InvoiceStatus
from operations.asking import KeyReused, NotNow
from operations.invoices.credit_invoice import Credited, credit_invoice
from operations.invoices.void_invoice import Voided, void_invoice
from operations.invoices.write_off_invoice import WrittenOff
from operations.payments.record_payment import PaymentRecorded
from tests.make import PRO, SCALE, april, usd
from tests.operations.money import FINANCE, B, Crashed, Till, assert_balanced, dying_unit
from tests.stored import SYSTEM, Customer, a_world

REFUND = CreditDestination.REFUND


@pytest.fixture(scope="module")
async def till(database: Database) -> Till:
    """A counter in a world of this module's own."""
    return Till(await a_world(database))


async def a_bill(till: Till) -> tuple[Customer, InvoiceId]:
    """A customer and their first invoice: Pro 100.00 and a seat 25.00."""
    who = await till.world.customer()
    await till.world.subscribe(who, PRO)
    (invoice,) = await till.world.of(who, "invoices")
    return who, InvoiceId(invoice.id)


async def lines_of(till: Till, who: Customer) -> list[Any]:
    """The ids of the lines, Pro first."""
    return [line.id for line in await till.world.of(who, "invoice_lines", "position")]


# --- credit notes -----------------------------------------------------------------------------------------------


async def test_a_credit_on_an_unpaid_invoice_first_lowers_what_is_due(till: Till) -> None:
    who, invoice = await a_bill(till)
    await till.credited(who, invoice, "30.00")
    owed = await till.owed(who, invoice)
    assert (owed.status, owed.due_minor) == (InvoiceStatus.OPEN, 9_500)
    (note,) = await till.world.of(who, "credit_notes")
    assert (note.total_minor, note.to_invoice_minor, note.to_balance_minor) == (3_000, 3_000, 0)
    # 30.00 over 100.00 and 25.00: 24.00 and 6.00
    lines = await till.world.of(who, "credit_note_lines", "position")
    assert [line.amount_minor for line in lines] == [2_400, 600]
    assert note.number.startswith("ACME-CN-")
    assert await till.balance(who) == 0
    await assert_balanced(till.world, who)


async def test_crediting_all_of_an_unpaid_invoice_settles_it(till: Till) -> None:
    who, invoice = await a_bill(till)
    await till.credited(who, invoice)
    owed = await till.owed(who, invoice)
    assert (owed.status, owed.due_minor) == (InvoiceStatus.PAID, 0)
    assert await till.balance(who) == 0
    with pytest.raises(InvalidInput):
        await till.credit(who, invoice)
    await assert_balanced(till.world, who)


async def test_a_credit_on_a_paid_invoice_goes_to_the_balance(till: Till) -> None:
    who, invoice = await a_bill(till)
    await till.transfer(who, invoice, "125.00")
    pro, seats = await lines_of(till, who)
    await till.credited(who, invoice, lines=((seats, None), (pro, "40.00")))
    assert await till.balance(who) == 6_500
    (entry,) = await till.world.of(who, "credit_entries")
    (note,) = await till.world.of(who, "credit_notes")
    assert (entry.kind, entry.credit_note_id, entry.invoice_id) == ("GRANTED", note.id, invoice)
    assert (await till.owed(who, invoice)).status is InvoiceStatus.PAID
    await assert_balanced(till.world, who)


async def test_l13_parallel_credits_give_back_at_most_what_the_invoice_was_for(till: Till) -> None:
    who, invoice = await a_bill(till)
    await till.transfer(who, invoice, "125.00")
    outcomes = await asyncio.gather(*(till.credit(who, invoice, "50.00") for _ in range(5)), return_exceptions=True)
    # 50.00 twice; 25.00 are left and nobody may have 50.00 of them
    assert Counter(type(outcome).__name__ for outcome in outcomes) == {"Credited": 2, "InvalidInput": 3}
    assert await till.balance(who) == 10_000
    await till.credited(who, invoice)
    assert await till.balance(who) == 12_500
    await assert_balanced(till.world, who)


async def test_l23_equal_parallel_credits_have_one_effect(till: Till) -> None:
    who, invoice = await a_bill(till)
    outcomes = await asyncio.gather(*(till.credit(who, invoice, "10.00", key="again") for _ in range(5)))
    assert {type(outcome) for outcome in outcomes} == {Credited}
    assert sorted(outcome.is_replay for outcome in outcomes) == [False, True, True, True, True]
    assert len(await till.world.of(who, "credit_notes")) == 1
    assert isinstance(await till.credit(who, invoice, "11.00", key="again"), KeyReused)


async def test_l20_credit_notes_are_numbered_without_a_gap_over_rollbacks(till: Till) -> None:
    who, invoice = await a_bill(till)
    others = [await a_bill(till) for _ in range(3)]
    await asyncio.gather(*(till.credit(one, bill, "1.00") for one, bill in others))
    refused = await asyncio.gather(*(till.credit(who, invoice, "999.00") for _ in range(3)), return_exceptions=True)
    assert {type(each) for each in refused} == {InvalidInput}
    await till.credited(who, invoice, "1.00")
    rows = await till.world.rows(
        "SELECT series, number FROM document_numbers WHERE series IN ('CN', 'TESTCN') ORDER BY series, number"
    )
    for series in ("CN", "TESTCN"):
        given = [row.number for row in rows if row.series == series]
        assert given == list(range(1, len(given) + 1))
    assert (await till.world.rows("SELECT count(*) AS n FROM credit_notes WHERE number IS NULL"))[0].n == 0


async def test_bad_credits_name_their_field_and_write_nothing(till: Till) -> None:
    who, invoice = await a_bill(till)
    pro, seats = await lines_of(till, who)
    before = await till.world.billing_state()
    cases: list[tuple[dict[str, Any], tuple[str, ...]]] = [
        ({"amount": "125.01"}, ("amount",)),
        ({"amount": "0.00"}, ("amount",)),
        ({"amount": "1.00", "lines": ((pro, None),)}, ("amount",)),
        ({"lines": ((pro, "100.01"),)}, ("lines", "0", "amount")),
        ({"lines": ((pro, None), (pro, "1.00"))}, ("lines", "1", "lineId")),
        ({"lines": ((invoice, None),)}, ("lines", "0", "lineId")),
    ]
    for more, path in cases:
        with pytest.raises(InvalidInput) as refused:
            await till.credit(who, invoice, **more)
        assert refused.value.path == path, more
    assert seats
    for actor, error in ((who.owner, Forbidden), (SYSTEM, Forbidden)):
        with pytest.raises(error):
            await till.credit(who, invoice, actor=actor)
    stranger = await till.world.customer()
    with pytest.raises(NotFound):
        await till.credit(who, invoice, actor=stranger.owner)
    after = await till.world.billing_state()
    touched = {table for table in before if before[table] != after[table]}
    assert touched <= {"accounts", "account_external_ids", "audit_entries", "memberships", "outbox_events", "users"}


async def test_a_credit_by_hand_says_nothing_of_unused_service(till: Till) -> None:
    _, invoice = await a_bill(till)
    for reason in CreditNoteReason:
        command = CreditInvoice(invoice, reason, f"because {reason.value}", amount=usd("1.00"))
        by_hand = reason in (CreditNoteReason.BILLING_ERROR, CreditNoteReason.GOODWILL)
        async with till.world.unit(april(10), FINANCE) as unit:
            if by_hand:
                assert isinstance(await credit_invoice(unit, command), Credited)
                continue
            with pytest.raises(InvalidInput) as refused:
                await credit_invoice(unit, command)
            assert refused.value.path == ("reason",)


# --- refunds ----------------------------------------------------------------------------------------------------


async def test_a_refund_goes_back_to_the_card_and_is_not_owed_again(till: Till) -> None:
    who, invoice = await a_bill(till)
    await till.card(who)
    paid = await till.paid(who, invoice)
    outcome = await till.refund(who, paid.payment_id, "45.00")
    assert isinstance(outcome, Credited)
    (refund,) = await till.world.of(who, "refunds")
    assert (refund.status, refund.amount_minor, refund.poll_at) == ("SUCCEEDED", 4_500, None)
    owed = await till.owed(who, invoice)
    assert (owed.status, owed.due_minor) == (InvoiceStatus.PAID, 0)
    assert (owed.settlement.credited, owed.settlement.returned) == (4_500, 4_500)
    with pytest.raises(InvalidInput) as refused:
        await till.refund(who, paid.payment_id, "80.01")
    assert refused.value.path == ("amount",)
    await till.refund(who, paid.payment_id)
    back = [entry.amount_minor for entry in await till.books(who) if entry.kind == "REFUND"]
    assert sorted(back) == [4_500, 8_000]
    nothing = await till.refund(who, paid.payment_id)
    assert isinstance(nothing, NotNow)
    assert nothing.code == "NOT_REFUNDABLE"
    await assert_balanced(till.world, who)


async def test_a_refund_is_bounded_by_its_own_payment(till: Till) -> None:
    who, invoice = await a_bill(till)
    await till.transfer(who, invoice, "25.00")
    await till.transfer(who, invoice, "100.00")
    small, large = await till.world.of(who, "payments", "amount_minor")
    # the invoice has 125.00 left to credit, this payment only 25.00 to send back
    with pytest.raises(InvalidInput) as refused:
        await till.refund(who, small.id, "25.01")
    assert refused.value.path == ("amount",)
    assert isinstance(await till.refund(who, small.id, "25.00"), Credited)
    assert isinstance(await till.refund(who, large.id), Credited)
    await assert_balanced(till.world, who)


async def test_l24_parallel_refunds_never_exceed_the_payment(till: Till) -> None:
    who, invoice = await a_bill(till)
    await till.card(who)
    paid = await till.paid(who, invoice)
    outcomes = await asyncio.gather(
        *(till.refund(who, paid.payment_id, "50.00") for _ in range(4)), return_exceptions=True
    )
    assert Counter(type(outcome).__name__ for outcome in outcomes) == {"Credited": 2, "InvalidInput": 2}
    await assert_balanced(till.world, who)


@pytest.mark.parametrize("behaviour", [B.TIMES_OUT_CHARGED, B.TIMES_OUT_UNCHARGED])
async def test_a_refund_that_times_out_is_given_once(till: Till, behaviour: B) -> None:
    who, invoice = await a_bill(till)
    await till.card(who, behaviour)
    paid = await till.paid(who, invoice)
    await till.poll(who, paid.payment_id)
    outcome = await till.refund(who, paid.payment_id, "45.00")
    (refund,) = await till.world.of(who, "refunds")
    assert refund.status == "PROCESSING"
    assert refund.poll_at > april(12)
    for _ in range(2):
        await till.poll_refund(who, outcome.refund_ids[0])
    back = [entry for entry in await till.books(who) if entry.kind == "REFUND"]
    assert [entry.amount_minor for entry in back] == [4_500]
    (refund,) = await till.world.of(who, "refunds")
    assert refund.status == "SUCCEEDED"
    await assert_balanced(till.world, who)


async def test_a_credit_to_refund_sends_back_what_was_paid_and_credits_the_rest(till: Till) -> None:
    who, invoice = await a_bill(till)
    await till.card(who)
    await till.transfer(who, invoice, "25.00")
    await till.paid(who, invoice)
    # the newest first: the transfer of 3 April, 25.00, then 85.00 of the card's
    await till.credited(who, invoice, "110.00", to=REFUND)
    refunds = await till.world.of(who, "refunds", "amount_minor DESC")
    assert [(each.amount_minor, each.status) for each in refunds] == [(8_500, "SUCCEEDED"), (2_500, "SUCCEEDED")]
    (note,) = await till.world.of(who, "credit_notes")
    assert (note.to_refund_minor, note.to_balance_minor) == (11_000, 0)
    await assert_balanced(till.world, who)


async def test_a_refund_the_provider_declines_becomes_credit(till: Till) -> None:
    who, invoice = await a_bill(till)
    await till.card(who)
    paid = await till.paid(who, invoice)
    # somebody gave the money back at the provider's counter already
    (entry,) = await till.books(who)
    await till.world.rows(
        "INSERT INTO sandbox_charges SELECT 'by hand ' || key, 'REFUND', token, key, amount_minor, currency, outcome, "
        "code, 1, created_at FROM sandbox_charges WHERE key = :key RETURNING key",
        key=entry.key,
    )
    await till.refund(who, paid.payment_id, "20.00")
    (refund,) = await till.world.of(who, "refunds")
    assert (refund.status, refund.failure_code) == ("FAILED", "exceeds_charge")
    assert await till.balance(who) == 2_000
    await assert_balanced(till.world, who)


# --- by hand ----------------------------------------------------------------------------------------------------


async def test_a_transfer_may_pay_a_part_and_never_more_than_is_due(till: Till) -> None:
    who, invoice = await a_bill(till)
    assert isinstance(await till.transfer(who, invoice, "25.00", key="first"), PaymentRecorded)
    assert (await till.transfer(who, invoice, "25.00", key="first")).is_replay
    assert (await till.owed(who, invoice)).due_minor == 10_000
    for amount in ("100.01", "0.00", "-1.00"):
        with pytest.raises(InvalidInput) as refused:
            await till.transfer(who, invoice, amount)
        assert refused.value.path == ("amount",)
    await till.transfer(who, invoice, "100.00")
    assert (await till.owed(who, invoice)).status is InvoiceStatus.PAID
    late = await till.transfer(who, invoice, "1.00")
    assert isinstance(late, NotNow)
    assert late.code == "ALREADY_PAID"
    await assert_balanced(till.world, who)


async def test_what_was_written_off_may_still_be_paid(till: Till) -> None:
    who, invoice = await a_bill(till)
    assert isinstance(await till.write_off(who, invoice), WrittenOff)
    (row,) = await till.world.of(who, "invoices")
    assert (row.status, row.next_step_at, row.written_off_at) == ("UNCOLLECTIBLE", None, april(20))
    again = await till.write_off(who, invoice)
    assert isinstance(again, NotNow)
    assert (again.code, again.status) == ("NOT_OPEN", "UNCOLLECTIBLE")
    await till.transfer(who, invoice, "100.00")
    assert (await till.owed(who, invoice)).status is InvoiceStatus.UNCOLLECTIBLE
    await till.transfer(who, invoice, "25.00")
    assert (await till.owed(who, invoice)).status is InvoiceStatus.PAID
    await assert_balanced(till.world, who)


# --- void -------------------------------------------------------------------------------------------------------


async def test_two_concurrent_voids_have_one_effect(till: Till) -> None:
    """A complaint about others: both ran."""
    who, invoice = await a_bill(till)
    outcomes = await asyncio.gather(*(till.void(who, invoice) for _ in range(6)))
    assert Counter(type(outcome).__name__ for outcome in outcomes) == {"Voided": 1, "NotNow": 5}
    assert {(o.code, o.status) for o in outcomes if isinstance(o, NotNow)} == {("NOT_OPEN", "VOID")}
    assert len(await till.world.of(who, "outbox_events", where="type = 'invoice.voided'")) == 1
    assert len(await till.world.of(who, "audit_entries", where="action = 'invoice.void'")) == 1
    (row,) = await till.world.of(who, "invoices")
    assert (row.status, row.voided_at, row.next_step_at) == ("VOID", april(5), None)
    assert row.number is not None


async def test_l23_equal_parallel_voids_have_one_effect(till: Till) -> None:
    who, invoice = await a_bill(till)
    outcomes = await asyncio.gather(*(till.void(who, invoice, key="once") for _ in range(5)))
    assert {type(outcome) for outcome in outcomes} == {Voided}
    assert len(await till.world.of(who, "outbox_events", where="type = 'invoice.voided'")) == 1


async def test_a_payment_and_a_void_at_once_never_both_win(till: Till) -> None:
    who, invoice = await a_bill(till)
    await till.card(who)
    await asyncio.gather(*(till.void(who, invoice) for _ in range(3)), *(till.pay(who, invoice) for _ in range(3)))
    (row,) = await till.world.of(who, "invoices")
    charged = sum(entry.amount_minor for entry in await till.books(who))
    assert (row.status, row.paid_minor, charged) in {("VOID", 0, 0), ("PAID", 12_500, 12_500)}
    await assert_balanced(till.world, who)


async def test_what_was_paid_in_part_is_credited_not_voided(till: Till) -> None:
    who, invoice = await a_bill(till)
    await till.transfer(who, invoice, "25.00")
    refused = await till.void(who, invoice)
    assert isinstance(refused, NotNow)
    assert refused.code == "PARTLY_PAID"


async def test_l25_a_void_that_dies_before_its_commit_leaves_nothing(till: Till) -> None:
    who, invoice = await a_bill(till)
    before = await till.world.billing_state()
    with pytest.raises(Crashed):
        async with dying_unit(till.world, april(5), FINANCE) as unit:
            await void_invoice(unit, VoidInvoice(invoice, "a mistake", "killed"))
    assert await till.world.billing_state() == before
    # its key was not taken (law L26)
    assert isinstance(await till.void(who, invoice, key="killed"), Voided)


async def test_lines_of_a_voided_invoice_are_no_debits(till: Till) -> None:
    who = await till.world.customer()
    subscription = await till.world.subscribe(who, PRO)
    (first,) = await till.world.of(who, "invoices")
    await till.world.change(who, subscription, SCALE)
    (delta,) = await till.world.of(who, "invoices", where="reason = 'PLAN_CHANGE'")
    # half of 125.00 was credited by the delta: 62.50 are left of the first invoice
    with pytest.raises(InvalidInput):
        await till.credit(who, first.id, "62.51")
    await till.void(who, delta.id)
    # the delta is void, so what it credited is to be had again
    await till.credited(who, first.id, "125.00")
    await assert_balanced(till.world, who)
