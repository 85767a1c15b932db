"""Paying by a stored card: two transactions and a key, so that nobody is charged twice and no money is lost."""

import asyncio
from collections import Counter
from datetime import timedelta

import pytest

from db.engine import Database
from domain.commands import ConfirmPayment
from domain.errors import Forbidden, InvalidInput, NotFound
from domain.ids import PaymentId
from domain.payment import PaymentStatus
from domain.provider import Answer, AnswerKind
from operations.asking import KeyReused, NotNow
from operations.payments.confirm_payment import confirm_payment
from operations.payments.payment_outcome import PaymentKnown
from operations.payments.record_answer import record_answer
from tests.make import PRO, april
from tests.operations.money import FINANCE, B, Crashed, Dying, Till, assert_balanced
from tests.stored import SYSTEM, Customer, a_world

S = PaymentStatus


@pytest.fixture(scope="module")
async def till(database: Database) -> Till:
    """A counter in a world of this module's own."""
    return Till(await a_world(database))


async def a_bill(till: Till) -> tuple[Customer, PaymentId]:
    """A customer and their first invoice: Pro with a seat, 100.00 + 25.00, open and not due for long."""
    who = await till.world.customer()
    await till.world.subscribe(who, PRO)
    (invoice,) = await till.world.of(who, "invoices")
    assert invoice.total_minor == 12_500
    return who, invoice.id


async def charged(till: Till, who: Customer) -> int:
    """What the provider took from the account's cards in all, in minor units."""
    books = await till.books(who)
    return sum(entry.amount_minor for entry in books if entry.kind == "CHARGE" and entry.outcome == "SUCCEEDED")


async def test_a_card_pays_an_invoice(till: Till) -> None:
    who, invoice = await a_bill(till)
    await till.card(who)
    outcome = await till.paid(who, invoice)
    assert outcome.status is S.SUCCEEDED
    (row,) = await till.world.of(who, "invoices")
    assert (row.status, row.paid_minor, row.next_step_at) == ("PAID", 12_500, None)
    assert row.paid_at == april(2)
    (payment,) = await till.world.of(who, "payments")
    assert (payment.status, payment.poll_at, payment.settled_at) == ("SUCCEEDED", None, april(2))
    (attempt,) = await till.world.of(who, "payment_attempts")
    assert (attempt.status, attempt.answered_at, attempt.reference) == (
        "SUCCEEDED", april(2), f"sandbox-{attempt.id.hex}",
    )  # fmt: skip
    types = [event.type for event in await till.world.of(who, "outbox_events", "sequence")]
    assert types[-3:] == ["payment.processing", "payment.succeeded", "invoice.paid"]
    await assert_balanced(till.world, who)


@pytest.mark.parametrize("behaviour", [B.DECLINES_FUNDS, B.DECLINES_EXPIRED])
async def test_a_declined_card_leaves_the_invoice_open(till: Till, behaviour: B) -> None:
    who, invoice = await a_bill(till)
    await till.card(who, behaviour)
    outcome = await till.paid(who, invoice)
    assert outcome.status is S.FAILED
    assert (
        outcome.failure_code == {"DECLINES_FUNDS": "insufficient_funds", "DECLINES_EXPIRED": "expired_card"}[behaviour]
    )
    assert (await till.owed(who, invoice)).due_minor == 12_500
    # another card may try at once
    good = await till.card(who, is_default=False)
    assert (await till.paid(who, invoice, method=good)).status is S.SUCCEEDED
    await assert_balanced(till.world, who)


@pytest.mark.parametrize(
    ("behaviour", "asked"),
    # the answer of a charge was lost: its books tell; the question was lost: it is asked once more under its key
    [(B.TIMES_OUT_CHARGED, 1), (B.TIMES_OUT_UNCHARGED, 2)],
)
async def test_a_payment_that_times_out_is_never_charged_twice(till: Till, behaviour: B, asked: int) -> None:
    who, invoice = await a_bill(till)
    await till.card(who, behaviour)
    key = "the same request"
    outcome = await till.paid(who, invoice, key=key)
    assert outcome.status is S.PROCESSING
    # while nobody knows, nobody charges: not the same request, not another one, not another card
    assert await till.pay(who, invoice, key=key) == PaymentKnown(outcome.payment_id, S.PROCESSING, is_replay=True)
    other = await till.card(who, B.SUCCEEDS, is_default=False)
    refused = await till.pay(who, invoice, method=other)
    assert isinstance(refused, NotNow)
    assert refused.code == "PAYMENT_UNDER_WAY"
    (row,) = await till.world.of(who, "payments")
    assert row.poll_at == april(2) + timedelta(minutes=1)
    for _ in range(3):
        await till.poll(who, outcome.payment_id)
    assert await till.pay(who, invoice, key=key) == PaymentKnown(outcome.payment_id, S.SUCCEEDED, is_replay=True)
    assert await charged(till, who) == 12_500
    (entry,) = await till.books(who)
    assert entry.asked == asked
    assert (await till.owed(who, invoice)).due_minor == 0
    await assert_balanced(till.world, who)


