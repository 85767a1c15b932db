"""What a customer asks of its subscriptions and agrees on with us, each deed of the story by its real operation.

Owns which command a deed is, and who does it. Does not own when it is done (customer.py).
"""

from collections.abc import Mapping
from typing import assert_never

from db.unit_of_work import UnitOfWork
from demo import catalog
from demo.corrections import FINANCE
from demo.deeds import AgreesTerms, Arrangement, AsksApproval, Cancels, Changes
from domain.account import Account
from domain.actor import Actor
from domain.commands import CancelSubscription, ChangePlan, RequestApproval
from domain.commands.account_terms import SetAccountTerms
from domain.ids import SubscriptionId
from domain.money import Money
from operations.accounts.set_account_terms import set_account_terms
from operations.approvals.request_approval import ApprovalRequested, request_approval
from operations.asking import KeyReused, NotAllowed, NotNow
from operations.subscriptions.cancel_subscription import Cancelled, cancel_subscription

Subscriptions = Mapping[str, SubscriptionId]
"""A customer's subscriptions by the code of the hub."""


def asked_for(deed: Changes, subscriptions: Subscriptions) -> ChangePlan:
    """The change as it is asked for over the wire."""
    return ChangePlan(
        subscription_id=subscriptions[deed.product],
        plan_id=catalog.plan_id(deed.plan) if deed.plan else None,
        interval=deed.interval,
        quantities=tuple(sorted(deed.quantities.items())),
        phases=deed.phases,
    )


def who_arranges(deed: Arrangement, billing_admin: Actor) -> Actor:
    """Terms are set by finance, everything else is asked by the customer."""
    return FINANCE if isinstance(deed, AgreesTerms) else billing_admin


async def arrange(
    unit: UnitOfWork, deed: Arrangement, account: Account, subscriptions: Subscriptions, key: str
) -> NotAllowed | NotNow | KeyReused | None:
    """Do it, at the instant the customer's clock stands at. None: it is done; else why it cannot be."""
    match deed:
        case Cancels():
            command = CancelSubscription(subscriptions[deed.product], key, reason=deed.reason)
            ended = await cancel_subscription(unit, command)
            return None if isinstance(ended, Cancelled) else ended
        case AsksApproval():
            change = asked_for(deed.change, subscriptions)
            asked = await request_approval(unit, RequestApproval(change, deed.reason, key))
            return None if isinstance(asked, ApprovalRequested) else asked
        case AgreesTerms():
            terms = SetAccountTerms(
                account.id,
                deed.reason,
                key,
                notice_days=deed.notice_days,
                prices_locked_at=unit.recorded_at if deed.prices_locked_until else None,
                prices_locked_until=deed.prices_locked_until,
                discount_percent=deed.discount_percent,
                spend_cap=Money.parse(deed.spend_cap, account.currency) if deed.spend_cap else None,
            )
            agreed = await set_account_terms(unit, terms)
            return agreed if isinstance(agreed, KeyReused) else None
        case _:
            assert_never(deed)
