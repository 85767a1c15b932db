"""An upgrade of an account due on receipt is paid first: until then nothing has changed, unless it is nothing does.

Starter with a seat is 20.00 + 9.00 a month, Pro 100.00 + 25.00. Halfway through April the change gives back 14.50 and
charges 62.50: 48.00 are asked for.
"""

import asyncio
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from db.engine import Database
from domain.commands import ApplyQuote, CancelPlanChange, ConfirmPayment, GrantCredit, RecordPayment
from domain.ids import InvoiceId, SubscriptionId
from domain.money import Money
from domain.payment import PaymentStatus
from domain.periods import BillingInterval
from domain.plan_change.verdict import PlanChangeStatus
from domain.provider import PaymentProvider
from operations.asking import NotNow
from operations.changes.cancel_plan_change import ChangeCancelled, cancel_plan_change
from operations.changes.change_and_pay import change_and_pay
from operations.changes.change_plan import Accepted
from operations.changes.expire_change import expire_change
from operations.invoices.grant_credit import CreditGranted, grant_credit
from operations.payments.confirm_payment import confirm_payment
from operations.payments.record_payment import PaymentRecorded, record_payment
from tests.make import FREE, PRO, SCALE, STARTER, april
from tests.operations.money import FINANCE, B, Crashed, Dying, Till, assert_balanced
from tests.stored import SYSTEM, Customer, a_world

S = PlanChangeStatus
ASKED = april(16, 0, 1)
"""When the quote of 16 April 00:00 is applied."""
LAPSES = ASKED + timedelta(hours=24)
WIDE = 10_000
"""Contacts of Pro; Starter has a thousand."""


@pytest.fixture(scope="module")
async def till(database: Database) -> Till:
    """A counter in a world of this module's own."""
    return Till(await a_world(database))


@dataclass
class Waiting:
    """A customer of Starter who asked for Pro, and what came of it."""

    till: Till
    who: Customer
    subscription: SubscriptionId
    outcome: Accepted
    quote: Any
    key: str

    @property
    def invoice_id(self) -> InvoiceId:
        """What is to be paid."""
        assert self.outcome.change.invoice_id is not None
        return self.outcome.change.invoice_id

    async def change(self) -> Any:
        """The change as it is stored."""
        (row,) = await self.till.world.of(self.who, "plan_changes", where=f"id = '{self.outcome.change.id}'")
        return row

    async def invoice(self) -> Any:
        """Its invoice as it is stored."""
        (row,) = await self.till.world.of(self.who, "invoices", where=f"id = '{self.invoice_id}'")
        return row

    async def contacts(self, at: datetime | None = None) -> int | None:
        """How many contacts the account may have at an instant."""
        return await contacts(self.till, self.who, at or ASKED + timedelta(hours=1))

    async def stands(self) -> tuple[str, str, int | None]:
        """The change, its invoice, the contacts."""
        return (await self.change()).status, (await self.invoice()).status, await self.contacts()

    async def expire(self, at: datetime = LAPSES, provider: PaymentProvider | None = None) -> None:
        """What the worker does once the change's time is over."""
        units = self.till.units(SYSTEM, at)
        change_id = self.outcome.change.id
        await expire_change(units, provider or self.till.provider, self.who.id, change_id, at)

    async def again(self, at: datetime = ASKED) -> Accepted:
        """The very same request."""
        return await applied(self.till, self.who, self.quote, at, self.key)


async def contacts(till: Till, who: Customer, at: datetime) -> int | None:
    """The effective limit of contacts at an instant."""
    (row,) = await till.world.rows(
        "SELECT e.limit_value FROM entitlements e JOIN features f ON f.id = e.feature_id WHERE e.account_id = :id "
        "AND f.code = 'contacts' AND e.valid_from <= :at AND (e.valid_until IS NULL OR e.valid_until > :at)",
        id=who.id, at=at,
    )  # fmt: skip
    return None if row.limit_value is None else int(row.limit_value)


