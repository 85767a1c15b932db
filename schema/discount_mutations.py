"""Mutations of discounts: redeem a coupon, end a discount. Their inputs and payloads."""

import strawberry

from domain.commands import EndDiscount, RedeemCoupon
from domain.ids import DiscountId, SubscriptionId
from resolvers.mutations.idempotency_key import idempotency_key
from schema.base import stored
from schema.discount import Discount
from schema.inputs import IDEMPOTENCY_KEY, read_id
from schema.user_errors import UserError


@strawberry.input(
    description='A coupon to redeem: {subscriptionId: "sub_…", code: "WELCOME", idempotencyKey: "welcome-1"}.'
)
class CouponRedeemInput:
    subscription_id: strawberry.ID = strawberry.field(description="The subscription that gets the discount, sub_…")
    code: str = strawberry.field(description="The coupon's code.")
    idempotency_key: str = strawberry.field(description=IDEMPOTENCY_KEY)

    def command(self) -> RedeemCoupon:
        """The request in the domain's words. Raises InvalidInput with the field's path."""
        return RedeemCoupon(
            subscription_id=SubscriptionId(read_id("BillingSubscription", self.subscription_id, "subscriptionId")),
            code=self.code,
            idempotency_key=idempotency_key(self.idempotency_key),
        )


@strawberry.type(description="What redeeming did.")
class CouponRedeemPayload:
    discount: Discount | None = stored("The discount, from the next billing period on; null when nothing was done.")
    user_errors: list[UserError] = stored("Why nothing was done.")


@strawberry.input(description='A discount to end: {discountId: "disc_…", idempotencyKey: "end-1"}.')
class DiscountEndInput:
    discount_id: strawberry.ID = strawberry.field(description="The discount, disc_…")
    idempotency_key: str = strawberry.field(description=IDEMPOTENCY_KEY)

    def command(self) -> EndDiscount:
        """The request in the domain's words. Raises InvalidInput with the field's path."""
        return EndDiscount(
            DiscountId(read_id("Discount", self.discount_id, "discountId")), idempotency_key(self.idempotency_key)
        )


@strawberry.type(description="What ending did.")
class DiscountEndPayload:
    discount: Discount | None = stored("The discount, ended; null when nothing was done.")
    user_errors: list[UserError] = stored("Why nothing was done.")
