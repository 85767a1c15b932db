"""How every account begins: its external id is looked up, its seller and its parent are found, it is written.

Owns that order, and that the external id is the key of the deed. Does not own who may open which account, nor what is
asked of one (domain/account_opening.py).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from db.queries.accounts import account as account_for
from db.queries.lifecycle import account_by_external_id, seller_for
from db.unit_of_work import UnitOfWork
from domain.account import Account
from domain.account_opening import account_to_open, ensure_parent
from domain.commands import AccountAsked
from domain.errors import Forbidden, InvalidInput, NotFound
from domain.ids import AccountId
from domain.rights import Right
from operations.accounts.write_account import Member, NewAccount, write_account


@dataclass(frozen=True, slots=True)
class Opened:
    """There is the account. `is_new`: it was not there before this was asked."""

    account_id: AccountId
    is_sandbox: bool
    is_new: bool


async def opened(
    unit: UnitOfWork,
    asked: AccountAsked,
    members: Sequence[Member],
    parents: Right,
    clock_at: datetime | None = None,
) -> Opened:
    """Write the account and its people, or find the one that has its external id.

    Raises InvalidInput naming the field at fault: `externalId` where that account is out of the actor's reach,
    `parentId` for a parent that cannot be; Forbidden for a parent that the actor sees and has no right to (`parents`).
    """
    seller_id = await seller_for(unit.session, asked.country)
    if seller_id is None:
        raise NotFound("a legal entity")
    account = account_to_open(asked, AccountId(unit.ids.new()), seller_id, clock_at)
    if found := await _existing(unit, asked.external_id):
        return found
    await _ensure_parent(unit, account, parents)
    try:
        await write_account(unit, NewAccount(account, asked.external_id, tuple(members)), account.now(unit.recorded_at))
    except InvalidInput as error:
        # somebody opened it at the same time: that one is the answer, if the actor may see it
        found = await _existing(unit, asked.external_id) if error.path == ("externalId",) else None
        if found is None:
            raise
        return found
    return Opened(account.id, account.is_sandbox, is_new=True)


async def _existing(unit: UnitOfWork, external_id: str) -> Opened | None:
    found = await account_by_external_id(unit.session, unit.scope, external_id)
    return None if found is None else Opened(found.id, found.is_sandbox, is_new=False)


async def _ensure_parent(unit: UnitOfWork, account: Account, parents: Right) -> None:
    if account.parent_id is None:
        return
    parent = await account_for(unit.session, unit.scope, account.parent_id, for_change=False)
    if parent is None:
        raise InvalidInput(("parentId",), "There is no such account.", account.parent_id)
    if not parents(unit.actor, parent.role):
        raise Forbidden(account.parent_id)
    ensure_parent(parent.account, account)
