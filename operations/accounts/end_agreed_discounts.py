"""End what an account's agreements take off its subscriptions; the billing periods covered so far stay covered."""

from collections.abc import Sequence
from datetime import datetime

from db.queries.billing_terms import terms_of
from db.queries.coupons import agreed_discounts
from db.save.coupons import discount_ended
from db.unit_of_work import UnitOfWork
from domain.account import Account
from domain.ids import SubscriptionId
from domain.money_events import money_event
from domain.subscription import BillingSubscription


async def end_agreed_discounts(
    unit: UnitOfWork, account: Account, live: Sequence[BillingSubscription], at: datetime
) -> frozenset[SubscriptionId]:
    """End what agreements have given; the subscriptions whose running period one of them goes on to cover."""
    given = await agreed_discounts(unit.session, unit.scope, account.id)
    if not given:
        return frozenset()
    for each in given:
        if each.ended_at is None:
            await discount_ended(unit, account.id, each.id, at)
            ended = {"code": each.code, "endedAt": at.isoformat()}
            unit.emit(account.id, money_event("discount.ended", "Discount", each.id, at, **ended))
    billed_on = await terms_of(unit.session, unit.scope, {account.id: account}, {each.id: account.id for each in live})
    agreed = {each.id for each in given}
    return frozenset(
        each.id for each in live if any(discount.id in agreed for discount in billed_on[each.id].covering(each.period))
    )