async def applied(
    till: Till, who: Customer, quote: Any, at: datetime, key: str, provider: PaymentProvider | None = None
) -> Accepted:
    """Apply a quote and pay for it; fails the test where that is refused."""
    command = ApplyQuote(quote, key, frozenset({"PC-13"}))
    outcome = await change_and_pay(till.units(who.owner, at), provider or till.provider, command)
    assert isinstance(outcome, Accepted), outcome
    return outcome


async def a_starter(till: Till, *, net_days: int = 0, plan: Any = STARTER) -> tuple[Customer, SubscriptionId]:
    """A customer due on receipt whose first invoice is paid."""
    who = await till.world.customer(net_days=net_days)
    subscription = await till.world.subscribe(who, plan)
    for invoice in await till.world.of(who, "invoices", where="status = 'OPEN'"):
        await till.world.pay(who, invoice.id, april(2))
    return who, subscription


async def waits(
    till: Till, card: B | None = None, *, provider: PaymentProvider | None = None, credit: int = 0, **more: Any
) -> Waiting:
    """Starter asks for Pro on 16 April, with this default card."""
    who, subscription = await a_starter(till)
    if card is not None:
        await till.card(who, card)
    if credit:
        await granted(till, who, credit)
    shown = await till.world.preview(who, subscription, more.pop("plan", PRO), april(16), **more)
    assert shown.quote is not None, shown.prepared.decision
    key = till.world.ids.new().hex
    outcome = await applied(till, who, shown.quote.id, ASKED, key, provider)
    return Waiting(till, who, subscription, outcome, shown.quote.id, key)


async def granted(till: Till, who: Customer, minor: int) -> None:
    """Credit by hand."""
    command = GrantCredit(who.id, Money(minor, "USD"), "sorry", till.world.ids.new().hex)
    async with till.world.unit(april(3), FINANCE) as unit:
        assert isinstance(await grant_credit(unit, command), CreditGranted)


async def lines(till: Till, who: Customer) -> list[tuple[str, str, int]]:
    """(invoice status, kind, amount) of every line that stands."""
    found = await till.world.rows(
        "SELECT i.status, l.kind, l.amount_minor FROM invoice_lines l JOIN invoices i ON i.account_id = l.account_id "
        "AND i.id = l.invoice_id WHERE l.account_id = :id ORDER BY i.drafted_at, i.id, l.position",
        id=who.id,
    )
    return [(row.status, row.kind, row.amount_minor) for row in found]


async def in_force(till: Till, who: Customer) -> list[tuple[str, int, datetime]]:
    """(component, quantity, since) of the items in force."""
    rows = await till.world.of(who, "subscription_items", "component", where="valid_until IS NULL")
    return [(row.component, row.quantity, row.valid_from) for row in rows]


async def test_a_card_that_succeeds_applies_the_change_in_one_request(till: Till) -> None:
    asked = await waits(till, B.SUCCEEDS)
    assert asked.outcome.change.status is S.APPLIED
    assert asked.outcome.payment is not None
    assert asked.outcome.payment.status is PaymentStatus.SUCCEEDED
    assert await asked.stands() == ("APPLIED", "PAID", WIDE)
    invoice, change = await asked.invoice(), await asked.change()
    assert (invoice.total_minor, invoice.paid_minor, invoice.next_step_at) == (4_800, 4_800, None)
    assert (change.effective_at, change.applied_at) == (april(16), ASKED)
    # items move at the instant of the quote
    assert await in_force(till, asked.who) == [("base", 1, april(16)), ("seats", 1, april(16))]
    types = [event.type for event in await till.world.of(asked.who, "outbox_events", "sequence")]
    assert types[types.index("plan_change.awaiting_payment") :] == [
        "plan_change.awaiting_payment", "payment.processing", "payment.succeeded", "invoice.paid",
        "subscription.plan_changed", "plan_change.applied",
    ]  # fmt: skip
    again = await asked.again()
    assert (again.is_replay, again.change, again.payment and again.payment.status) == (
        True, asked.outcome.change, PaymentStatus.SUCCEEDED,
    )  # fmt: skip
    assert len(await till.books(asked.who)) == 1
    await assert_balanced(till.world, asked.who)


