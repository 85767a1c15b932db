"""`couponRedeem`: give a subscription the discount of a coupon."""

from domain.commands import RedeemCoupon
from operations.invoices.redeem_coupon import Redeemed, redeem_coupon
from resolvers.asked import Asks
from resolvers.context import RequestContext
from resolvers.mutations.deed import Payload, Wrote, in_one, perform


async def coupon_redeem(context: RequestContext, input: Asks[RedeemCoupon]) -> Payload:
    """Redeem; what speaks against it is an entry that names the code."""
    return await perform(context, input, "subscriptionId", in_one(redeem_coupon), _wrote)


def _wrote(outcome: Redeemed) -> Wrote:
    return Wrote({"discount": ("Discount", outcome.discount_id)})
