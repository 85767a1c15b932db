"""`subscriptionStart`: sign an account up for a plan."""

from domain.commands import StartSubscription
from operations.subscriptions.start_subscription import Started, start_subscription
from resolvers.asked import Asks
from resolvers.context import RequestContext
from resolvers.mutations.deed import Payload, Wrote, in_one, perform


async def subscription_start(context: RequestContext, input: Asks[StartSubscription]) -> Payload:
    """Start; the first invoice is issued at once, or the trial begins."""
    return await perform(context, input, "accountId", in_one(start_subscription), _wrote)


def _wrote(outcome: Started) -> Wrote:
    return Wrote({"subscription": ("BillingSubscription", outcome.subscription_id)})
