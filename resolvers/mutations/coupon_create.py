"""`couponCreate`: let a code be redeemed for a discount."""

from domain.commands import CreateCoupon
from operations.asking_catalog import CatalogDeed
from operations.catalog.create_coupon import create_coupon
from resolvers.asked import Asks
from resolvers.context import RequestContext
from resolvers.mutations.deed import Payload, Wrote, in_one, perform


async def coupon_create(context: RequestContext, input: Asks[CreateCoupon]) -> Payload:
    """Create; bad input is an entry that names its field."""
    return await perform(context, input, "productId", in_one(create_coupon), _wrote)


def _wrote(outcome: CatalogDeed) -> Wrote:
    return Wrote({"coupon": ("Coupon", outcome.subject_id)})
