"""The later steps of a ramp that wait for the step before them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from db import rows
from db.scope import ACTOR, Scope, within
from db.tables import plan_changes
from domain.ids import AccountId, PlanChangeId, SubscriptionId
from domain.plan_change.verdict import PlanChangeStatus


@dataclass(frozen=True, slots=True)
class PlannedStep:
    """A step that comes once the one before it is taken."""

    id: PlanChangeId
    subscription_id: SubscriptionId
    effective_at: datetime


async def planned_steps(
    session: AsyncSession, scope: Scope, account_id: AccountId, subscription_id: SubscriptionId
) -> list[PlannedStep]:
    """What is planned of a subscription beyond the change that waits, in order; one statement.

    All of one ramp: a subscription has at most one that goes on.
    """
    change = plan_changes.c
    found = await session.execute(
        select(change.id, change.subscription_id, change.effective_at)
        .where(
            change.account_id == account_id,
            change.subscription_id == subscription_id,
            change.status == PlanChangeStatus.PLANNED.value,
            within(scope.kind, change.account_id),
        )
        .order_by(change.step),
        {ACTOR: scope.actor_id},
    )
    return _steps(found)


async def replaced_steps(
    session: AsyncSession, scope: Scope, account_id: AccountId, change_id: PlanChangeId
) -> list[PlannedStep]:
    """A change that was cancelled because another took its place, and the steps planned after it; one statement."""
    change, first = plan_changes.c, plan_changes.alias("first")
    is_of_its_ramp = or_(
        change.id == first.c.id,
        and_(change.ramp_id == func.coalesce(first.c.ramp_id, first.c.id), change.step > first.c.step),
    )
    found = await session.execute(
        select(change.id, change.subscription_id, change.effective_at)
        .join(first, first.c.account_id == change.account_id)
        .where(
            first.c.account_id == account_id,
            first.c.id == change_id,
            is_of_its_ramp,
            change.status == PlanChangeStatus.CANCELLED.value,
            within(scope.kind, change.account_id),
        )
        .order_by(change.step),
        {ACTOR: scope.actor_id},
    )
    return _steps(found)


def _steps(found: Iterable[rows.AnyRow]) -> list[PlannedStep]:
    return [
        PlannedStep(PlanChangeId(row.id), SubscriptionId(row.subscription_id), rows.utc(row.effective_at))
        for row in found
    ]
