"""The worker tells its figures how changes and approvals stand, at the last look."""

from datetime import datetime, timedelta

import pytest

from db.engine import Database
from domain.catalog import Segment
from domain.commands import ChangePlan, RequestApproval
from operations.approvals.request_approval import ApprovalRequested, request_approval
from tests.make import PRO, SCALE, april
from tests.stored import World, a_world
from worker.figures import Figures
from worker.watch import watch


@pytest.fixture
async def world(fresh_database: Database) -> World:
    """A world of this test's own."""
    return await a_world(fresh_database)


def told(figures: Figures, name: str, **labels: str) -> float | None:
    return figures.registry.get_sample_value(name, labels)


async def looked(world: World, figures: Figures, at: datetime) -> tuple[float | None, ...]:
    """Accepted, applied and reverted switches, open approvals, and how long the oldest has waited."""
    await watch(world.database, at, figures)
    switches = [
        told(figures, "billing_plan_changes", kind="SWITCH", outcome=each)
        for each in ("accepted", "applied", "reverted")
    ]
    return (*switches, told(figures, "billing_approvals_open"), told(figures, "billing_approvals_oldest_seconds"))


async def test_an_empty_database_tells_zeros(fresh_database: Database) -> None:
    figures = Figures()
    assert await looked(World(fresh_database), figures, april(20)) == (0, 0, 0, 0, 0)
    assert told(figures, "billing_plan_changes", kind="CANCEL", outcome="corrected") == 0


async def test_figures_are_of_the_last_28_days_and_go_down_again(world: World) -> None:
    """Up on 8 April and down two days later, asked for 1 May: 2 accepted, 1 in effect, 1 reverted. A request for
    approval of 9 April has waited a day on the 10th, and is past its two weeks by the 24th.
    """
    who = await world.customer()
    pays = await world.subscribe(who, PRO)
    await world.change(who, pays, SCALE, april(8))
    await world.change(who, pays, PRO, april(10))
    large = await world.customer(segment=Segment.ENTERPRISE)
    contract = await world.subscribe(large, PRO, months=12)
    async with world.unit(april(9), large.owner) as unit:
        command = RequestApproval(ChangePlan(contract, SCALE.plan.id), "Agreed.", world.ids.new().hex)
        assert isinstance(await request_approval(unit, command), ApprovalRequested)
    figures = Figures()
    assert await looked(world, figures, april(10, 0, 1)) == (2, 1, 1, 1, 24 * 3600 + 60)
    assert await looked(world, figures, april(24)) == (2, 1, 1, 0, 0)
    assert await looked(world, figures, april(8) + timedelta(days=28, seconds=1)) == (1, 0, 0, 0, 0)


async def test_sandboxes_are_not_watched(world: World) -> None:
    who = await world.customer(is_sandbox=True)
    await world.change(who, await world.subscribe(who, PRO), SCALE, april(8))
    assert await looked(world, Figures(), april(20)) == (0, 0, 0, 0, 0)
