"""`planVersionMigrate`: move the subscriptions of a plan to one of its versions, with notice."""

from domain.commands import MigratePlanVersion
from operations.catalog.migrate_plan_version import MigrationAnnounced, migrate_plan_version
from resolvers.asked import Asks
from resolvers.context import RequestContext
from resolvers.mutations.deed import Payload, Wrote, in_one, perform


async def plan_version_migrate(context: RequestContext, input: Asks[MigratePlanVersion]) -> Payload:
    """Announce; each is moved at its first renewal after the notice."""
    return await perform(context, input, "planId", in_one(migrate_plan_version), _wrote)


def _wrote(outcome: MigrationAnnounced) -> Wrote:
    return Wrote(
        {"migration": ("PlanVersionMigration", outcome.migration_id)}, {"subscriptions": outcome.subscriptions}
    )
