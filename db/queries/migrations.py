"""Moves to another version of a plan: who would be moved, who waits for it, and the migrations themselves."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from db import rows
from db.among import among
from db.queries import catalog
from db.scope import ACTOR, Scope, within
from db.tables import accounts, plan_version_migrations, plan_versions, subscription_migrations, subscriptions
from domain.catalog import PlanVersion, Segment
from domain.ids import AccountId, MigrationId, PlanId, PlanVersionId, SubscriptionId
from domain.migration import SubscriptionMigration
from domain.subscription import MigrationStatus


@dataclass(frozen=True, slots=True)
class Migration:
    """What staff asked for."""

    id: MigrationId
    plan_id: PlanId
    to_version_id: PlanVersionId


async def migration(session: AsyncSession, migration_id: MigrationId) -> Migration | None:
    """The migration of this id."""
    asked = plan_version_migrations.c
    row = (await session.execute(select(plan_version_migrations).where(asked.id == migration_id))).one_or_none()
    return None if row is None else Migration(migration_id, PlanId(row.plan_id), PlanVersionId(row.to_plan_version_id))


async def version_to_move_to(
    session: AsyncSession, plan_id: PlanId, version_id: PlanVersionId | None
) -> PlanVersion | None:
    """The version of a plan that is named, else the newest one published; None where there is none."""
    version = plan_versions.c
    wanted = select(version.id).where(version.plan_id == plan_id)
    if version_id is not None:
        wanted = wanted.where(version.id == version_id)
    found = await session.scalar(wanted.order_by(version.number.desc()).limit(1))
    if found is None:
        return None
    chosen = PlanVersionId(found)
    return (await catalog.versions(session, {chosen}))[chosen]


async def cohort(
    session: AsyncSession, scope: Scope, to: PlanVersion, segment: Segment | None
) -> dict[SubscriptionId, AccountId]:
    """The live subscriptions of earlier versions of the plan, of accounts of the segment, and whose they are."""
    subscription, account, version = subscriptions.c, accounts.c, plan_versions.c
    wanted = (
        select(subscription.id, subscription.account_id)
        .join(accounts, account.id == subscription.account_id)
        .join(plan_versions, version.id == subscription.plan_version_id)
        .where(
            subscription.plan_id == to.plan.id,
            subscription.ended_at.is_(None),
            version.number < to.number,
            within(scope.kind, subscription.account_id),
        )
        .order_by(subscription.account_id, subscription.id)
    )
    if segment is not None:
        wanted = wanted.where(account.segment == segment.value)
    found = await session.execute(wanted, {ACTOR: scope.actor_id})
    return {SubscriptionId(row.id): AccountId(row.account_id) for row in found}


async def waiting_moves(
    session: AsyncSession, scope: Scope, account_ids: Collection[AccountId]
) -> dict[SubscriptionId, SubscriptionMigration]:
    """What these accounts' subscriptions wait for, one at most each; one statement."""
    move = subscription_migrations.c
    found = await session.execute(
        select(subscription_migrations).where(
            among(move.account_id, account_ids),
            move.status == MigrationStatus.SCHEDULED.value,
            within(scope.kind, move.account_id),
        ),
        {ACTOR: scope.actor_id},
    )
    return {SubscriptionId(row.subscription_id): _move(row) for row in found}


async def moves_of(session: AsyncSession, scope: Scope, migration_id: MigrationId) -> Sequence[SubscriptionMigration]:
    """The subscriptions of a migration that have yet to be moved, by account; one statement."""
    move = subscription_migrations.c
    found = await session.execute(
        select(subscription_migrations)
        .where(
            move.migration_id == migration_id,
            move.status == MigrationStatus.SCHEDULED.value,
            within(scope.kind, move.account_id),
        )
        .order_by(move.account_id, move.id),
        {ACTOR: scope.actor_id},
    )
    return [_move(row) for row in found]


def _move(row: rows.AnyRow) -> SubscriptionMigration:
    return SubscriptionMigration(
        id=row.id,
        migration_id=MigrationId(row.migration_id),
        account_id=AccountId(row.account_id),
        subscription_id=SubscriptionId(row.subscription_id),
        from_version_id=PlanVersionId(row.from_plan_version_id),
        to_version_id=PlanVersionId(row.to_plan_version_id),
        effective_at=rows.utc(row.effective_at),
        announced_at=rows.utc(row.announced_at),
        status=MigrationStatus(row.status),
    )
