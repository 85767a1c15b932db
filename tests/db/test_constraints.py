"""What the database refuses by itself, whatever the code above it believes."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import insert, select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from db.engine import Database
from db.tables import (
    accounts,
    commitment_terms,
    document_numbers,
    entitlements,
    idempotency_keys,
    invoice_lines,
    invoices,
    outbox_events,
    plan_changes,
    subscription_items,
    subscriptions,
    usage_keys,
)
from tests.make import APRIL, PRO, SCALE, STARTER, april
from tests.stored import Customer, World, a_world

ITEM_OVERLAP = "subscription_items_no_overlap_excl"
LINE_KEY = "invoice_lines_once_key"


@pytest.fixture(scope="module")
async def world(database: Database) -> World:
    """The ladder of tests.make on sale."""
    return await a_world(database)


@pytest.fixture
async def who(world: World) -> Customer:
    """A customer on Pro since the 1st, that went up to Scale on the 16th."""
    found = await world.customer()
    await world.change(found, await world.subscribe(found, PRO), SCALE)
    return found


@asynccontextmanager
async def refused(world: World, by: str) -> AsyncIterator[AsyncSession]:
    """A transaction that the database refuses, naming the constraint."""
    with pytest.raises(DBAPIError) as caught:
        async with world.database.write() as session:
            yield session
    assert by in str(caught.value.orig), caught.value.orig


async def a_copy(session: AsyncSession, table: Any, who: Customer, **changes: Any) -> Mapping[str, Any]:
    """A row like the account's first one of a table, with another id."""
    row = (await session.execute(select(table).where(table.c.account_id == who.id).limit(1))).mappings().one()
    return {**row, "id": UUID(int=int(row["id"]) ^ 1), **changes}


@pytest.mark.parametrize(
    ("says", "start", "end"),
    [
        ("inside", april(5), april(6)),
        ("across its end", april(10), april(20)),
        ("around it", april(1), None),
        ("for ever, from within the one in force", april(20), None),
        ("a microsecond", april(16) - timedelta(microseconds=1), april(16)),
    ],
)
async def test_two_versions_of_one_item_never_overlap(
    world: World, who: Customer, says: str, start: datetime, end: datetime | None
) -> None:
    async with refused(world, ITEM_OVERLAP) as session:
        row = await a_copy(session, subscription_items, who, component="base", valid_from=start, valid_until=end)
        await session.execute(insert(subscription_items).values(**row))


async def test_adjacent_versions_of_an_item_are_welcome(world: World, who: Customer) -> None:
    async with world.database.write() as session:
        row = await a_copy(
            session, subscription_items, who, component="base", valid_from=april(1) - timedelta(1), valid_until=april(1)
        )
        await session.execute(insert(subscription_items).values(**row))


async def test_a_span_that_ends_before_it_begins_is_refused(world: World, who: Customer) -> None:
    async with refused(world, "range lower bound") as session:
        row = await a_copy(
            session, subscription_items, who, component="other", valid_from=april(2), valid_until=april(1)
        )
        await session.execute(insert(subscription_items).values(**row))


async def test_an_account_has_one_live_subscription_of_a_product(world: World, who: Customer) -> None:
    async with refused(world, "subscriptions_one_live_excl") as session:
        row = await a_copy(session, subscriptions, who, plan_id=STARTER.plan.id)
        await session.execute(insert(subscriptions).values(**row))
    async with world.database.write() as session:  # one that ended before leaves room
        row = await a_copy(session, subscriptions, who, started_at=april(1) - timedelta(9), ended_at=april(1))
        await session.execute(insert(subscriptions).values(**row))


async def test_one_line_a_subscription_item_period_kind_and_cause(world: World, who: Customer) -> None:
    async with refused(world, LINE_KEY) as session:
        row = await a_copy(session, invoice_lines, who, position=99)
        await session.execute(insert(invoice_lines).values(**row))


async def test_a_change_is_billed_once_whoever_bills_it(world: World, who: Customer) -> None:
    # the same cause on another invoice: the key does not contain the invoice
    async with refused(world, LINE_KEY) as session:
        other = await a_copy(session, invoices, who, number="other")
        await session.execute(insert(invoices).values(**other))
        row = await a_copy(session, invoice_lines, who, invoice_id=other["id"], position=1)
        await session.execute(insert(invoice_lines).values(**row))


async def test_a_document_number_is_given_once(world: World, who: Customer) -> None:
    async with refused(world, "document_numbers_pkey") as session:
        row = (await session.execute(select(document_numbers).limit(1))).mappings().one()
        await session.execute(insert(document_numbers).values({**row, "document_id": UUID(int=1)}))
    async with refused(world, "document_numbers_document_id_key") as session:
        row = (await session.execute(select(document_numbers).limit(1))).mappings().one()
        await session.execute(insert(document_numbers).values({**row, "number": 10**9}))
    async with refused(world, "invoices_account_id_number_key") as session:
        await session.execute(insert(invoices).values(**await a_copy(session, invoices, who)))


