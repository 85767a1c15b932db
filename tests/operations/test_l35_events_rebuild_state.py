"""Law L35 over random lives on a real Postgres: what an account's events come to is what is stored of it."""

import asyncio
from datetime import datetime, timedelta
from random import Random

import pytest

from db.queries.books import books_of, rule_book
from db.scope import scope_of
from domain.actor import StaffRole, staff
from domain.audit.history import OPENED, audit_history
from domain.audit.numbering import audit_events
from domain.commands import (
    AddCharge,
    CreditDestination,
    CreditInvoice,
    FinaliseInvoice,
    MigratePlanVersion,
    RecordPayment,
    RefundPayment,
    VoidInvoice,
    WriteOffInvoice,
)
from domain.credit import CreditNoteReason
from domain.entitlement import FeatureValue
from domain.errors import InvalidInput, NotFound
from domain.ids import InvoiceId, PaymentId, SubscriptionId
from domain.money import Money
from operations.catalog.migrate_plan_version import migrate_plan_version
from operations.invoices.add_charge import add_charge
from operations.invoices.finalise_draft import finalise_draft
from operations.invoices.give_back import give_back
from operations.invoices.void_invoice import void_invoice
from operations.invoices.write_off_invoice import write_off_invoice
from operations.payments.record_payment import record_payment
from tests.make import FREE, PRO, SCALE, STARTER, april
from tests.operations.lives import FINANCE, Lives
from tests.operations.money import B, Till
from tests.operations.test_consolidated import a_family, consolidate, pay_all
from tests.operations.test_l15_service_of_a_life import change
from tests.operations.test_lives_over_boundaries import metered
from tests.stored import Customer, World, dearer

SEEDS = range(8)
DEEDS = (
    *["life"] * 12, "pay", "transfer", "credit", "credit to refund", "refund", "void", "write off", "finalise",
    "charge", "use", "late use", "move", "override", "notice",
)  # fmt: skip
NO = (InvalidInput, NotFound)
"""What may be said to who asks for what cannot be: another amount, a subscription that has ended."""
PLANS = (FREE, STARTER, PRO, SCALE)
SCOPE = scope_of(staff(StaffRole.SYSTEM))


async def something(
    till: Till, who: Customer, subscriptions: list[SubscriptionId], at: datetime, chance: Random
) -> None:
    """Whatever somebody does next with a subscription or its money; a no is as good as a deed."""
    world, deed = till.world, chance.choice(DEEDS)
    invoice = InvoiceId(chance.choice(await world.of(who, "invoices")).id)
    match deed:
        case "life":
            await life(world, who, chance.choice(subscriptions), at, chance)
        case "pay":
            await till.card(who, chance.choice(list(B)), at=at)
            await till.pay(who, invoice, at=at)
        case "use" | "late use":
            used_at = at if deed == "use" else at - timedelta(days=chance.randrange(1, 40))
            await world.use(who, "emails", chance.randrange(1, 500), used_at)
        case "move":
            zone = chance.choice(["Asia/Tokyo", "America/New_York", "UTC"])
            await Lives(world).update(who, at, zone=zone)
        case "override":
            limit = FeatureValue(is_enabled=True, limit=chance.randrange(1, 99))
            await world.override(who, "seats", limit, at)
        case "credit" | "credit to refund" | "refund":
            await back(till, who, invoice, at, chance, deed)
        case _:
            await by_finance(till, who, invoice, at, chance, deed)


async def life(world: World, who: Customer, subscription: SubscriptionId, at: datetime, chance: Random) -> None:
    """Whatever its owner does with a subscription."""
    lives = Lives(world)
    match chance.choice(("pause", "resume", "seats", "plan", "plan", "cancel", "undo")):
        case "pause":
            await lives.pause(who, subscription, at, resumes_at=chance.choice([None, at + timedelta(days=9)]))
        case "resume":
            await lives.resume(who, subscription, at)
        case "cancel":
            is_now = chance.random() < 0.2
            await lives.cancel(who, subscription, at, is_immediate=is_now, actor=FINANCE if is_now else None)
        case "undo":
            await lives.undo(who, subscription, at)
        case "seats":
            await change(lives, who, subscription, at, None, seats=chance.randrange(1, 9))
        case _:
            await change(lives, who, subscription, at, chance.choice(PLANS))


async def by_finance(till: Till, who: Customer, invoice: InvoiceId, at: datetime, chance: Random, deed: str) -> None:
    """Whatever finance does next."""
    world, key = till.world, till.world.ids.new().hex
    money = Money(chance.randrange(1, 14_000), "USD")
    plan_id = chance.choice(await world.of(who, "subscriptions")).plan_id
    async with world.unit(at, FINANCE) as unit:
        match deed:
            case "transfer":
                await record_payment(unit, RecordPayment(invoice, money, "bank", key))
            case "void":
                await void_invoice(unit, VoidInvoice(invoice, "a mistake", key, chance.random() < 0.5))
            case "write off":
                await write_off_invoice(unit, WriteOffInvoice(invoice, "gone", key))
            case "finalise":
                await finalise_draft(unit, FinaliseInvoice(invoice, key))
            case "charge":
                at_once = chance.random() < 0.5
                await add_charge(unit, AddCharge(who.id, money, "Training", key, is_immediate=at_once))
            case _:
                await migrate_plan_version(unit, MigratePlanVersion(plan_id, "Dearer.", key))


