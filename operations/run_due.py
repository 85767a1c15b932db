"""Everything due on an account up to an instant of its own time, in order: what the worker and the clock both run."""

from datetime import datetime

from db.queries.accounts import account as account_for
from db.queries.subscriptions import live_subscriptions
from db.unit_of_work import UnitOfWork
from domain.errors import NotFound
from domain.ids import AccountId
from operations.renew import renew


async def run_next_due(unit: UnitOfWork, account_id: AccountId, until: datetime) -> datetime | None:
    """Do the one thing that is due first, at or before `until`; its instant, or None when nothing is due.

    One thing a transaction: a crash between two leaves each done once or not at all. Raises NotFound.
    """
    found = await account_for(unit.session, unit.scope, account_id, for_change=True)
    if found is None:
        raise NotFound(account_id)
    live = await live_subscriptions(unit.session, unit.scope, found.account)
    due = min(live, key=lambda each: (each.period.end, each.id), default=None)
    if due is None or due.period.end > until:
        return None
    await renew(unit, found, due)
    return due.period.end
