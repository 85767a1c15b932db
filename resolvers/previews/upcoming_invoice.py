"""`upcomingInvoice`: what the next boundary of a subscription will bill, by the code that will bill it."""

from db.unit_of_work import unit_for_looking
from domain.errors import InvalidInput, NotFound
from domain.ids import SubscriptionId, parse_id_of
from operations.periods.preview_upcoming_invoice import preview_upcoming_invoice
from resolvers.context import RequestContext
from resolvers.previews.bill_view import BillView, bill_view


async def upcoming_invoice(context: RequestContext, subscription_id: str) -> BillView | None:
    """The bill to come on the primary; None where nothing is, and for a subscription out of reach.

    Raises MalformedId with the path of the argument.
    """
    try:
        wanted = SubscriptionId(parse_id_of("BillingSubscription", subscription_id))
    except InvalidInput as error:
        raise error.under("subscriptionId") from None
    try:
        async with unit_for_looking(context.database, context.actor, context.ids, context.now) as unit:
            bill = await preview_upcoming_invoice(unit, wanted)
    except NotFound:
        return None
    return None if bill is None else bill_view(context, bill)
