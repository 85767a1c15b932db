"""Use that comes late: inside the grace period the draft moves, after it the next invoice adjusts."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from db.queries.due import due_on
from domain.usage import UsageEvent
from operations.record_usage import record_usage
from tests.make import APRIL, april
from tests.operations.test_lives_over_boundaries import metered
from tests.stored import Customer, World

MAY, JUNE = datetime(2026, 5, 1, tzinfo=UTC), datetime(2026, 6, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
async def who(world: World) -> Customer:
    """A customer whose e-mails cost 0.02 each, counted at the end of a month; 300 were sent in April."""
    found = await world.customer()
    await world.subscribe(found, await metered(world))
    await world.use(found, "emails", 300, april(10))
    return found


async def late(world: World, who: Customer, value: int, occurred_at: datetime, received_at: datetime) -> None:
    """An event that comes in long after it occurred."""
    event = UsageEvent(who.id, "test", world.ids.new().hex, "emails", occurred_at, Decimal(value))
    async with world.unit(received_at) as unit:
        await record_usage(unit, [event])


async def used(world: World, who: Customer) -> list[tuple[str, int, int, str]]:
    """(kind, quantity, amount, status of the invoice) of lines of use and their adjustments, oldest first."""
    rows = await world.rows(
        "SELECT l.kind, l.quantity, l.amount_minor, i.status FROM invoice_lines l JOIN invoices i"
        " ON i.account_id = l.account_id AND i.id = l.invoice_id WHERE l.account_id = :id"
        " AND l.kind IN ('USAGE', 'ADJUSTMENT') ORDER BY i.drafted_at, l.position",
        id=who.id,
    )
    return [(row.kind, int(row.quantity), row.amount_minor, row.status) for row in rows]


async def test_late_use_inside_the_grace_period_moves_the_draft(world: World, who: Customer) -> None:
    await world.run_until(who, MAY)
    assert await used(world, who) == [("USAGE", 300, 600, "DRAFT")]
    await late(world, who, 50, april(30), MAY + 6 * HOUR)
    # 350 e-mails at 0.02
    assert await used(world, who) == [("USAGE", 350, 700, "DRAFT")]
    (before,) = await world.of(who, "invoices", where="status = 'DRAFT'")
    await world.run_until(who, MAY + 24 * HOUR)
    assert await used(world, who) == [("USAGE", 350, 700, "OPEN")]
    (after,) = await world.of(who, "invoices", where=f"id = '{before.id}'")
    assert (after.total_minor, after.finalised_at) == (before.total_minor, MAY + 24 * HOUR)
    assert (before.number, after.number is None) == (None, False)
    (moved,) = await world.of(who, "outbox_events", where="type = 'invoice.draft_moved'")
    assert f'"totalMinor":{after.total_minor}' in moved.data


async def test_late_use_after_the_grace_period_is_adjusted_on_the_next_invoice_once(
    world: World, who: Customer
) -> None:
    await world.run_until(who, MAY + 24 * HOUR)
    document = await world.of(who, "invoice_lines", "id")
    await late(world, who, 50, april(30), MAY + 25 * HOUR)
    assert await world.of(who, "invoice_lines", "id") == document
    await world.run_until(who, JUNE + 24 * HOUR)
    # the 50 that came late, at 0.02; and nothing was used in May
    assert await used(world, who) == [
        ("USAGE", 300, 600, "OPEN"),
        ("USAGE", 0, 0, "OPEN"),
        ("ADJUSTMENT", 350, 100, "OPEN"),
    ]
    await world.run_until(who, datetime(2026, 7, 2, tzinfo=UTC))
    assert [line for line in await used(world, who) if line[0] == "ADJUSTMENT"] == [("ADJUSTMENT", 350, 100, "OPEN")]


async def test_use_of_the_running_period_moves_nothing(world: World, who: Customer) -> None:
    await world.run_until(who, MAY)
    await late(world, who, 50, MAY + HOUR, MAY + 6 * HOUR)
    assert await used(world, who) == [("USAGE", 300, 600, "DRAFT")]


async def test_a_draft_is_due_at_the_end_of_its_grace(world: World, who: Customer) -> None:
    await world.run_until(who, APRIL.end)
    async with world.unit(MAY) as unit:
        due = await due_on(unit.session, unit.scope, [who.id], MAY + 24 * HOUR)
    assert [(each.kind, each.at) for each in due] == [("FINALISE", MAY + 24 * HOUR)]
