"""Use that comes late: inside the grace period the draft moves, after it the next invoice adjusts."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from db.queries.due import due_on
from domain.usage import Measure, UsageEvent
from operations.use.record_usage import record_usage
from tests.make import APRIL, YEAR, april
from tests.operations.lives import Lives
from tests.operations.test_lives_over_boundaries import metered
from tests.stored import Customer, World

MAY, JUNE = datetime(2026, 5, 1, tzinfo=UTC), datetime(2026, 6, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
async def who(world: World) -> Customer:
    """A customer whose e-mails cost 0.02 each, counted at the end of a month; 300 were sent in April. A year to pay."""
    found = await world.customer(net_days=365)
    await world.subscribe(found, await metered(world))
    await world.use(found, "emails", 300, april(10))
    return found


async def late(world: World, who: Customer, value: int, occurred_at: datetime, received_at: datetime) -> None:
    """An event that comes in long after it occurred."""
    event = UsageEvent(who.id, "test", world.ids.new().hex, occurred_at, (Measure("emails", Decimal(value)),))
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


LATE_50 = ("ADJUSTMENT", 350, 100, "OPEN")
"""The 50 e-mails that came late, at 0.02; 350 were counted in all."""


async def closed_april_then_late(world: World, who: Customer) -> None:
    """The invoice over April is final, then 50 e-mails more of April come in."""
    await world.run_until(who, MAY + 24 * HOUR)
    await late(world, who, 50, april(30), MAY + 25 * HOUR)


async def test_an_end_at_once_bills_what_came_late_for_the_periods_before(world: World, who: Customer) -> None:
    await closed_april_then_late(world, who)
    lives = Lives(world)
    await lives.cancel(who, (await lives.subscription(who)).id, MAY + timedelta(days=14), is_immediate=True)
    # nothing was used in May
    assert [each[:3] for each in (await used(world, who))[1:]] == [("USAGE", 0, 0), LATE_50[:3]]


async def test_an_end_with_its_period_bills_what_came_late(world: World, who: Customer) -> None:
    await closed_april_then_late(world, who)
    lives = Lives(world)
    await lives.cancel(who, (await lives.subscription(who)).id, MAY + timedelta(days=14))
    await world.run_until(who, JUNE + 24 * HOUR)
    assert (await used(world, who))[1:] == [("USAGE", 0, 0, "OPEN"), LATE_50]


async def test_a_resume_in_a_later_period_bills_what_came_late_before_the_pause(world: World, who: Customer) -> None:
    await closed_april_then_late(world, who)
    lives = Lives(world)
    subscription = (await lives.subscription(who)).id
    await lives.pause(who, subscription, MAY + timedelta(days=14))
    await lives.resume(who, subscription, JUNE + timedelta(days=14))
    assert [each[:3] for each in (await used(world, who))[1:]] == [("USAGE", 0, 0), LATE_50[:3]]
    await world.run_until(who, datetime(2026, 7, 2, tzinfo=UTC))
    assert len([each for each in await used(world, who) if each[0] == "ADJUSTMENT"]) == 1


async def test_use_that_comes_after_the_end_is_billed_where_the_next_invoice_would_have_been(
    world: World, who: Customer
) -> None:
    await world.run_until(who, MAY + 24 * HOUR)
    lives = Lives(world)
    await lives.cancel(who, (await lives.subscription(who)).id, MAY + timedelta(days=9), is_immediate=True)
    await world.run_until(who, MAY + timedelta(days=11))
    await late(world, who, 50, april(30), MAY + timedelta(days=12))
    await late(world, who, 10, MAY + timedelta(days=3), MAY + timedelta(days=13))
    await late(world, who, 7, MAY + timedelta(days=10), MAY + timedelta(days=13))  # nobody's: after the end
    await world.run_until(who, JUNE - HOUR)
    assert [each[0] for each in await used(world, who)] == ["USAGE", "USAGE"]
    await world.run_until(who, JUNE)
    # both periods on one invoice of its own, final at once: it waits for nothing
    adjusted = [LATE_50, ("ADJUSTMENT", 10, 20, "OPEN")]
    assert (await used(world, who))[2:] == adjusted
    (last,) = await world.of(who, "invoices", where=f"drafted_at = '{JUNE.isoformat()}'")
    assert (last.reason, last.total_minor) == ("CANCELLATION", 120)
    await world.run_until(who, datetime(2026, 9, 1, tzinfo=UTC))
    assert (await used(world, who))[2:] == adjusted
    await late(world, who, 5, april(30), datetime(2026, 9, 2, tzinfo=UTC))
    await world.run_until(who, datetime(2026, 10, 1, tzinfo=UTC))
    assert (await used(world, who))[4:] == [("ADJUSTMENT", 355, 10, "OPEN")]


async def test_a_change_that_begins_a_new_period_bills_what_came_late_once(world: World, who: Customer) -> None:
    await closed_april_then_late(world, who)
    await world.use(who, "emails", 20, MAY + timedelta(days=3))
    subscription = (await Lives(world).subscription(who)).id
    await world.change(who, subscription, None, MAY + timedelta(days=15, hours=14), interval=YEAR)
    assert [each[:3] for each in (await used(world, who))[1:]] == [("USAGE", 20, 40), LATE_50[:3]]
    await world.run_until(who, MAY + timedelta(days=17))
    # of the part of May that the change ended, after its invoice: 1 at 0.02
    await late(world, who, 1, MAY + timedelta(days=4), MAY + timedelta(days=18))
    await world.run_until(who, datetime(2027, 5, 18, tzinfo=UTC))
    # the morning of the change is in the windows of the year, split at its instant
    assert [each[:3] for each in (await used(world, who))[3:]] == [
        ("USAGE", 0, 0), ("USAGE", 0, 0), ("ADJUSTMENT", 21, 2),
    ]  # fmt: skip


async def test_use_of_a_trial_costs_nothing_however_late_it_comes(world: World) -> None:
    found, lives = await world.customer(), Lives(world)
    await lives.started(found, await metered(world), trial_days=14)
    await world.run_until(found, MAY)
    await late(world, found, 50, april(10), MAY)
    await world.run_until(found, MAY + timedelta(days=16))
    assert await used(world, found) == [("USAGE", 0, 0, "OPEN")]


async def test_use_of_the_running_period_moves_nothing(world: World, who: Customer) -> None:
    await world.run_until(who, MAY)
    await late(world, who, 50, MAY + HOUR, MAY + 6 * HOUR)
    assert await used(world, who) == [("USAGE", 300, 600, "DRAFT")]


async def test_a_change_of_plan_inside_the_grace_makes_the_draft_final_first(world: World, who: Customer) -> None:
    await world.run_until(who, MAY)
    subscription = (await Lives(world).subscription(who)).id
    await world.change(who, subscription, None, MAY + 10 * HOUR, interval=YEAR)
    # the fee of May is given back on the invoice of the change: of a line of an invoice that has its number
    (credited,) = await world.rows(
        "SELECT i.number, i.status, i.finalised_at FROM invoices i JOIN invoice_lines l ON l.invoice_id = i.id JOIN"
        " invoice_lines c ON c.credited_line_id = l.id WHERE i.account_id = :id AND c.kind = 'PRORATION_CREDIT'",
        id=who.id,
    )
    assert (credited.number is None, credited.status, credited.finalised_at) == (False, "OPEN", MAY + 10 * HOUR)
    # what then comes late is billed with the next invoice, as after any other final one
    await late(world, who, 50, april(30), MAY + 11 * HOUR)
    assert await used(world, who) == [("USAGE", 300, 600, "OPEN")]


async def test_a_draft_is_due_at_the_end_of_its_grace(world: World, who: Customer) -> None:
    await world.run_until(who, APRIL.end)
    async with world.unit(MAY) as unit:
        due = await due_on(unit.session, unit.scope, [who.id], MAY + 24 * HOUR)
    assert [(each.kind, each.at) for each in due] == [("FINALISE", MAY + 24 * HOUR)]
