"""Moves of a cohort to another version of its plan: what was announced to whom, and what became of it."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from db.tables import plan_version_migrations, subscription_migrations
from db.unit_of_work import UnitOfWork
from domain.catalog import Segment
from domain.ids import AccountId, MigrationId, PlanId, PlanVersionId
from domain.migration import SubscriptionMigration
from domain.subscription import MigrationStatus


async def new_migration(
    unit: UnitOfWork,
    migration_id: MigrationId,
    plan_id: PlanId,
    to_version_id: PlanVersionId,
    segment: Segment | None,
    notice_days: int,
    reason: str,
) -> None:
    """What staff asked for, of whom."""
    unit.insert(
        plan_version_migrations,
        {
            "id": migration_id,
            "plan_id": plan_id,
            "to_plan_version_id": to_version_id,
            "segment": segment.value if segment else None,
            "notice_days": notice_days,
            "reason": reason,
            "created_at": unit.recorded_at,
        },
    )


async def announced(unit: UnitOfWork, moves: Iterable[SubscriptionMigration]) -> None:
    """Subscriptions that will be moved, each at its own boundary; the database refuses a second that waits."""
    unit.insert(
        subscription_migrations,
        *(
            {
                "account_id": move.account_id,
                "id": move.id,
                "migration_id": move.migration_id,
                "subscription_id": move.subscription_id,
                "from_plan_version_id": move.from_version_id,
                "to_plan_version_id": move.to_version_id,
                "status": move.status.value,
                "effective_at": move.effective_at,
                "announced_at": move.announced_at,
                "done_at": None,
            }
            for move in moves
        ),
    )


async def migration_status(
    unit: UnitOfWork, account_id: AccountId, move_id: UUID, status: MigrationStatus, done_at: datetime | None = None
) -> None:
    """What became of one subscription's move: done at an instant, or cancelled."""
    key = {"account_id": account_id, "id": move_id}
    unit.update(subscription_migrations, key, {"status": status.value, "done_at": done_at})


async def migration_moved(unit: UnitOfWork, account_id: AccountId, move_id: UUID, effective_at: datetime) -> None:
    """A waiting move has another day, because its boundary has."""
    unit.update(subscription_migrations, {"account_id": account_id, "id": move_id}, {"effective_at": effective_at})
