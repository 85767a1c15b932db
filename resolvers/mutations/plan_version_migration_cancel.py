"""`planVersionMigrationCancel`: let nobody be moved any more."""

from domain.commands import CancelMigration
from operations.catalog.cancel_migration import MigrationCancelled, cancel_migration
from resolvers.asked import Asks
from resolvers.context import RequestContext
from resolvers.mutations.deed import Payload, Wrote, in_one, perform


async def plan_version_migration_cancel(context: RequestContext, input: Asks[CancelMigration]) -> Payload:
    """Call off; who was moved stays where they are."""
    return await perform(context, input, "migrationId", in_one(cancel_migration), _wrote)


def _wrote(outcome: MigrationCancelled) -> Wrote:
    return Wrote(
        {"migration": ("PlanVersionMigration", outcome.migration_id)}, {"subscriptions": outcome.subscriptions}
    )
