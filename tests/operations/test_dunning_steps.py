"""Dunning by its table: each step once, at its instant; what suspends narrows access, and paying gives it back."""

import asyncio
from datetime import datetime

import pytest

from db.engine import Database
from db.queries.accounts import account as account_for
from db.queries.settlements import due_for_a_step
from domain.dunning import DUNNING
from domain.ids import InvoiceId
from operations.clock.due import DueKind, DueOn, DueThing
from operations.clock.next_due import next_due
from operations.clock.run_due import run_next_due
from operations.payments.take_dunning_steps import take_dunning_steps
from tests.make import FREE, PRO, april
from tests.operations.money import B, Till, assert_balanced
from tests.stored import Customer, a_world

DAYS = [step.day for step in DUNNING]


@pytest.fixture(scope="module")
async def till(database: Database) -> Till:
    """A counter in a world of this module's own."""
    return Till(await a_world(database))


async def a_bill(till: Till, net_days: int = 0) -> tuple[Customer, InvoiceId]:
    """A customer and their first invoice of 125.00, of 1 April, due on receipt unless told otherwise."""
    who = await till.world.customer(net_days=net_days)
    await till.world.subscribe(who, PRO)
    (invoice,) = await till.world.of(who, "invoices")
    return who, InvoiceId(invoice.id)


async def step(till: Till, who: Customer, invoice: InvoiceId, at: datetime) -> bool:
    """Take the step that is due at an instant."""
    async with till.world.unit(at) as unit:
        found = await account_for(unit.session, unit.scope, who.id, for_change=True)
        assert found is not None
        due = DueOn(found.account, DueThing(at, DueKind.DUN, invoice, who.id))
        return invoice in await take_dunning_steps(unit, [due])


async def all_steps(till: Till, who: Customer, until: datetime) -> list[datetime]:
    """Every step that comes by an instant, with the payments that each begins; when they were."""
    taken: list[datetime] = []
    while True:
        async with till.world.unit(until) as unit:
            due = await due_for_a_step(unit.session, unit.scope, [who.id], until)
        if not due:
            return taken
        at = due[0].next_step_at
        assert at is not None
        await step(till, who, due[0].id, at)
        taken.append(at)
        for payment in await till.world.of(who, "payments", where="poll_at IS NOT NULL"):
            await till.poll(who, payment.id, at)


async def everything(till: Till, who: Customer, until: datetime) -> None:
    """Whatever is due by an instant, one thing a transaction; payments are seen through as they begin."""
    while True:
        for payment in await till.world.of(who, "payments", where="poll_at IS NOT NULL"):
            if payment.poll_at <= until:
                await till.poll(who, payment.id, payment.poll_at)
        async with till.world.unit(until) as unit:
            if await run_next_due(unit, who.id, until) is None:
                break
    await all_steps(till, who, until)


async def features(till: Till, who: Customer) -> list[str]:
    """What the account has now."""
    rows = await till.world.of(who, "entitlements", "feature_code", where="valid_until IS NULL")
    return [row.feature_code for row in rows]


async def test_many_are_dunned_in_as_many_statements_as_one(till: Till) -> None:
    bills = [await a_bill(till) for _ in range(4)]
    for who, _ in bills:
        await till.card(who)

    async def statements(of: list[tuple[Customer, InvoiceId]]) -> int:
        with till.world.database.recording() as ran:
            async with till.world.unit(april(2)) as unit:
                done = await next_due(unit, [who.id for who, _ in of], april(2))
        assert [each.kind for each in done] == [DueKind.DUN] * len(of)
        return len(ran)

    assert await statements(bills[:1]) == await statements(bills[1:])


async def test_due_on_receipt_is_collected_at_once(till: Till) -> None:
    who, _invoice = await a_bill(till)
    await till.card(who)
    (row,) = await till.world.of(who, "invoices")
    assert row.next_step_at == row.finalised_at
    assert await all_steps(till, who, april(1)) == [row.finalised_at]
    (row,) = await till.world.of(who, "invoices")
    assert (row.status, row.next_step_at) == ("PAID", None)
    (taken,) = await till.world.of(who, "dunning_steps")
    assert (taken.day, taken.actions) == (0, "COLLECT")
    await assert_balanced(till.world, who)


async def test_terms_of_fourteen_days_are_collected_as_their_due_day_begins(till: Till) -> None:
    who, invoice = await a_bill(till, net_days=14)
    await till.card(who)
    (row,) = await till.world.of(who, "invoices")
    assert row.next_step_at == april(15)
    assert not await step(till, who, invoice, april(14, 23, 59))
    assert await all_steps(till, who, april(15)) == [april(15)]
    assert (await till.owed(who, invoice)).due_minor == 0


