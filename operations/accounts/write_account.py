"""Write an account: the customer, the name others know it by, and the people who may act for it.

Does not own who may open one, nor what may be asked (open_account.py, open_sandbox_account.py).
"""

from dataclasses import dataclass
from datetime import datetime

from db import audit
from db.save import accounts as save
from db.unit_of_work import UnitOfWork
from domain.account import Account
from domain.actor import Role
from domain.errors import InvalidInput
from domain.events import account_opened
from domain.ids import UserId


@dataclass(frozen=True, slots=True)
class Member:
    """A person and their role on the account to open."""

    user_id: UserId
    name: str
    email: str
    role: Role


@dataclass(frozen=True, slots=True)
class NewAccount:
    """A customer to be. `external_id` is unique among all accounts."""

    account: Account
    external_id: str
    members: tuple[Member, ...]


async def write_account(unit: UnitOfWork, new: NewAccount, at: datetime) -> None:
    """Write the account and its people. Raises InvalidInput naming `externalId` when that is taken, and
    `owner.email` when that is somebody else's.
    """
    account = new.account
    if not await save.new_account(unit, account, new.external_id, at):
        raise InvalidInput(("externalId",), "Another account has this external id.", new.external_id)
    for member in new.members:
        if not await save.new_user(unit, member.user_id, member.name, member.email, at):
            raise InvalidInput(("owner", "email"), "Somebody else has this e-mail address.", member.email)
        await save.new_membership(unit, account.id, member.user_id, member.role, at)
    unit.emit(account.id, account_opened(account, at))
    await unit.audit(audit.Entry(account.id, "account.open", "Account", account.id, at))