@pytest.mark.parametrize("card", [None, B.DECLINES_FUNDS])
async def test_without_money_nothing_changes_and_the_change_waits(till: Till, card: B | None) -> None:
    asked = await waits(till, card)
    assert asked.outcome.change.status is S.AWAITING_PAYMENT
    assert (asked.outcome.payment and asked.outcome.payment.failure_code) == (card and "insufficient_funds")
    assert await asked.stands() == ("AWAITING_PAYMENT", "OPEN", 1_000)
    change, invoice = await asked.change(), await asked.invoice()
    assert (change.expires_at, change.applied_at) == (LAPSES, None)
    # due by the day it lapses on, and nobody is reminded of it
    assert (str(invoice.issued_on), str(invoice.due_on), invoice.next_step_at) == ("2026-04-16", "2026-04-17", None)
    assert await in_force(till, asked.who) == [("base", 1, april(1)), ("seats", 1, april(1))]
    # paid by another card in time, it takes effect then, at the price and the instant of its quote
    good = await till.card(asked.who, is_default=False)
    noon = april(16, 12)
    await till.paid(asked.who, asked.invoice_id, method=good, at=noon)
    assert await asked.contacts(april(16, 11)) == 1_000
    assert ((await asked.change()).status, await asked.contacts(noon)) == ("APPLIED", WIDE)
    assert await in_force(till, asked.who) == [("base", 1, april(16)), ("seats", 1, april(16))]
    await assert_balanced(till.world, asked.who)


async def test_an_action_is_finished_by_the_customer(till: Till) -> None:
    asked = await waits(till, B.ASKS_THEN_SUCCEEDS)
    assert asked.outcome.payment is not None
    assert asked.outcome.payment.status is PaymentStatus.REQUIRES_ACTION
    assert await asked.stands() == ("AWAITING_PAYMENT", "OPEN", 1_000)
    command = ConfirmPayment(asked.outcome.payment.payment_id, "confirm")
    await confirm_payment(till.units(asked.who.owner, april(16, 0, 30)), till.provider, command)
    assert await asked.stands() == ("APPLIED", "PAID", WIDE)


async def test_an_action_that_nobody_takes_is_dropped_with_the_change(till: Till) -> None:
    asked = await waits(till, B.ASKS_THEN_SUCCEEDS)
    assert asked.outcome.payment is not None
    await asked.expire()
    assert await asked.stands() == ("EXPIRED", "VOID", 1_000)
    (payment,) = await till.world.of(asked.who, "payments", where="kind = 'METHOD'")
    assert (payment.status, payment.poll_at) == ("CANCELLED", None)
    command = ConfirmPayment(asked.outcome.payment.payment_id, "too late")
    refused = await confirm_payment(till.units(asked.who.owner, LAPSES), till.provider, command)
    assert isinstance(refused, NotNow)


async def test_never_paid_it_lapses_and_the_renewal_is_as_if_never_asked(till: Till) -> None:
    asked = await waits(till, credit=1_000)
    # ten of the forty-eight came off the balance
    assert ((await asked.invoice()).applied_minor, await till.balance(asked.who)) == (1_000, 0)
    twin, _ = await a_starter(till)
    closed = await till.world.run_until(asked.who, april(30, 23))
    assert closed == []
    assert await asked.stands() == ("EXPIRED", "VOID", 1_000)
    assert await till.balance(asked.who) == 1_000
    (voided,) = await till.world.of(asked.who, "audit_entries", where="action = 'plan_change.expire'")
    assert voided.occurred_at == LAPSES
    await till.world.run_until(asked.who, april(30) + timedelta(days=1))
    await till.world.run_until(twin, april(30) + timedelta(days=1))
    own = [each for each in await lines(till, asked.who) if each[0] != "VOID"]
    # but for the credit, which pays a part of both
    assert [each[1:] for each in own] == [each[1:] for each in await lines(till, twin)]
    await assert_balanced(till.world, asked.who)


