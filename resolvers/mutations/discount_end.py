"""`discountEnd`: let a discount cover no further billing period."""

from domain.commands import EndDiscount
from operations.invoices.end_discount import DiscountEnded, end_discount
from resolvers.asked import Asks
from resolvers.context import RequestContext
from resolvers.mutations.deed import Payload, Wrote, in_one, perform


async def discount_end(context: RequestContext, input: Asks[EndDiscount]) -> Payload:
    """End; what it covers already stays discounted."""
    return await perform(context, input, "discountId", in_one(end_discount), _wrote)


def _wrote(outcome: DiscountEnded) -> Wrote:
    return Wrote({"discount": ("Discount", outcome.discount_id)})
