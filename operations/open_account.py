"""Open an account: the customer, the name others know it by, and the people who may act for it."""

from dataclasses import dataclass
from datetime import datetime

from db import audit
from db.save import accounts as save
from db.unit_of_work import UnitOfWork
from domain.account import Account
from domain.actor import Role
from domain.errors import InvalidInput
from domain.events import account_opened
from domain.ids import AccountId, UserId


@dataclass(frozen=True, slots=True)
class Member:
    """A person and their role on the account to open."""

    user_id: UserId
    name: str
    email: str
    role: Role


@dataclass(frozen=True, slots=True)
class OpenAccount:
    """A customer to be. `external_id` is unique among all accounts."""

    account: Account
    external_id: str
    members: tuple[Member, ...]
    parent_account_id: AccountId | None = None


async def open_account(unit: UnitOfWork, command: OpenAccount, at: datetime) -> None:
    """Write the account and its people. Raises InvalidInput naming `externalId` when that is taken."""
    account = command.account
    if not await save.new_account(unit, account, command.external_id, at, command.parent_account_id):
        raise InvalidInput(("externalId",), "Another account has this external id.", command.external_id)
    for member in command.members:
        await save.new_user(unit, member.user_id, member.name, member.email, at)
        await save.new_membership(unit, account.id, member.user_id, member.role, at)
    unit.emit(account.id, account_opened(account, at))
    await unit.audit(audit.Entry(account.id, "account.open", "Account", account.id, at))
