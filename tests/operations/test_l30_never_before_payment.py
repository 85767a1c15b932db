"""Law L30 where money comes first: whatever is done in whatever order, nobody has more than what was paid for."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from random import Random
from typing import Any

import pytest

from cli.audit import audit_all, line_of
from db.engine import Database
from domain.audit.disagreement import Disagreement
from domain.commands import ApplyQuote, CancelPlanChange, ConfirmPayment, EndTrial, RecordPayment
from domain.errors import InvalidInput, NotFound
from domain.ids import InvoiceId, PaymentId, PlanChangeId, SubscriptionId
from domain.money import Money
from operations.changes.cancel_plan_change import cancel_plan_change
from operations.changes.change_and_pay import change_and_pay
from operations.payments.confirm_payment import confirm_payment
from operations.payments.record_payment import record_payment
from tests.make import PRO, SCALE, STARTER, april
from tests.operations.lives import Lives
from tests.operations.money import FINANCE, B, Till, assert_balanced
from tests.stored import Customer, a_world

SEEDS = range(10)
NO_LIMIT = 10**9
WIDTH = {STARTER.id: 1_000, PRO.id: 10_000, SCALE.id: NO_LIMIT}
"""Contacts of each plan."""


@pytest.fixture(scope="module")
async def till(database: Database) -> Till:
    """A counter in a world of this module's own."""
    return Till(await a_world(database))


async def a_customer(till: Till) -> tuple[Customer, SubscriptionId]:
    """Starter, due on receipt, its first invoice paid."""
    who = await till.world.customer(net_days=0)
    subscription = await till.world.subscribe(who, STARTER)
    (invoice,) = await till.world.of(who, "invoices")
    await till.world.pay(who, invoice.id, april(2))
    return who, subscription


async def width(till: Till, who: Customer, at: datetime) -> int:
    """How many contacts the account may have, as the hottest read would find it."""
    (row,) = await till.world.rows(
        "SELECT e.limit_value FROM entitlements e JOIN features f ON f.id = e.feature_id WHERE e.account_id = :id "
        "AND f.code = 'contacts' AND e.valid_from <= :at AND (e.valid_until IS NULL OR e.valid_until > :at)",
        id=who.id, at=at,
    )  # fmt: skip
    return NO_LIMIT if row.limit_value is None else int(row.limit_value)


async def paid_for(till: Till, who: Customer) -> int:
    """The widest plan that stands on an invoice whose money is in: told by the documents alone."""
    rows = await till.world.rows(
        "SELECT DISTINCT l.plan_version_id FROM invoice_lines l JOIN invoices i ON i.account_id = l.account_id "
        "AND i.id = l.invoice_id WHERE l.account_id = :id AND i.status = 'PAID' AND i.applied_minor + i.paid_minor "
        "- i.returned_minor = i.total_minor AND l.kind IN ('CHARGE', 'PRORATION_CHARGE')",
        id=who.id,
    )
    return max(WIDTH[row.plan_version_id] for row in rows)


async def assert_sound(till: Till, who: Customer, at: datetime) -> None:
    """Never wider than what is paid, no money lost, and an auditor finds nothing."""
    assert await width(till, who, at) <= await paid_for(till, who)
    await assert_balanced(till.world, who)
    said: list[Disagreement] = []
    await audit_all(till.world.database, said.append, lambda done, total, doing: None, who.id)
    assert [line_of(each) for each in said] == []


async def upgrade(till: Till, who: Customer, subscription: SubscriptionId, at: datetime, chance: Random) -> None:
    """Ask for a larger plan, in the place of what waits or not; whatever the default card says to it."""
    plan = chance.choice([PRO, SCALE])
    shown = await till.world.preview(who, subscription, plan, at, replace_pending=chance.random() < 0.5)
    if shown.quote is not None:
        command = ApplyQuote(shown.quote.id, till.world.ids.new().hex)
        await change_and_pay(till.units(who.owner, at), till.provider, command)


async def waiting(till: Till, who: Customer) -> Any:
    """The change that waits, or the last one."""
    changes = await till.world.of(who, "plan_changes", "(status = 'AWAITING_PAYMENT') DESC, created_at DESC")
    return changes[0] if changes else None


async def pay(till: Till, who: Customer, subscription: SubscriptionId, at: datetime, chance: Random) -> None:
    """Pay what the change asks for, by some card."""
    change = await waiting(till, who)
    if change is not None and change.invoice_id is not None:
        card = await till.card(who, chance.choice(list(B)), is_default=False, at=at)
        await till.pay(who, change.invoice_id, method=card, at=at)


