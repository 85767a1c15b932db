"""`subscriptionCancel`: end a subscription, with its period or now."""

from domain.commands import CancelSubscription
from operations.subscriptions.cancel_subscription import Cancelled, cancel_subscription
from resolvers.asked import Asks
from resolvers.context import RequestContext
from resolvers.mutations.deed import Payload, Wrote, in_one, perform


async def subscription_cancel(context: RequestContext, input: Asks[CancelSubscription]) -> Payload:
    """Cancel; the payload says when it ends."""
    return await perform(context, input, "subscriptionId", in_one(cancel_subscription), _wrote)


def _wrote(outcome: Cancelled) -> Wrote:
    return Wrote(
        {
            "subscription": ("BillingSubscription", outcome.subscription_id),
            "invoice": ("Invoice", outcome.invoice_id),
            "credit_notes": [("CreditNote", each) for each in outcome.credit_note_ids],
        },
        {"ends_at": outcome.ends_at, "reason": outcome.reason, "decision": outcome.decision},
    )