async def test_what_a_lapsed_change_gave_back_can_be_given_back_again(till: Till) -> None:
    asked = await waits(till)
    await asked.expire()
    # asked again two days later: 14.50 of Starter are left on 16 April, 12.5666… on 18 April: 13 of 30 days
    shown = await till.world.preview(asked.who, asked.subscription, PRO, april(18))
    credit = sum(line.stated.minor for line in shown.prepared.delta.lines if line.stated.minor < 0)
    assert credit == -(867 + 390)
    assert shown.prepared.delta.net.minor == 5_417 - 1_257


async def test_on_terms_and_out_of_the_balance_it_is_done_at_once(till: Till) -> None:
    who, subscription = await a_starter(till, net_days=30)
    shown = await till.world.preview(who, subscription, PRO, april(16))
    assert shown.quote is not None
    outcome = await applied(till, who, shown.quote.id, ASKED, "terms")
    assert (outcome.change.status, outcome.payment) == (S.APPLIED, None)
    rich = await waits(till, credit=4_800)
    assert await rich.stands() == ("APPLIED", "PAID", WIDE)
    poor = await waits(till, credit=4_799)
    assert await poor.stands() == ("AWAITING_PAYMENT", "OPEN", 1_000)


@pytest.mark.parametrize(
    ("behaviour", "asked_for"), [(B.TIMES_OUT_CHARGED, 1), (B.TIMES_OUT_UNCHARGED, 2)], ids=["charged", "uncharged"]
)
async def test_l25_a_lost_answer_holds_the_change_until_the_books_say(till: Till, behaviour: B, asked_for: int) -> None:
    asked = await waits(till, behaviour)
    assert asked.outcome.payment is not None
    assert asked.outcome.payment.status is PaymentStatus.PROCESSING
    assert await asked.stands() == ("AWAITING_PAYMENT", "OPEN", 1_000)
    for _ in range(3):
        await till.poll(asked.who, asked.outcome.payment.payment_id, ASKED + timedelta(minutes=1))
    assert await asked.stands() == ("APPLIED", "PAID", WIDE)
    (entry,) = await till.books(asked.who)
    assert (entry.asked, entry.amount_minor) == (asked_for, 4_800)
    await assert_balanced(till.world, asked.who)


@pytest.mark.parametrize("before", [True, False], ids=["before the provider was asked", "after it had charged"])
@pytest.mark.parametrize("how", ["the same request", "the worker", "its time is over"])
async def test_l25_a_crash_between_the_phases_converges(till: Till, before: bool, how: str) -> None:
    who, subscription = await a_starter(till)
    await till.card(who)
    shown = await till.world.preview(who, subscription, PRO, april(16))
    assert shown.quote is not None
    with pytest.raises(Crashed):
        await applied(till, who, shown.quote.id, ASKED, "killed", Dying(till.provider, before))
    (change,) = await till.world.of(who, "plan_changes")
    assert (change.status, await contacts(till, who, ASKED)) == ("AWAITING_PAYMENT", 1_000)
    again = await applied(till, who, shown.quote.id, ASKED, "killed")
    assert (again.is_replay, again.payment and again.payment.status) == (True, PaymentStatus.PROCESSING)
    asked = Waiting(till, who, subscription, again, shown.quote.id, "killed")
    if how == "its time is over":
        await asked.expire()
    else:
        await till.world.run_until(who, ASKED + timedelta(minutes=2))
    (change,) = await till.world.of(who, "plan_changes")
    assert (change.status, await contacts(till, who, LAPSES)) == ("APPLIED", WIDE)
    (entry,) = await till.books(who)
    assert (entry.amount_minor, len(await till.world.of(who, "payments", where="kind = 'METHOD'"))) == (4_800, 1)
    await assert_balanced(till.world, who)


