"""`subscriptionUndoCancel`: let a subscription run on that was to end."""

from domain.commands import UndoCancel
from operations.subscriptions.undo_cancel import CancelUndone, undo_cancel
from resolvers.asked import Asks
from resolvers.context import RequestContext
from resolvers.mutations.deed import Payload, Wrote, in_one, perform


async def subscription_undo_cancel(context: RequestContext, input: Asks[UndoCancel]) -> Payload:
    """Undo; what it grants lasts again."""
    return await perform(context, input, "subscriptionId", in_one(undo_cancel), _wrote)


def _wrote(outcome: CancelUndone) -> Wrote:
    return Wrote({"subscription": ("BillingSubscription", outcome.subscription_id)})
