"""`planChangePreview`: runs the operation on the primary. What its answer looks like is plan_change_view.py's."""

from db.unit_of_work import unit_of_work
from domain.commands import ChangePlan
from domain.errors import InvalidInput, NotFound
from operations.changes.preview_plan_change import preview_plan_change
from operations.changes.quote_change import PlanChangePreview
from resolvers.asked import Asks
from resolvers.context import RequestContext
from resolvers.previews.plan_change_view import PreviewView, preview_view
from resolvers.refusals import count_refusals


async def plan_change_preview(context: RequestContext, input: Asks[ChangePlan]) -> PreviewView | None:
    """Preview a change on the primary; None for a subscription or plan that is not there or not in reach.

    Raises InvalidInput naming a field: one that cannot be read, or a quantity the plan does not sell so.
    """
    request = input.command()
    try:
        async with unit_of_work(context.database, context.actor, context.ids, context.now) as unit:
            answer = await preview_plan_change(unit, request, context.quote_ttl_s)
    except NotFound:
        return None
    except InvalidInput as error:
        raise error.under("input") from None
    return shown(context, answer)


def shown(context: RequestContext, answer: PlanChangePreview) -> PreviewView:
    """A preview as the graph reads it, told to the metrics."""
    decision = answer.prepared.decision
    context.recorder.preview(answer.prepared.facts.request.kind.value, decision.verdict.value)
    count_refusals(context, decision)
    for shadow in answer.shadows:
        context.recorder.shadow(shadow.edition, shadow.outcome)
    return preview_view(context, answer)
