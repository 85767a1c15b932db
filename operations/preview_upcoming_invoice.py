"""Show what the next boundary of a subscription will bill: the same reading and the same decision, and nothing written.

Owns which boundary that is. Does not own what it bills (close_periods.py).
"""

from db.queries.accounts import account as account_for
from db.queries.accounts import account_of_subscription
from db.queries.subscriptions import live_of
from db.unit_of_work import UnitOfWork
from domain.errors import NotFound
from domain.ids import SubscriptionId
from domain.invoicing.bill import Bill
from domain.subscription import SubscriptionStatus
from operations.boundary_facts import load_boundaries
from operations.decide_boundary import decide_boundary


async def preview_upcoming_invoice(unit: UnitOfWork, subscription_id: SubscriptionId) -> Bill | None:
    """The bill of the next boundary as far as it is known now; None where nothing is to come.

    What is used until then comes on top. The unit is for looking only: whoever calls never flushes it. Raises NotFound.
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
    boundary = await decide_boundary(unit, account, own, reads, at)
    return None if boundary.bill.is_empty else boundary.bill
