"""Show what the next boundary of a subscription will bill: the same reading and the same decision, and nothing written.

Owns which boundary that is. Does not own what it bills (close_periods.py).
"""

from collections.abc import Sequence
from dataclasses import replace

from db.queries.accounts import account as account_for
from db.queries.accounts import account_of_subscription
from db.queries.subscriptions import LiveSubscription, live_of
from db.unit_of_work import UnitOfWork
from domain.errors import NotFound
from domain.ids import SubscriptionId
from domain.invoicing.bill import Bill
from domain.subscription import SubscriptionStatus
from operations.periods.boundary_facts import load_boundaries
from operations.periods.decide_boundary import decide_boundary


async def preview_upcoming_invoice(unit: UnitOfWork, subscription_id: SubscriptionId) -> Bill | None:
    """The bill of the next boundary as far as it is known now; None where nothing is to come.

    What is used until then comes on top, and what is open today counts as paid in time. A charge of no subscription in
    particular is on the bill that is due first. The unit is for looking only: whoever calls never flushes it. Raises
    NotFound.
    """
    session, scope = unit.session, unit.scope
    owner = await account_of_subscription(session, scope, subscription_id)
    found = owner and await account_for(session, scope, owner, for_change=False)
    if not owner or not found:
        raise NotFound(subscription_id)
    account = found.account
    live = await live_of(session, scope, [account])
    own = next((each for each in live[account.id] if each.now.id == subscription_id), None)
    at = own.now.due_at if own else None
    if own is None or at is None or own.now.status is SubscriptionStatus.PAUSED:
        return None
    reads = await load_boundaries(unit, {account.id: account}, live, {subscription_id: own}, {subscription_id: at})
    if own is not _first_due(live[account.id]):
        ours = tuple(each for each in reads.charges.get(account.id, ()) if each.subscription_id is not None)
        reads = replace(reads, charges={account.id: ours})
    boundary = await decide_boundary(unit, account, own, reads, at, standing_at=account.now(unit.recorded_at))
    return None if boundary.bill.is_empty else boundary.bill


def _first_due(live: Sequence[LiveSubscription]) -> LiveSubscription | None:
    """The one whose boundary is billed first, in the order in which what is due is done."""
    bills = [
        (each.now.due_at, each.now.id, each)
        for each in live
        if each.now.status is not SubscriptionStatus.PAUSED and each.now.due_at is not None
    ]
    return min(bills, key=lambda each: each[:2])[2] if bills else None
