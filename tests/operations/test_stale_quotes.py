"""A quote holds while the answer would be the same, and names what differs when it would not (law L22)."""

import random
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from domain.catalog import PlanVersion
from domain.commands import Cancel, Pause
from domain.entitlement import FeatureValue
from domain.ids import SubscriptionId
from operations.changes.change_plan import Accepted, StaleQuote
from tests.make import MID_APRIL, PRO, SCALE, STARTER, YEAR, april
from tests.stored import Customer, World, dearer

LATER = MID_APRIL + timedelta(minutes=5)


@dataclass(frozen=True)
class Scene:
    """A customer on Pro with three seats, between the preview and its application. The hub is the test's own."""

    world: World
    who: Customer
    subscription: SubscriptionId
    ladder: Mapping[str, PlanVersion]


Between = Callable[[Scene], Awaitable[object]]


async def nothing(scene: Scene) -> None:
    """Nobody does anything."""


async def new_usage_that_does_not_fit(scene: Scene) -> None:
    await scene.world.use(scene.who, "contacts", 5_000, LATER)


async def new_usage_and_then_an_override(scene: Scene) -> None:
    await new_usage_that_does_not_fit(scene)
    await scene.world.override(scene.who, "emails", FeatureValue(limit=50_000), LATER + timedelta(minutes=1))


async def new_usage_that_fits(scene: Scene) -> None:
    await scene.world.use(scene.who, "contacts", 900, LATER)


async def an_override(scene: Scene) -> None:
    await scene.world.override(scene.who, "contacts", FeatureValue(limit=50_000), april(15))


async def an_override_to_come(scene: Scene) -> None:
    await scene.world.override(scene.who, "contacts", FeatureValue(limit=5), LATER, starts_at=april(20))


async def the_plan_is_withdrawn(scene: Scene) -> None:
    await scene.world.withdraw(scene.ladder["starter"], LATER)


async def the_plan_is_to_be_withdrawn(scene: Scene) -> None:
    await scene.world.withdraw(scene.ladder["starter"], april(17))


async def new_prices_are_published(scene: Scene) -> None:
    await scene.world.publish(*(dearer(version) for version in scene.ladder.values()), at=LATER)


async def an_invoice_gets_overdue(scene: Scene) -> None:
    async with scene.world.unit(LATER) as unit:
        await unit.session.execute(
            text("UPDATE invoices SET issued_on = '2026-03-01', due_on = '2026-03-01' WHERE account_id = :id"),
            {"id": scene.who.id},
        )


async def another_change_is_scheduled(scene: Scene) -> None:
    await scene.world.change(scene.who, scene.subscription, scene.ladder["starter"], LATER)


async def seats_are_added(scene: Scene) -> None:
    await scene.world.change(scene.who, scene.subscription, seats=6, at=LATER)


async def another_hub_is_bought(scene: Scene) -> None:
    await scene.world.subscribe(scene.who, PRO, at=LATER)


@dataclass(frozen=True)
class Case:
    says: str
    meanwhile: Between
    differs: tuple[str, ...] = ()
    """Empty: the quote holds."""
    to: str = "starter"


CASES = [
    Case("nothing happens", nothing),
    Case("usage that still fits", new_usage_that_fits),
    Case("new prices are published", new_prices_are_published),
    Case("new prices are published before an upgrade", new_prices_are_published, to="scale"),
    Case("an override that begins later", an_override_to_come),
    Case("the plan is to be withdrawn tomorrow", the_plan_is_to_be_withdrawn),
    Case("usage that no longer fits", new_usage_that_does_not_fit, ("verdict",)),
    Case("usage that no longer fits, and entitlements derived since", new_usage_and_then_an_override, ("verdict",)),
    Case("the plan is withdrawn after the quote", the_plan_is_withdrawn, ("verdict",)),
    Case("an invoice is overdue too long by now", an_invoice_gets_overdue, ("verdict",)),
    Case("a change is scheduled meanwhile", another_change_is_scheduled, ("verdict",)),
    Case("a change is scheduled before an upgrade", another_change_is_scheduled, ("verdict",), "scale"),
    Case("an override takes a difference away", an_override, ("entitlements",)),
    Case("a hub bought beside it has the features too", another_hub_is_bought, ("verdict", "entitlements")),
    Case("seats are added meanwhile", seats_are_added, ("subscription", "nextInvoice")),
    Case("seats are added before an upgrade", seats_are_added, ("subscription", "lines", "nextInvoice"), "scale"),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.says)
