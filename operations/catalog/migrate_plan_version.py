"""Move a cohort's subscriptions to another version of their plan: announced, and taken at a boundary after notice.

Owns the announcement. Does not own who is moved when (planning_migrations.py, domain/migration.py) nor the boundary,
where it happens (renew.py).
"""

from dataclasses import dataclass

from db import audit
from db.catalog_entries import Deed
from db.queries.migrations import waiting_moves
from db.save.migrations import announced, migration_status, new_migration
from db.unit_of_work import UnitOfWork
from domain.catalog import PlanVersion
from domain.commands import MigratePlanVersion
from domain.events import subscription_event, subscription_state
from domain.ids import PREFIXES, MigrationId, public_id
from domain.migration import SubscriptionMigration
from domain.subscription import MigrationStatus
from domain.texts import one_line
from operations.asking import KeyReused
from operations.asking_catalog import asked_of_catalog
from operations.catalog.planning_migrations import PlannedMove, plan_moves

MUTATION = "planVersionMigrate"


@dataclass(frozen=True, slots=True)
class MigrationAnnounced:
    """Everybody concerned has been told; `subscriptions` will be moved. `is_replay`: they had been told before."""

    migration_id: MigrationId
    is_replay: bool
    subscriptions: int | None = None


async def migrate_plan_version(unit: UnitOfWork, command: MigratePlanVersion) -> MigrationAnnounced | KeyReused:
    """Announce the move of every subscription of the cohort, each at its own boundary; a handful of statements.

    One that waits for an earlier migration waits for this one instead. Raises what `plan_moves` does, InvalidInput
    naming `reason` where that is no line of text, Forbidden for who is not finance.
    """
    reason = one_line(command.reason, "reason")
    request = await asked_of_catalog(unit, MUTATION, command)
    if isinstance(request, KeyReused):
        return request
    if request.done is not None:
        return MigrationAnnounced(MigrationId(request.done.subject_id), is_replay=True)
    planned = await plan_moves(unit, command)
    version, migration_id = planned.version, MigrationId(unit.ids.new())
    await new_migration(unit, migration_id, command.plan_id, version.id, command.segment, command.notice_days, reason)
    waiting = await waiting_moves(unit.session, unit.scope, {move.account.id for move in planned.moves})
    for planned_move in planned.moves:
        replaced = waiting.get(planned_move.subscription.id)
        if replaced is not None:
            await migration_status(unit, replaced.account_id, replaced.id, MigrationStatus.CANCELLED)
        await _announce(unit, migration_id, version, planned_move, reason)
    after = {
        "plan": version.plan.code,
        "planVersion": version.number,
        "segment": command.segment.value if command.segment else None,
        "noticeDays": command.notice_days,
        "reason": reason,
        "subscriptions": len(planned.moves),
    }
    request.record(unit, Deed("plan_version.migrate", "PlanVersionMigration", migration_id, after))
    return MigrationAnnounced(migration_id, is_replay=False, subscriptions=len(planned.moves))


async def _announce(
    unit: UnitOfWork, migration_id: MigrationId, to: PlanVersion, planned: PlannedMove, reason: str
) -> None:
    """Tell one subscription's account: what it is on, what it will be on, from when, and what that costs."""
    account, subscription = planned.account, planned.subscription
    now = account.now(unit.recorded_at)
    move = SubscriptionMigration(
        id=unit.ids.new(),
        migration_id=migration_id,
        account_id=account.id,
        subscription_id=subscription.id,
        from_version_id=subscription.version.id,
        to_version_id=to.id,
        effective_at=planned.at,
        announced_at=now,
    )
    await announced(unit, [move])
    ahead = {
        "migration": public_id(PREFIXES["PlanVersionMigration"], migration_id),
        "toPlanVersion": to.number,
        "effectiveAt": planned.at.isoformat(),
        "currency": account.currency,
        "beforeMinor": planned.before.minor,
        "afterMinor": planned.after.minor,
    }
    unit.emit(account.id, subscription_event("subscription.migration_announced", subscription, now, **ahead))
    await unit.audit(
        audit.Entry(
            account.id,
            "subscription.announce_migration",
            "BillingSubscription",
            subscription.id,
            now,
            before=subscription_state(subscription),
            after=ahead,
            reason=reason,
        )
    )