@pytest.mark.parametrize("before", [True, False], ids=["before the provider was asked", "after it had charged"])
async def test_l25_a_crash_between_the_two_phases_converges(till: Till, before: bool) -> None:
    who, invoice = await a_bill(till)
    await till.card(who)
    with pytest.raises(Crashed):
        await till.pay(who, invoice, key="killed", provider=Dying(till.provider, before))
    (payment,) = await till.world.of(who, "payments")
    assert (payment.status, payment.poll_at) == ("PROCESSING", april(2, 0, 1))
    # the customer asks again with the same key: told how it stands, charged nothing
    again = await till.paid(who, invoice, key="killed")
    assert (again.status, again.is_replay) == (S.PROCESSING, True)
    ran = await asyncio.gather(*(till.poll(who, payment.id) for _ in range(4)))
    assert S.SUCCEEDED in ran
    assert await charged(till, who) == 12_500
    assert len(await till.world.of(who, "outbox_events", where="type = 'invoice.paid'")) == 1
    await assert_balanced(till.world, who)


async def test_l23_equal_parallel_payments_have_one_effect(till: Till) -> None:
    who, invoice = await a_bill(till)
    await till.card(who)
    outcomes = await asyncio.gather(*(till.pay(who, invoice, key="double click") for _ in range(6)))
    assert {type(outcome) for outcome in outcomes} == {PaymentKnown}
    assert len({outcome.payment_id for outcome in outcomes}) == 1
    assert await charged(till, who) == 12_500
    assert len(await till.world.of(who, "payments")) == 1


async def test_l24_different_parallel_payments_of_one_invoice_pay_it_once(till: Till) -> None:
    who, invoice = await a_bill(till)
    await till.card(who)
    outcomes = await asyncio.gather(*(till.pay(who, invoice) for _ in range(6)))
    kinds = Counter(type(outcome).__name__ for outcome in outcomes)
    assert kinds == {"PaymentKnown": 1, "NotNow": 5}
    assert {o.code for o in outcomes if isinstance(o, NotNow)} <= {"PAYMENT_UNDER_WAY", "ALREADY_PAID"}
    assert await charged(till, who) == 12_500
    await assert_balanced(till.world, who)


async def test_the_dedup_key_of_a_failed_write_is_free_again(till: Till) -> None:
    """A complaint about others: the key is taken before the write, so a retry is lost (law L26)."""
    who, invoice = await a_bill(till)
    with pytest.raises(InvalidInput):
        await till.pay(who, invoice, key="retried")  # no card yet
    await till.card(who)
    assert (await till.paid(who, invoice, key="retried")).status is S.SUCCEEDED


async def test_webhooks_out_of_order_with_stale_state_change_nothing(till: Till) -> None:
    """A complaint about others: a late answer overwrites a newer one."""
    who, invoice = await a_bill(till)
    await till.card(who)
    outcome = await till.paid(who, invoice)
    before = await till.world.billing_state()
    for late in (
        Answer(AnswerKind.DECLINED, code="insufficient_funds"),
        Answer(AnswerKind.REQUIRES_ACTION, reference="old"),
        Answer(AnswerKind.UNKNOWN),
        Answer(AnswerKind.SUCCEEDED, reference="again"),
    ):
        async with till.world.unit(april(4)) as unit:
            payment = await record_answer(unit, who.id, outcome.payment_id, late)
        assert payment.status is S.SUCCEEDED
    assert await till.world.billing_state() == before