async def transfer(till: Till, who: Customer, subscription: SubscriptionId, at: datetime, chance: Random) -> None:
    """Money by hand: all of it, or a part."""
    change = await waiting(till, who)
    if change is None or change.invoice_id is None:
        return
    due = (await till.owed(who, change.invoice_id)).due_minor
    amount = Money(max(1, due if chance.random() < 0.5 else due // 3), "USD")
    command = RecordPayment(InvoiceId(change.invoice_id), amount, "bank", till.world.ids.new().hex)
    async with till.world.unit(at, FINANCE) as unit:
        await record_payment(unit, command)


async def confirm(till: Till, who: Customer, subscription: SubscriptionId, at: datetime, chance: Random) -> None:
    """Do what the provider asks for."""
    for payment in await till.world.of(who, "payments", where="kind = 'METHOD'"):
        command = ConfirmPayment(PaymentId(payment.id), till.world.ids.new().hex)
        await confirm_payment(till.units(who.owner, at), till.provider, command)


async def take_back(till: Till, who: Customer, subscription: SubscriptionId, at: datetime, chance: Random) -> None:
    """Take the change back."""
    change = await waiting(till, who)
    if change is not None:
        command = CancelPlanChange(PlanChangeId(change.id), till.world.ids.new().hex)
        async with till.world.unit(at, who.owner) as unit:
            await cancel_plan_change(unit, command)


async def work(till: Till, who: Customer, subscription: SubscriptionId, at: datetime, chance: Random) -> None:
    """What the worker does by now."""
    await till.world.run_until(who, at)


Deed = Callable[[Till, Customer, SubscriptionId, datetime, Random], Awaitable[None]]
DEEDS: tuple[Deed, ...] = (upgrade, pay, transfer, confirm, take_back, work)


@pytest.mark.parametrize("seed", SEEDS)
async def test_l30_in_any_order(till: Till, seed: int) -> None:
    chance = Random(seed)
    who, subscription = await a_customer(till)
    await till.card(who, chance.choice(list(B)))
    at = april(10)
    for deed in [upgrade, *chance.choices(DEEDS, k=9)]:
        at += timedelta(minutes=chance.choice([1, 5, 60, 13 * 60]))
        try:
            await deed(till, who, subscription, at, chance)
        except InvalidInput:
            continue
        await assert_sound(till, who, at)
    # a worker that comes late finds what one that was prompt would have
    at += timedelta(days=2)
    await till.world.run_until(who, at)
    await assert_sound(till, who, at)
    assert await till.world.of(who, "plan_changes", where="status = 'AWAITING_PAYMENT'") == []
    taken = sum(each.amount_minor for each in await till.books(who) if each.outcome == "SUCCEEDED")
    kept = await till.world.of(who, "payments", where="kind = 'METHOD' AND status = 'SUCCEEDED'")
    assert taken == sum(each.amount_minor for each in kept)


@pytest.mark.parametrize("seed", range(5))
async def test_l30_when_all_of_it_happens_at_once(till: Till, seed: int) -> None:
    chance = Random(1_000 + seed)
    who, subscription = await a_customer(till)
    await till.card(who, chance.choice(list(B)))
    at = april(10)
    await upgrade(till, who, subscription, at, chance)
    later = at + timedelta(hours=24) - timedelta(seconds=chance.choice([0, 1]))
    deeds = [*chance.choices(DEEDS, k=9), pay, transfer, work, work]
    outcomes = await asyncio.gather(
        *(deed(till, who, subscription, later, Random(n)) for n, deed in enumerate(deeds)), return_exceptions=True
    )
    assert {type(each) for each in outcomes if isinstance(each, BaseException)} <= {InvalidInput, NotFound}
    await till.world.run_until(who, at + timedelta(days=3))
    await assert_sound(till, who, at + timedelta(days=3))
    assert len(await till.world.of(who, "plan_changes", where="status = 'AWAITING_PAYMENT'")) == 0


@pytest.mark.parametrize("card", [B.DECLINES_FUNDS, B.ASKS_THEN_SUCCEEDS, B.SUCCEEDS])
async def test_l30_a_trial_that_is_left_for_more_widens_once_that_is_paid(till: Till, card: B) -> None:
    who = await till.world.customer(net_days=0)
    subscription = await Lives(till.world).started(who, STARTER, trial_days=30)
    await till.card(who, card)
    at = april(10)
    shown = await till.world.preview(who, subscription, SCALE, at, turn=EndTrial())
    assert shown.quote is not None
    command = ApplyQuote(shown.quote.id, till.world.ids.new().hex)
    await change_and_pay(till.units(who.owner, at), till.provider, command)
    if card is not B.SUCCEEDS:
        # it is in its trial of Starter still
        assert await width(till, who, at) == WIDTH[STARTER.id]
        (row,) = await till.world.of(who, "subscriptions")
        assert row.status == "TRIALING"
        at += timedelta(hours=1)
        await (confirm if card is B.ASKS_THEN_SUCCEEDS else transfer_all)(till, who, subscription, at, Random(1))
    await assert_sound(till, who, at)
    assert await width(till, who, at) == NO_LIMIT


async def transfer_all(till: Till, who: Customer, subscription: SubscriptionId, at: datetime, chance: Random) -> None:
    """All the money by hand."""
    change = await waiting(till, who)
    due = (await till.owed(who, change.invoice_id)).due_minor
    command = RecordPayment(InvoiceId(change.invoice_id), Money(due, "USD"), "bank", till.world.ids.new().hex)
    async with till.world.unit(at, FINANCE) as unit:
        await record_payment(unit, command)