async def test_the_table_is_walked_day_by_day_each_step_once(till: Till) -> None:
    who, _invoice = await a_bill(till)
    await till.card(who, B.DECLINES_FUNDS)
    # 1 April at 00:00 is the due day; day 30 is 1 May
    end = datetime.fromisoformat("2026-05-31T00:00+00:00")
    taken = await all_steps(till, who, end)
    assert [(at - april(1)).days for at in taken] == DAYS
    rows = await till.world.of(who, "dunning_steps", "day")
    assert [row.day for row in rows] == DAYS
    # collected on day 0, tried again on days 3, 7, 14 and 21: five payments, each with a key of its own
    payments = await till.world.of(who, "payments")
    assert [payment.status for payment in payments] == ["FAILED"] * 5
    assert len(await till.books(who)) == 5
    events = await till.world.of(who, "outbox_events", "sequence", where="aggregate_type = 'Invoice'")
    assert [event.type for event in events if event.type != "invoice.finalised"] == [
        "invoice.reminded",  # day 1
        "invoice.reminded",  # day 3
        "invoice.reminded",  # day 7
        "invoice.reminded", "invoice.changes_blocked",  # day 14
        "invoice.reminded",  # day 21
        "invoice.reminded", "invoice.suspended",  # day 30
    ]  # fmt: skip
    (row,) = await till.world.of(who, "invoices")
    assert (row.status, row.next_step_at) == ("OPEN", None)


async def test_a_card_that_pays_once_is_dunned_for_the_next_bill(till: Till) -> None:
    who, invoice = await a_bill(till)
    await till.card(who, B.SUCCEEDS_ONCE)
    await all_steps(till, who, april(1))
    assert (await till.owed(who, invoice)).due_minor == 0
    await everything(till, who, datetime.fromisoformat("2026-05-04T00:00+00:00"))
    statuses = [row.status for row in await till.world.of(who, "payments", "created_at, id")]
    # May's bill: declined on 1 May and on 4 May
    assert statuses == ["SUCCEEDED", "FAILED", "FAILED"]


async def test_suspension_narrows_access_from_its_instant_and_paying_restores_it(till: Till) -> None:
    who, invoice = await a_bill(till)
    before = await features(till, who)
    assert before
    await all_steps(till, who, datetime.fromisoformat("2026-05-01T00:00+00:00"))
    assert await features(till, who) == []
    closed = await till.world.of(who, "entitlements", where="valid_until IS NOT NULL")
    assert {row.valid_until for row in closed} == {datetime.fromisoformat("2026-05-01T00:00+00:00")}
    at = datetime.fromisoformat("2026-05-02T09:00+00:00")
    await till.card(who)
    await till.paid(who, invoice, at=at)
    assert await features(till, who) == before
    opened = await till.world.of(who, "entitlements", where="valid_until IS NULL")
    assert {row.valid_from for row in opened} == {at}


async def test_a_step_taken_by_many_at_once_is_taken_once(till: Till) -> None:
    who, invoice = await a_bill(till)
    await till.card(who)
    ran = await asyncio.gather(*(step(till, who, invoice, april(1)) for _ in range(6)))
    assert sorted(ran) == [False] * 5 + [True]
    assert len(await till.world.of(who, "dunning_steps")) == 1
    assert len(await till.world.of(who, "payments")) == 1


async def test_no_second_charge_begins_while_one_is_under_way(till: Till) -> None:
    who, invoice = await a_bill(till)
    await till.card(who, B.ASKS_THEN_SUCCEEDS)
    await step(till, who, invoice, april(1))
    (payment,) = await till.world.of(who, "payments")
    await till.poll(who, payment.id, april(1))
    for day in (2, 4):
        assert await step(till, who, invoice, april(day))
    assert len(await till.world.of(who, "payments")) == 1


async def test_without_a_card_it_reminds_and_charges_nobody(till: Till) -> None:
    who, _invoice = await a_bill(till)
    await all_steps(till, who, april(8))
    assert await till.world.of(who, "payments") == []
    assert len(await till.world.of(who, "outbox_events", where="type = 'invoice.reminded'")) == 3


async def test_nothing_due_is_never_dunned(till: Till) -> None:
    who = await till.world.customer(net_days=0)
    await till.world.subscribe(who, FREE)
    assert await all_steps(till, who, april(30)) == []


def test_l36_the_table_blocks_changes_before_it_suspends() -> None:
    first = {action.value: step.day for step in reversed(DUNNING) for action in step.actions}
    assert first["BLOCK_CHANGES"] <= first["SUSPEND"]
