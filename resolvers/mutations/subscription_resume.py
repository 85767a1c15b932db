"""`subscriptionResume`: go on with a paused subscription."""

from domain.commands import ResumeSubscription
from operations.subscriptions.resume_subscription import Resumed, resume_subscription
from resolvers.asked import Asks
from resolvers.context import RequestContext
from resolvers.mutations.deed import Payload, Wrote, in_one, perform


async def subscription_resume(context: RequestContext, input: Asks[ResumeSubscription]) -> Payload:
    """Resume; the rest of the period is charged."""
    return await perform(context, input, "subscriptionId", in_one(resume_subscription), _wrote)


def _wrote(outcome: Resumed) -> Wrote:
    return Wrote(
        {"subscription": ("BillingSubscription", outcome.subscription_id), "invoice": ("Invoice", outcome.invoice_id)},
        {"decision": outcome.decision},
    )
