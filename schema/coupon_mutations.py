"""`couponCreate`: its input and payload."""

import strawberry

from domain.commands import CreateCoupon
from domain.ids import ProductId
from resolvers.mutations.idempotency_key import idempotency_key
from schema.base import stored
from schema.discount import Coupon
from schema.inputs import IDEMPOTENCY_KEY, read_id
from schema.money_input import MoneyInput, maybe_money
from schema.scalars import DateTime, Decimal
from schema.user_errors import UserError


@strawberry.input(
    description=(
        'A coupon, of a percent or of an amount: {code: "WELCOME20", name: "Welcome", percent: "20", periods: 3, '
        'idempotencyKey: "welcome"}, {code: "ONCE50", name: "A start", amount: {amount: "50.00", currencyCode: USD}, '
        'periods: 1, idempotencyKey: "once"}.'
    )
)
class CouponCreateInput:
    code: str = strawberry.field(description="What a customer types in: capital letters and digits. Never used again.")
    name: str = strawberry.field(description="What the discount is called on invoices.")
    idempotency_key: str = strawberry.field(description=IDEMPOTENCY_KEY)
    percent: Decimal | None = strawberry.field(default=None, description="The share it takes off, in percent.")
    amount: MoneyInput | None = strawberry.field(
        default=None, description="The fixed amount it takes off a billing period."
    )
    cap: MoneyInput | None = strawberry.field(
        default=None, description="The most a share takes off in a billing period."
    )
    periods: int | None = strawberry.field(
        default=None, description="How many billing periods it covers; left out: for ever."
    )
    product_id: strawberry.ID | None = strawberry.field(default=None, description="The one product it is for, prod_…")
    component: str | None = strawberry.field(
        default=None, description="The one component it takes from, by code; left out: all."
    )
    redeem_by: DateTime | None = strawberry.field(default=None, description="Until when it can be redeemed.")
    max_redemptions: int | None = strawberry.field(default=None, description="How often it can be redeemed in all.")

    def command(self) -> CreateCoupon:
        """The request in the domain's words. Raises InvalidInput with the field's path."""
        product_id = None if self.product_id is None else read_id("Product", self.product_id, "productId")
        return CreateCoupon(
            code=self.code,
            name=self.name,
            idempotency_key=idempotency_key(self.idempotency_key),
            percent=self.percent,
            amount=maybe_money(self.amount, "amount"),
            cap=maybe_money(self.cap, "cap"),
            periods=self.periods,
            product_id=None if product_id is None else ProductId(product_id),
            component=self.component,
            redeem_by=self.redeem_by,
            max_redemptions=self.max_redemptions,
        )


@strawberry.type(description="What creating did.")
class CouponCreatePayload:
    coupon: Coupon | None = stored("The coupon; null when nothing was done.")
    user_errors: list[UserError] = stored("Why nothing was done.")