async def back(till: Till, who: Customer, invoice: InvoiceId, at: datetime, chance: Random, deed: str) -> None:
    """Money given back: by a credit note over an invoice, or of a payment."""
    key, units = till.world.ids.new().hex, till.units(FINANCE, at)
    money = Money(chance.randrange(1, 14_000), "USD")
    if deed != "refund":
        to = CreditDestination.REFUND if deed == "credit to refund" else CreditDestination.BALANCE
        note = CreditInvoice(invoice, CreditNoteReason.GOODWILL, key, amount=money, destination=to)
        await give_back(units, till.provider, note)
        return
    for payment in await till.world.of(who, "payments", where="status = 'SUCCEEDED'"):
        await give_back(units, till.provider, RefundPayment(PaymentId(payment.id), key, chance.choice([money, None])))
        return


async def a_customer(till: Till) -> tuple[Customer, list[SubscriptionId]]:
    """A customer with two subscriptions: seats in advance; and e-mails by use, of which there is a dearer edition."""
    world, lives = till.world, Lives(till.world)
    who, by_use = await world.customer(net_days=365), await metered(world)
    subscriptions = [await lives.started(who, PRO, seats=2), await lives.started(who, by_use)]
    await world.publish(dearer(by_use), at=april(2))
    return who, subscriptions


async def assert_told(world: World, who: Customer) -> None:
    """Every event is there, and what they come to is what is stored: of each aggregate, field by field."""
    async with world.database.snapshot() as session:
        rules = await rule_book(session)
        (books,) = await books_of(session, SCOPE, [who.id], rules)
    assert books.history.events[0].type == OPENED
    assert [each.sentence for each in audit_events(books)] == []
    assert [each.sentence for each in audit_history(books, rules)] == []


@pytest.mark.parametrize("seed", SEEDS)
async def test_l35_folding_events_rebuilds_state(world: World, seed: int) -> None:
    chance, till = Random(seed), Till(world)
    who, subscriptions = await a_customer(till)
    at = april(1)
    for _ in range(25):
        at += timedelta(days=chance.randrange(0, 9), seconds=chance.randrange(86_400))
        await world.run_until(who, at)
        try:
            await something(till, who, subscriptions, at, chance)
        except NO:
            continue
        await assert_told(world, who)


async def test_l35_holds_when_everything_happens_at_once(world: World) -> None:
    till = Till(world)
    who, subscriptions = await a_customer(till)
    chances = [Random(900 + number) for number in range(16)]
    outcomes = await asyncio.gather(
        *(something(till, who, subscriptions, april(16), chance) for chance in chances), return_exceptions=True
    )
    assert {type(each) for each in outcomes if isinstance(each, BaseException)} <= set(NO)
    await assert_told(world, who)


async def test_l35_holds_for_what_a_random_life_seldom_meets(world: World) -> None:
    """A day that a new zone moves, credit that is spent and comes back, a draft that moves, a change called off."""
    till, lives = Till(world), Lives(world)
    who, (pro, by_use) = await a_customer(till)
    (first, _) = await world.of(who, "invoices", "total_minor DESC")
    await till.transfer(who, first.id, Money(first.total_minor, "USD").amount())
    await till.credited(who, first.id, "60.00", at=april(10))
    await world.change(who, pro, STARTER, april(12))
    await lives.update(who, april(13), zone="Asia/Tokyo")
    await lives.pause(who, by_use, april(14))
    await lives.resume(who, by_use, april(16))
    await world.use(who, "emails", 300, april(20))
    await world.run_until(who, april(30, 20))
    await world.use(who, "emails", 50, april(30, 13), "late")
    for invoice in await world.of(who, "invoices", where="applied_minor > 0 AND status = 'OPEN'"):
        await till.void(who, invoice.id)
    await world.change(who, pro, FREE, april(30, 21))
    await lives.cancel(who, pro, april(30, 22), is_immediate=True, actor=FINANCE)
    told = {event.type for event in await world.of(who, "outbox_events")}
    assert told >= {
        "plan_change.scheduled", "plan_change.moved", "plan_change.applied", "plan_change.cancelled", "credit.granted",
        "credit.applied", "credit.restored", "invoice.draft_moved", "subscription.paused", "subscription.resumed",
        "subscription.cancelled",
    }  # fmt: skip
    await assert_told(world, who)


async def test_l35_holds_for_a_family(world: World) -> None:
    till = Till(world)
    family = await a_family(till)
    for child in family.children:
        await world.subscribe(child, PRO)
    document = await consolidate(till, family)
    assert document is not None
    await till.card(family.parent)
    await pay_all(till, family, document)
    assert await world.of(family.parent, "outbox_events", where="type = 'consolidated_invoice.paid'")
    for who in (family.parent, *family.children):
        await assert_told(world, who)
