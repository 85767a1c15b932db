"""Call a migration to another plan version off: who has not been moved yet stays."""

from dataclasses import dataclass

from db import audit
from db.catalog_entries import Deed
from db.queries.accounts import locked_accounts
from db.queries.migrations import migration, moves_of
from db.queries.subscriptions import live_of
from db.save.migrations import migration_status
from db.unit_of_work import UnitOfWork
from domain.commands import CancelMigration
from domain.errors import NotFound
from domain.events import subscription_event
from domain.ids import PREFIXES, MigrationId, public_id
from domain.subscription import MigrationStatus
from domain.texts import one_line
from operations.asking import KeyReused
from operations.asking_catalog import asked_of_catalog

MUTATION = "planVersionMigrationCancel"


@dataclass(frozen=True, slots=True)
class MigrationCancelled:
    """Nobody waits for it any more; `subscriptions` did. `is_replay`: it had been called off before."""

    migration_id: MigrationId
    is_replay: bool
    subscriptions: int | None = None


async def cancel_migration(unit: UnitOfWork, command: CancelMigration) -> MigrationCancelled | KeyReused:
    """Let every subscription that waits stay on its version; a handful of statements.

    Raises NotFound, InvalidInput naming `reason` where that is no line of text, Forbidden for who is not finance.
    """
    reason = one_line(command.reason, "reason")
    request = await asked_of_catalog(unit, MUTATION, command)
    if isinstance(request, KeyReused):
        return request
    if request.done is not None:
        return MigrationCancelled(command.migration_id, is_replay=True)
    if await migration(unit.session, command.migration_id) is None:
        raise NotFound(command.migration_id)
    concerned = {move.account_id for move in await moves_of(unit.session, unit.scope, command.migration_id)}
    accounts = await locked_accounts(unit.session, unit.scope, concerned)
    # looked at again under the locks: some may have been moved meanwhile
    moves = [
        move for move in await moves_of(unit.session, unit.scope, command.migration_id) if move.account_id in accounts
    ]
    live = await live_of(unit.session, unit.scope, accounts.values())
    subscriptions = {each.now.id: each.now for own in live.values() for each in own}
    for move in moves:
        now = accounts[move.account_id].now(unit.recorded_at)
        await migration_status(unit, move.account_id, move.id, MigrationStatus.CANCELLED)
        named = {"migration": public_id(PREFIXES["PlanVersionMigration"], command.migration_id)}
        subscription = subscriptions[move.subscription_id]
        unit.emit(move.account_id, subscription_event("subscription.migration_cancelled", subscription, now, **named))
        await unit.audit(
            audit.Entry(
                move.account_id,
                "subscription.cancel_migration",
                "BillingSubscription",
                move.subscription_id,
                now,
                before={"effectiveAt": move.effective_at.isoformat()},
                after=named,
                reason=reason,
            )
        )
    after = {"status": MigrationStatus.CANCELLED.value, "reason": reason, "subscriptions": len(moves)}
    request.record(unit, Deed("plan_version.cancel_migration", "PlanVersionMigration", command.migration_id, after))
    return MigrationCancelled(command.migration_id, is_replay=False, subscriptions=len(moves))