async def test_an_idempotency_key_is_used_once(world: World, who: Customer) -> None:
    async with refused(world, "idempotency_keys_pkey") as session:
        row = (
            await session.execute(select(idempotency_keys).where(idempotency_keys.c.account_id == who.id))
        ).mappings().one()  # fmt: skip
        await session.execute(insert(idempotency_keys).values({**row, "input_hash": "another"}))


async def test_two_changes_never_wait_on_one_subscription(world: World, who: Customer) -> None:
    async with refused(world, "plan_changes_one_pending_idx") as session:
        for number in (2, 4):
            row = await a_copy(session, plan_changes, who, status="SCHEDULED", applied_at=None, quote_id=None)
            row = {**row, "id": UUID(int=int(row["id"]) ^ number)}
            await session.execute(insert(plan_changes).values(**row))


async def test_events_have_each_number_once(world: World, who: Customer) -> None:
    for key in ("outbox_events_account_id_sequence_key", "outbox_events_account_id_aggregate_id_aggregate_sequence"):
        async with refused(world, key) as session:
            changes = {"sequence": 99} if "aggregate" in key else {"aggregate_sequence": 99}
            await session.execute(insert(outbox_events).values(**await a_copy(session, outbox_events, who, **changes)))


async def test_contracts_and_entitlements_never_overlap_themselves(world: World) -> None:
    who = await world.customer()
    await world.subscribe(who, PRO, months=12)
    async with refused(world, "commitment_terms_no_overlap_excl") as session:
        row = await a_copy(session, commitment_terms, who, start_at=april(20))
        await session.execute(insert(commitment_terms).values(**row))
    async with refused(world, "entitlements_no_overlap_excl") as session:
        row = await a_copy(session, entitlements, who, valid_from=april(20))
        await session.execute(insert(entitlements).values(**row))


async def test_a_usage_event_is_kept_once(world: World, who: Customer) -> None:
    await world.use(who, "emails", 1, name="evt-1")
    async with refused(world, "usage_keys_pkey") as session:
        row = (await session.execute(select(usage_keys).where(usage_keys.c.account_id == who.id))).mappings().one()
        await session.execute(insert(usage_keys).values(**row))


async def test_a_reference_never_leaves_its_account(world: World, who: Customer) -> None:
    stranger = await world.customer()
    async with refused(world, "subscription_items_account_id_subscription_id_fkey") as session:
        row = await a_copy(session, subscription_items, who, account_id=stranger.id)
        await session.execute(insert(subscription_items).values(**row))
    async with refused(world, "invoice_lines_account_id_") as session:
        row = await a_copy(session, invoice_lines, who, account_id=stranger.id)
        await session.execute(insert(invoice_lines).values(**row))


@pytest.mark.parametrize(
    ("says", "table", "changes", "by"),
    [
        ("a negative total", invoices, {"total_minor": -1, "paid_minor": 0}, "check"),
        ("paid more than it is over", invoices, {"paid_minor": 10**9}, "due_is_not_negative"),
        ("due before it is issued", invoices, {"due_on": APRIL.start.date() - timedelta(9)}, "due_is_after_issue"),
        ("a status nobody knows", invoices, {"status": "LOST"}, "status_is_known"),
        ("a currency that is none", invoices, {"currency": "usd"}, "currency_is_iso"),
        ("an empty period", subscriptions, {"current_period_end": april(1)}, "period_is_not_empty"),
        ("fewer than no seats", subscription_items, {"quantity": -1}, "quantity_is_not_negative"),
        ("an empty service", invoice_lines, {"service_end": april(1)}, "service_is_not_empty"),
        ("a limit below nothing", entitlements, {"limit_value": -1}, "limit_is_not_negative"),
    ],
)
async def test_what_cannot_be_true_is_not_stored(
    world: World, who: Customer, says: str, table: Any, changes: Mapping[str, Any], by: str
) -> None:
    async with refused(world, by) as session:
        await session.execute(update(table).where(table.c.account_id == who.id).values(**changes))


async def test_a_standing_clock_is_for_sandboxes(world: World, who: Customer) -> None:
    async with refused(world, "clock_is_for_sandbox") as session:
        await session.execute(update(accounts).where(accounts.c.id == who.id).values(clock_at=april(1)))


async def test_time_has_no_end_in_any_instant(world: World, who: Customer) -> None:
    async with refused(world, "is_finite") as session:
        await session.execute(
            text("UPDATE subscriptions SET current_period_end = 'infinity' WHERE account_id = :id"), {"id": who.id}
        )


async def test_a_refusal_is_an_integrity_error_the_code_can_tell(world: World, who: Customer) -> None:
    with pytest.raises(IntegrityError):
        async with world.database.write() as session:
            row = await a_copy(session, subscriptions, who, plan_id=STARTER.plan.id)
            await session.execute(insert(subscriptions).values(**row))
