"""Give a subscription the discount of its account's agreement.

It covers the running billing period from the next line billed in it on, and every period after. Where an earlier
agreement's discount covers the running period, that one goes on to its end: a period has one agreed percent.
"""

from datetime import datetime

from db.save.coupons import covered as save_covered
from db.save.coupons import new_agreed_discount
from db.unit_of_work import UnitOfWork
from domain.account import Account
from domain.account_terms import AccountTerms
from domain.discount import Discount
from domain.ids import PREFIXES, DiscountId, public_id
from domain.invoicing.terms import Coverage
from domain.money_events import money_event
from domain.subscription import BillingSubscription, SubscriptionStatus


async def agree_discount(
    unit: UnitOfWork,
    account: Account,
    terms: AccountTerms,
    subscription: BillingSubscription,
    at: datetime,
    *,
    since: datetime | None = None,
    is_covered: bool = False,
) -> None:
    """Give a subscription what the agreement takes off, at an instant of its account's time; nothing if nothing.

    `since`: from when it counts, where that is earlier, as the first day of a subscription does. `is_covered`: an
    agreed discount covers its running period already.
    """
    if terms.discount is None:
        return
    discount = Discount(DiscountId(unit.ids.new()), subscription.id, terms.discount, since or at)
    await new_agreed_discount(unit, account, terms.id, discount)
    runs = subscription.period.start < discount.redeemed_at < subscription.period.end
    if runs and not is_covered and subscription.status is not SubscriptionStatus.TRIALING:
        await save_covered(unit, account.id, [Coverage(discount.id, subscription.period)])
    unit.emit(
        account.id,
        money_event(
            "discount.agreed",
            "Discount",
            discount.id,
            at,
            subscription=public_id(PREFIXES["BillingSubscription"], subscription.id),
            terms=public_id(PREFIXES["AccountTerms"], terms.id),
            code=discount.terms.code,
            percent=str(discount.terms.percent),
        ),
    )
