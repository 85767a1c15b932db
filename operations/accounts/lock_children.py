"""A payer's children: locked, because their invoices change with the payer's document, each in its own time."""

from datetime import datetime

from db.queries.accounts import account as account_for
from db.unit_of_work import UnitOfWork
from domain.account import Account
from domain.errors import NotFound
from domain.ids import AccountId


async def lock_children(unit: UnitOfWork, account_ids: set[AccountId]) -> dict[AccountId, Account]:
    """The children's accounts, their rows locked in the order of their ids, after their parent's."""
    children: dict[AccountId, Account] = {}
    for account_id in sorted(account_ids):
        found = await account_for(unit.session, unit.scope, account_id, for_change=True)
        if found is None:
            raise NotFound(account_id)
        children[account_id] = found.account
    return children


def in_its_own_time(child: Account, payer: Account, at: datetime, recorded_at: datetime) -> datetime:
    """The child's time when something happens to its payer `at` the payer's: the same, unless one stands on a clock."""
    return at if child.clock_at is None and payer.clock_at is None else child.now(recorded_at)