async def test_money_that_comes_after_it_lapsed_is_credit(till: Till) -> None:
    asked = await waits(till)
    command = RecordPayment(asked.invoice_id, Money(4_800, "USD"), "bank", "late")
    # nobody has looked since it lapsed: it has all the same
    async with till.world.unit(LAPSES, FINANCE) as unit:
        assert isinstance(await record_payment(unit, command), PaymentRecorded)
    assert await asked.stands() == ("EXPIRED", "VOID", 1_000)
    assert await till.balance(asked.who) == 4_800
    await asked.expire()
    assert await asked.stands() == ("EXPIRED", "VOID", 1_000)
    await assert_balanced(till.world, asked.who)


async def test_a_part_of_the_money_is_credit_once_it_lapses(till: Till) -> None:
    asked = await waits(till)
    command = RecordPayment(asked.invoice_id, Money(1_000, "USD"), "bank", "a part")
    async with till.world.unit(april(16, 2), FINANCE) as unit:
        assert isinstance(await record_payment(unit, command), PaymentRecorded)
    assert await asked.stands() == ("AWAITING_PAYMENT", "OPEN", 1_000)
    await asked.expire()
    assert await asked.stands() == ("EXPIRED", "VOID", 1_000)
    assert await till.balance(asked.who) == 1_000
    await assert_balanced(till.world, asked.who)


async def test_the_customer_takes_it_back(till: Till) -> None:
    asked = await waits(till, B.DECLINES_FUNDS)
    command = CancelPlanChange(asked.outcome.change.id, "undo")
    for _ in range(2):
        async with till.world.unit(april(16, 3), asked.who.owner) as unit:
            assert isinstance(await cancel_plan_change(unit, command), ChangeCancelled)
    assert await asked.stands() == ("CANCELLED", "VOID", 1_000)
    async with till.world.unit(april(16, 4), asked.who.owner) as unit:
        refused = await cancel_plan_change(unit, replace(command, idempotency_key="again"))
    assert isinstance(refused, NotNow)
    await assert_balanced(till.world, asked.who)


async def test_a_payment_under_way_is_neither_taken_back_nor_replaced(till: Till) -> None:
    asked = await waits(till, B.TIMES_OUT_CHARGED)
    async with till.world.unit(april(16, 0, 1), asked.who.owner) as unit:
        refused = await cancel_plan_change(unit, CancelPlanChange(asked.outcome.change.id, "undo"))
    assert isinstance(refused, NotNow)
    assert refused.code == "PAYMENT_UNDER_WAY"
    shown = await till.world.preview(asked.who, asked.subscription, SCALE, april(16, 0, 1), replace_pending=True)
    assert [each.code for each in shown.prepared.decision.reasons if each.verdict.strictness] == ["PC-51"]


async def test_another_change_waits_its_turn_or_takes_its_place(till: Till) -> None:
    asked = await waits(till, B.DECLINES_FUNDS)
    shown = await till.world.preview(asked.who, asked.subscription, SCALE, april(16, 1))
    (no,) = [each for each in shown.prepared.decision.reasons if each.verdict.strictness]
    assert (no.code, no.sentence, no.remedy and no.remedy.action.value) == (
        "PC-50", "A change to Pro waits to be paid.", "PAY_INVOICE",
    )  # fmt: skip
    other = await till.world.preview(asked.who, asked.subscription, SCALE, april(16, 1), replace_pending=True)
    # the credit is of Starter, 359 of 720 hours of 29.00, as if nothing had been asked
    given_back = [line.stated.minor for line in other.prepared.delta.lines if line.stated.minor < 0]
    assert (len(given_back), sum(given_back)) == (2, -1_446)
    assert other.quote is not None
    outcome = await applied(till, asked.who, other.quote.id, april(16, 1), "another")
    assert outcome.change.status is S.AWAITING_PAYMENT
    assert await asked.stands() == ("CANCELLED", "VOID", 1_000)
    await assert_balanced(till.world, asked.who)