async def test_money_that_moved_counts_although_a_decline_came_first(till: Till) -> None:
    who, invoice = await a_bill(till)
    await till.card(who, B.DECLINES_FUNDS)
    outcome = await till.paid(who, invoice)
    async with till.world.unit(april(4)) as unit:
        payment = await record_answer(unit, who.id, outcome.payment_id, Answer(AnswerKind.SUCCEEDED))
    assert payment.status is S.SUCCEEDED
    assert (await till.owed(who, invoice)).due_minor == 0
    await assert_balanced(till.world, who)


async def test_a_card_that_asks_waits_for_its_customer(till: Till) -> None:
    who, invoice = await a_bill(till)
    await till.card(who, B.ASKS_THEN_SUCCEEDS)
    outcome = await till.paid(who, invoice)
    assert outcome.status is S.REQUIRES_ACTION
    assert outcome.action_reference is not None
    # a job that asks meanwhile charges nothing
    assert await till.poll(who, outcome.payment_id) is S.REQUIRES_ACTION
    command = ConfirmPayment(outcome.payment_id, "confirmed")
    done = await confirm_payment(till.units(who.owner, april(2, 2)), till.provider, command)
    assert isinstance(done, PaymentKnown)
    assert done.status is S.SUCCEEDED
    again = await confirm_payment(till.units(who.owner, april(2, 3)), till.provider, command)
    assert again == PaymentKnown(outcome.payment_id, S.SUCCEEDED, is_replay=True)
    assert await charged(till, who) == 12_500
    await assert_balanced(till.world, who)


async def test_a_card_that_asks_may_decline_after_all(till: Till) -> None:
    who, invoice = await a_bill(till)
    await till.card(who, B.ASKS_THEN_DECLINES)
    outcome = await till.paid(who, invoice)
    done = await confirm_payment(
        till.units(who.owner, april(2, 2)), till.provider, ConfirmPayment(outcome.payment_id, "confirmed no")
    )
    assert isinstance(done, PaymentKnown)
    assert (done.status, done.failure_code) == (S.FAILED, "authentication_failed")


async def test_an_action_nobody_takes_ends_after_a_day(till: Till) -> None:
    who, invoice = await a_bill(till)
    await till.card(who, B.ASKS_THEN_SUCCEEDS)
    outcome = await till.paid(who, invoice)
    (row,) = await till.world.of(who, "payments")
    assert row.poll_at == april(3)
    assert await till.poll(who, outcome.payment_id, april(3)) is S.FAILED
    assert (await till.owed(who, invoice)).due_minor == 12_500


async def test_a_payment_no_longer_owed_is_dropped_before_it_is_charged(till: Till) -> None:
    who, invoice = await a_bill(till)
    await till.card(who)
    with pytest.raises(Crashed):
        await till.pay(who, invoice, provider=Dying(till.provider, before=True))
    (payment,) = await till.world.of(who, "payments")
    await till.transfer(who, invoice, "125.00")
    assert await till.poll(who, payment.id, april(4)) is S.CANCELLED
    assert await till.books(who) == []
    await assert_balanced(till.world, who)


async def test_money_that_comes_in_too_late_is_credit(till: Till) -> None:
    who, invoice = await a_bill(till)
    await till.card(who)
    with pytest.raises(Crashed):
        await till.pay(who, invoice, provider=Dying(till.provider, before=False))
    (payment,) = await till.world.of(who, "payments")
    await till.credited(who, invoice, "30.00")
    assert await till.poll(who, payment.id, april(11)) is S.SUCCEEDED
    # 125.00 came in for the 95.00 that were left
    assert (await till.owed(who, invoice)).due_minor == 0
    assert await till.balance(who) == 3_000
    await assert_balanced(till.world, who)


async def test_who_may_not_pay_and_what_cannot_be_paid(till: Till) -> None:
    who, invoice = await a_bill(till)
    stranger = await till.world.customer()
    await till.card(who)
    for actor, error in (
        (who.viewer, Forbidden),
        (FINANCE, Forbidden),
        (SYSTEM, Forbidden),
        (stranger.owner, NotFound),
    ):
        with pytest.raises(error):
            await till.pay(who, invoice, actor=actor)
    theirs = await till.card(stranger)
    with pytest.raises(NotFound):
        await till.pay(who, invoice, method=theirs)
    assert (await till.paid(who, invoice, key="once")).status is S.SUCCEEDED
    twice = await till.pay(who, invoice)
    assert isinstance(twice, NotNow)
    assert twice.code == "ALREADY_PAID"
    mine = await till.card(who, is_default=False)
    assert isinstance(await till.pay(who, invoice, key="once", method=mine), KeyReused)
