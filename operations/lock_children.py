"""Lock a payer's children: their invoices change with the payer's document."""

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