async def test_a_longer_interval_waits_whole_and_its_early_close_comes_with_it(till: Till) -> None:
    asked = await waits(till, plan=None, interval=BillingInterval.YEAR)
    subscription = (await till.world.of(asked.who, "subscriptions"))[0]
    assert subscription.interval == "MONTH"
    # 15 of 30 days back: 14.50; a year of Starter with a seat: 200.00 + 90.00
    assert (await asked.invoice()).total_minor == 29_000 - 1_450
    await till.card(asked.who)
    await till.paid(asked.who, asked.invoice_id, at=april(16, 5))
    (subscription,) = await till.world.of(asked.who, "subscriptions")
    assert (subscription.interval, subscription.current_period_start) == ("YEAR", april(16))
    assert (await asked.change()).status == "APPLIED"
    await assert_balanced(till.world, asked.who)


async def test_free_to_paid_waits(till: Till) -> None:
    who, subscription = await a_starter(till, plan=FREE)
    shown = await till.world.preview(who, subscription, STARTER, april(16), seats=1)
    assert shown.quote is not None
    outcome = await applied(till, who, shown.quote.id, ASKED, "free")
    assert outcome.change.status is S.AWAITING_PAYMENT
    assert await contacts(till, who, ASKED) == 100
    await till.card(who)
    assert outcome.change.invoice_id is not None
    await till.paid(who, outcome.change.invoice_id, at=april(16, 5))
    assert await contacts(till, who, april(16, 5)) == 1_000


async def test_it_lapses_with_the_period_at_the_latest(till: Till) -> None:
    who, subscription = await a_starter(till)
    shown = await till.world.preview(who, subscription, PRO, april(30, 20))
    assert shown.quote is not None
    outcome = await applied(till, who, shown.quote.id, april(30, 20), "late")
    assert outcome.change.expires_at == april(30) + timedelta(days=1)
    await till.world.run_until(who, april(30) + timedelta(days=2))
    (change,) = await till.world.of(who, "plan_changes")
    (subscription_row,) = await till.world.of(who, "subscriptions")
    assert (change.status, subscription_row.current_period_start) == ("EXPIRED", april(30) + timedelta(days=1))
    assert await contacts(till, who, april(30) + timedelta(days=2)) == 1_000


async def test_parallel_payment_and_expiry_have_one_outcome(till: Till) -> None:
    for _ in range(8):
        asked = await waits(till)
        await till.card(asked.who)
        just_before = LAPSES - timedelta(seconds=1)
        await asyncio.gather(
            till.pay(asked.who, asked.invoice_id, at=just_before), asked.expire(), asked.expire(), asked.expire(),
        )  # fmt: skip
        # whoever came first, money that was asked for in time counts once the worker looks again
        await till.world.run_until(asked.who, LAPSES + timedelta(hours=3))
        status, invoice, has = await asked.stands()
        has = await asked.contacts(LAPSES + timedelta(hours=2))
        taken = sum(each.amount_minor for each in await till.books(asked.who))
        assert (status, invoice, has) in {("APPLIED", "PAID", WIDE), ("EXPIRED", "VOID", 1_000)}
        assert (taken, await till.balance(asked.who)) in {(4_800, 0), (0, 0), (4_800, 4_800)}
        assert (await till.balance(asked.who) == 4_800) <= (status == "EXPIRED")
        await assert_balanced(till.world, asked.who)


async def test_finance_voids_it_with_the_change_and_corrects_it_in_no_other_way(till: Till) -> None:
    asked = await waits(till)
    for refused in (
        await till.credit(asked.who, asked.invoice_id, at=april(16, 1)),
        await till.write_off(asked.who, asked.invoice_id, at=april(16, 1)),
        await till.void(asked.who, asked.invoice_id, reissue=True),
    ):
        assert isinstance(refused, NotNow)
        assert refused.code == "CHANGE_AWAITS_PAYMENT"
    await till.void(asked.who, asked.invoice_id)
    assert await asked.stands() == ("CANCELLED", "VOID", 1_000)
    await assert_balanced(till.world, asked.who)
