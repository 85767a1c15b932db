"""`planCreate`: put a plan on a product's ladder."""

from domain.commands import CreatePlan
from operations.asking_catalog import CatalogDeed
from operations.catalog.create_plan import create_plan
from resolvers.asked import Asks
from resolvers.context import RequestContext
from resolvers.mutations.deed import Payload, Wrote, in_one, perform


async def plan_create(context: RequestContext, input: Asks[CreatePlan]) -> Payload:
    """Create; bad input is an entry that names its field."""
    return await perform(context, input, "productId", in_one(create_plan), _wrote)


def _wrote(outcome: CatalogDeed) -> Wrote:
    return Wrote({"plan": ("Plan", outcome.subject_id)})