async def test_l22_apply_equals_preview_or_is_stale(world: World, case: Case) -> None:
    who, ladder = await world.customer(), await world.ladder()
    subscription = await world.subscribe(who, ladder["pro"], seats=3)
    shown = await world.preview(who, subscription, ladder[case.to])
    assert shown.quote is not None
    await case.meanwhile(Scene(world, who, subscription, ladder))
    outcome = await world.apply(who, shown.quote.id, MID_APRIL + timedelta(minutes=10), confirm=["PC-13"])
    if case.differs:
        assert isinstance(outcome, StaleQuote)
        assert outcome.differs == case.differs
        return
    assert isinstance(outcome, Accepted), outcome
    lines = await world.rows(
        "SELECT amount_minor FROM invoice_lines WHERE account_id = :id AND cause = :change ORDER BY position",
        id=who.id,
        change=outcome.change.id,
    )
    assert [row.amount_minor for row in lines] == [line.stated.minor for line in shown.prepared.delta.lines]
    assert outcome.change.decision == shown.prepared.decision


async def test_l22_an_invoice_that_gets_overdue_at_local_midnight_makes_a_quote_stale(world: World) -> None:
    # in Tokyo the 17th begins at 15:00 UTC. The invoice of the 1st was due on the 3rd and blocks changes 14 days later
    who = await world.customer(zone="Asia/Tokyo", net_days=2)
    subscription = await world.subscribe(who, PRO)
    shown = await world.preview(who, subscription, SCALE, april(16, 14, 50))
    assert shown.quote is not None
    held = await world.apply(who, shown.quote.id, april(16, 15, 5))
    assert isinstance(held, StaleQuote)
    assert held.differs == ("verdict",)


async def test_l22_random_facts_between_preview_and_apply(world: World) -> None:
    """Whatever happens in between: the change is applied with the shown lines, or it is stale and nothing is stored."""
    chance = random.Random(22)  # the same story on every run
    deeds: list[Between] = [
        nothing, new_usage_that_fits, new_usage_that_does_not_fit, an_override, an_override_to_come,
        an_invoice_gets_overdue, another_change_is_scheduled, seats_are_added,
    ]  # fmt: skip
    applied = stale = turns = 0
    for _ in range(14):
        who = await world.customer()
        subscription = await world.subscribe(who, PRO, seats=chance.randint(1, 4))
        asked: dict[str, Any] = chance.choice(
            [{}, {"seats": 2}, {"seats": 3, "interval": YEAR}, {"turn": Pause()}, {"turn": Cancel(is_immediate=True)}]
        )
        to = None if "turn" in asked else chance.choice([STARTER, SCALE])
        shown = await world.preview(who, subscription, to, **asked)
        assert shown.quote is not None
        await chance.choice(deeds)(Scene(world, who, subscription, {"starter": STARTER}))
        before = len(await world.of(who, "plan_changes"))
        outcome = await world.apply(who, shown.quote.id, MID_APRIL + timedelta(minutes=10), confirm=["PC-13"])
        accepted = await world.of(who, "plan_changes")
        if isinstance(outcome, Accepted):
            applied += 1
            turns += "turn" in asked
            # what an end gives back is of the line it credits, and what it bills of its period
            billed = await world.rows(
                "SELECT coalesce(sum(minor), 0) AS net FROM ("
                "SELECT amount_minor AS minor FROM invoice_lines WHERE account_id = :id AND cause = :c "
                "UNION ALL SELECT -amount_minor FROM credit_note_lines WHERE account_id = :id AND cause = :c) AS lines",
                id=who.id,
                c=outcome.change.id,
            )
            assert billed[0].net == shown.prepared.delta.net.minor
        else:
            stale += 1
            assert isinstance(outcome, StaleQuote)
            assert outcome.differs
            assert len(accepted) == before
    assert applied > turns > 0
    assert applied > 2
    assert stale > 2
