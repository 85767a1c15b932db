"""`subscriptionPause`: interrupt a subscription."""

from domain.commands import PauseSubscription
from operations.subscriptions.pause_subscription import Paused, pause_subscription
from resolvers.asked import Asks
from resolvers.context import RequestContext
from resolvers.mutations.deed import Payload, Wrote, in_one, perform


async def subscription_pause(context: RequestContext, input: Asks[PauseSubscription]) -> Payload:
    """Pause; the rest of what was charged in advance is given back."""
    return await perform(context, input, "subscriptionId", in_one(pause_subscription), _wrote)


def _wrote(outcome: Paused) -> Wrote:
    return Wrote(
        {
            "subscription": ("BillingSubscription", outcome.subscription_id),
            "credit_notes": [("CreditNote", each) for each in outcome.credit_note_ids],
        },
        {"decision": outcome.decision},
    )
