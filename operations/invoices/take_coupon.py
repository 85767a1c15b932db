"""Take a coupon for a subscription: whether it may be redeemed, and the discount that follows."""

from collections.abc import Collection
from datetime import datetime

from db.queries.coupons import coupon_to_redeem, discounts_of
from db.save.coupons import new_discount
from db.unit_of_work import UnitOfWork
from domain.account import Account
from domain.discount import Discount, ensure_redeemable
from domain.errors import InvalidInput
from domain.ids import PREFIXES, DiscountId, ProductId, SubscriptionId, public_id
from domain.money_events import money_event
from domain.naming import typed_code


async def take_coupon(
    unit: UnitOfWork,
    account: Account,
    subscription_id: SubscriptionId,
    product_id: ProductId,
    components: Collection[str],
    code: str,
    at: datetime,
    field: str = "code",
) -> Discount:
    """Redeem a coupon at an instant of the time of an account whose row is locked; the coupon's is locked here.

    A subscription may be made in this very unit. Raises InvalidInput naming `field` for a code that is not there, past
    its day, used up, of another currency or product, or that this subscription has had.
    """
    coupon = await coupon_to_redeem(unit.session, typed_code(code))
    if coupon is None:
        raise InvalidInput((field,), "There is no such coupon.", code)
    if coupon.redeem_by is not None and at >= coupon.redeem_by:
        raise InvalidInput((field,), "This coupon can no longer be redeemed.", code)
    if coupon.max_redemptions is not None and coupon.redemptions >= coupon.max_redemptions:
        raise InvalidInput((field,), "This coupon has been used up.", code)
    ensure_redeemable(coupon.terms, account.currency, product_id, components, field)
    had = await discounts_of(unit.session, unit.scope, account.id, subscription_id)
    if any(each.coupon_id == coupon.id for each in had):
        raise InvalidInput((field,), "This subscription has had this coupon.", code)
    discount = Discount(DiscountId(unit.ids.new()), subscription_id, coupon.terms, at)
    await new_discount(unit, account, coupon.id, discount)
    terms = coupon.terms
    unit.emit(
        account.id,
        money_event(
            "discount.redeemed",
            "Discount",
            discount.id,
            at,
            subscription=public_id(PREFIXES["BillingSubscription"], subscription_id),
            code=terms.code,
            percent=None if terms.percent is None else str(terms.percent),
            amountMinor=terms.amount.minor if terms.amount else None,
            capMinor=terms.cap.minor if terms.cap else None,
            currency=account.currency,
            periods=terms.periods,
            component=terms.component,
        ),
    )
    return discount
