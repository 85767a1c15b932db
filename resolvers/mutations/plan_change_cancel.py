"""`planChangeCancel`: take back a scheduled change."""

from domain.commands import CancelPlanChange
from operations.changes.cancel_plan_change import ChangeCancelled, cancel_plan_change
from resolvers.asked import Asks
from resolvers.context import RequestContext
from resolvers.mutations.deed import Payload, Wrote, in_one, perform


async def plan_change_cancel(context: RequestContext, input: Asks[CancelPlanChange]) -> Payload:
    """Cancel; the change will not happen."""
    return await perform(context, input, "planChangeId", in_one(cancel_plan_change), _wrote)


def _wrote(outcome: ChangeCancelled) -> Wrote:
    return Wrote({"plan_change": ("PlanChange", outcome.change_id)})
