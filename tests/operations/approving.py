"""Short ways to ask for approval and to answer, and the people who do."""

from datetime import datetime, timedelta
from typing import Any

from domain.actor import Actor, StaffRole, staff
from domain.catalog import PlanVersion, Segment
from domain.commands import AnswerApproval, ChangePlan, RequestApproval, WithdrawApproval
from domain.ids import ApprovalId, SubscriptionId, UserId
from domain.plan_change.verdict import Verdict
from operations.approvals.approve_approval import approve_approval
from operations.approvals.reject_approval import reject_approval
from operations.approvals.request_approval import ApprovalRequested, request_approval
from operations.approvals.withdraw_approval import withdraw_approval
from tests.make import PRO, SCALE, an_id, april
from tests.stored import Customer, World

FIONA = staff(StaffRole.FINANCE, UserId(an_id("Fiona")))
FRED = staff(StaffRole.FINANCE, UserId(an_id("Fred")))
SAM = staff(StaffRole.SUPPORT, UserId(an_id("Sam")))
SUE = staff(StaffRole.SUPPORT, UserId(an_id("Sue")))
NOBODYS = staff(StaffRole.FINANCE)
EXPIRES = timedelta(days=14)


async def contract(world: World, plan: PlanVersion = PRO, seats: int = 1) -> tuple[Customer, SubscriptionId]:
    """An enterprise customer, a year under contract since 1 April."""
    who = await world.customer(segment=Segment.ENTERPRISE)
    return who, await world.subscribe(who, plan, seats=seats, months=12)


async def ask(
    world: World,
    who: Customer,
    subscription: SubscriptionId,
    plan: PlanVersion | None = SCALE,
    at: datetime | None = None,
    *,
    actor: Actor | None = None,
    seats: int | None = None,
    replace_open: bool = False,
    key: str | None = None,
) -> Any:
    change = ChangePlan(
        subscription, plan.plan.id if plan else None, None, () if seats is None else (("seats", seats),)
    )
    command = RequestApproval(change, "We have agreed on it.", key or world.ids.new().hex, replace_open)
    async with world.unit(at or april(16), actor or who.owner) as unit:
        return await request_approval(unit, command)


async def asked(world: World, who: Customer, subscription: SubscriptionId, *args: Any, **more: Any) -> ApprovalId:
    outcome = await ask(world, who, subscription, *args, **more)
    assert isinstance(outcome, ApprovalRequested), outcome
    return outcome.approval_id


async def approve(
    world: World, approval: ApprovalId, at: datetime | None = None, actor: Actor = FIONA, key: str | None = None
) -> Any:
    async with world.unit(at or april(16), actor) as unit:
        return await approve_approval(unit, AnswerApproval(approval, "Fine.", key or world.ids.new().hex))


async def reject(world: World, approval: ApprovalId, at: datetime | None = None, actor: Actor = FIONA) -> Any:
    async with world.unit(at or april(16), actor) as unit:
        return await reject_approval(unit, AnswerApproval(approval, "Not before May.", world.ids.new().hex))


async def withdraw(world: World, approval: ApprovalId, actor: Actor, at: datetime | None = None) -> Any:
    async with world.unit(at or april(16), actor) as unit:
        return await withdraw_approval(unit, WithdrawApproval(approval, "We stay.", world.ids.new().hex))


async def status(world: World, who: Customer) -> list[str]:
    return [row.status for row in await world.of(who, "approvals", "created_at, id")]


async def plan_of(world: World, who: Customer) -> Any:
    (row,) = await world.of(who, "subscriptions")
    return row.plan_id


def codes(decision: Any) -> dict[str, Verdict]:
    return {reason.code: reason.verdict for reason in decision.reasons if reason.code.startswith("PC")}
