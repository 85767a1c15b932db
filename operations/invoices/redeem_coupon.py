"""Redeem a coupon: its discount covers the subscription's billing periods from the next on."""

from dataclasses import dataclass
from uuid import UUID

from db import audit
from db.queries.accounts import account_of_subscription
from db.queries.subscriptions import live_subscriptions
from db.unit_of_work import UnitOfWork
from domain.commands import RedeemCoupon
from domain.errors import NotFound
from domain.ids import DiscountId
from domain.naming import typed_code
from domain.rights import acts_for_the_account, is_finance
from operations.asking import KeyReused, asked
from operations.invoices.take_coupon import take_coupon
from operations.remembering import remember

MUTATION = "couponRedeem"


@dataclass(frozen=True, slots=True)
class Redeemed:
    """The subscription has the discount. `is_replay`: this very request had redeemed the coupon before."""

    discount_id: DiscountId
    is_replay: bool


async def redeem_coupon(unit: UnitOfWork, command: RedeemCoupon) -> Redeemed | KeyReused:
    """Give a live subscription the coupon's discount.

    Raises InvalidInput naming `code` for what cannot be redeemed (take_coupon says when), NotFound, Forbidden for who
    neither acts for the account nor is finance.
    """
    request = await asked(
        unit,
        await account_of_subscription(unit.session, unit.scope, command.subscription_id),
        command.subscription_id,
        lambda actor, role: acts_for_the_account(actor, role) or is_finance(actor, role),
        MUTATION,
        command.idempotency_key,
        {"subscription": command.subscription_id.hex, "code": typed_code(command.code)},
    )
    if isinstance(request, KeyReused):
        return request
    if request.done is not None:
        return Redeemed(DiscountId(UUID(request.done["discount"])), is_replay=True)
    account, now = request.account, request.now
    live = await live_subscriptions(unit.session, unit.scope, account)
    subscription = next((each for each in live if each.id == command.subscription_id), None)
    if subscription is None:
        raise NotFound(command.subscription_id)
    version = subscription.version
    components = [component.code for component in version.components]
    discount = await take_coupon(unit, account, subscription.id, version.plan.product_id, components, command.code, now)
    await unit.audit(
        audit.Entry(
            account.id,
            "coupon.redeem",
            "BillingSubscription",
            subscription.id,
            now,
            after={"code": discount.terms.code, "takesOff": discount.terms.words},
        )
    )
    await remember(unit, request, {"discount": discount.id.hex})
    return Redeemed(discount.id, is_replay=False)
