"""`planVersionPublish`: sell a plan by new terms from now on."""

from domain.commands import PublishPlanVersion
from operations.asking_catalog import CatalogDeed
from operations.catalog.publish_plan_version import publish_plan_version
from resolvers.asked import Asks
from resolvers.context import RequestContext
from resolvers.mutations.deed import Payload, Wrote, in_one, perform


async def plan_version_publish(context: RequestContext, input: Asks[PublishPlanVersion]) -> Payload:
    """Publish; bad input is an entry that names the price, the tier and the field."""
    return await perform(context, input, "planId", in_one(publish_plan_version), _wrote)


def _wrote(outcome: CatalogDeed) -> Wrote:
    return Wrote({"plan_version": ("PlanVersion", outcome.subject_id)})
