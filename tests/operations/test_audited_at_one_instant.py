"""Several things at one instant, or paid after it: an auditor tells by its end which billing period a line is of.

A clock of the sandbox stands, so a customer who tries things does all of them at one instant.
"""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

import pytest

from cli.audit import audit_all, line_of
from db.engine import Database
from domain.commands import ApplyQuote
from domain.ids import SubscriptionId
from operations.changes.change_and_pay import change_and_pay
from operations.changes.change_plan import Accepted
from tests.make import STARTER, YEAR, april
from tests.operations.lives import Lives
from tests.operations.money import B, Till
from tests.stored import Customer, World, a_world

NOW = april(16)


@pytest.fixture(scope="module")
async def world(database: Database) -> World:
    """A world of this module's own."""
    return await a_world(database)


async def nothing(world: World, who: Customer, subscription: SubscriptionId) -> None:
    """Nobody does anything."""


async def pauses(world: World, who: Customer, subscription: SubscriptionId) -> None:
    """Back and forth: half of April given back and charged again."""
    await Lives(world).pause(who, subscription, NOW)
    await Lives(world).resume(who, subscription, NOW)


async def adds_a_seat(world: World, who: Customer, subscription: SubscriptionId) -> None:
    """A seat for half of April, by the same card."""
    await taken(world, who, subscription, seats=2)


async def taken(world: World, who: Customer, subscription: SubscriptionId, **asked: object) -> Accepted:
    """Preview, apply and pay, all of it now."""
    shown = await world.preview(who, subscription, None, NOW, **asked)  # type: ignore[arg-type]
    assert shown.quote is not None, shown.prepared.decision
    till = Till(world)
    outcome = await change_and_pay(
        till.units(who.owner, NOW), till.provider, ApplyQuote(shown.quote.id, world.ids.new().hex)
    )
    assert isinstance(outcome, Accepted), outcome
    return outcome


@pytest.mark.parametrize("before", [nothing, pauses, adds_a_seat])
@pytest.mark.parametrize("paid_at", [None, NOW, NOW + timedelta(minutes=1), NOW + timedelta(hours=23)])
async def test_an_auditor_finds_no_fault_with_a_year_begun_beside_other_things(
    world: World,
    before: Callable[[World, Customer, SubscriptionId], Awaitable[None]],
    paid_at: datetime | None,
) -> None:
    who, till = await world.customer(net_days=0), Till(world)
    subscription = await world.subscribe(who, STARTER)
    (invoice,) = await world.of(who, "invoices")
    await world.pay(who, invoice.id, april(2))
    good = await till.card(who)
    await before(world, who, subscription)
    if paid_at is not None:
        await till.card(who, B.DECLINES_FUNDS)
    outcome = await taken(world, who, subscription, seats=4, interval=YEAR)
    if paid_at is not None:
        assert outcome.change.invoice_id is not None
        await till.paid(who, outcome.change.invoice_id, method=good, at=paid_at)
    (change,) = await world.of(who, "plan_changes", where="to_interval = 'YEAR'")
    assert (change.status, change.applied_at) == ("APPLIED", paid_at or NOW)
    said: list[str] = []
    await audit_all(world.database, lambda each: said.append(line_of(each)), lambda done, total, doing: None, who.id)
    assert said == []
