"""Accounts, the people of the world, and who of them acts for which account."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects import postgresql

from db import rows
from db.tables import account_external_ids, accounts, memberships, users
from db.unit_of_work import UnitOfWork
from domain.account import Account
from domain.actor import Role
from domain.ids import AccountId, UserId


async def new_account(unit: UnitOfWork, account: Account, external_id: str, created_at: datetime) -> bool:
    """The account and its external name; False, and nothing written, when the name is taken."""
    named = await unit.session.execute(
        postgresql.insert(account_external_ids)
        .values(external_id=external_id, account_id=account.id)
        .on_conflict_do_nothing()
        .returning(account_external_ids.c.account_id)
    )
    if named.one_or_none() is None:
        return False
    unit.insert(accounts, rows.account_columns(account, external_id, created_at))
    return True


async def account_facts(unit: UnitOfWork, account: Account) -> None:
    """What an account says of itself; its terms, its currency and its clock are not among it."""
    values = {
        "name": account.name,
        "email": account.email,
        "country": account.country,
        "region": account.region,
        "address": account.address,
        "tax_id": account.tax_id,
        "tax_exemption": account.exemption.value,
        "zone": account.zone,
    }
    unit.update(accounts, {"id": account.id}, values)


async def clock(unit: UnitOfWork, account_id: AccountId, at: datetime) -> None:
    """Set a sandbox account's standing clock."""
    unit.update(accounts, {"id": account_id}, {"clock_at": at})


async def new_user(unit: UnitOfWork, user_id: UserId, name: str, email: str, created_at: datetime) -> bool:
    """A person, unless they are known already: what is known of them stays. False: the address is somebody else's."""
    written = await unit.session.scalar(
        postgresql.insert(users)
        .values(id=user_id, name=name, email=email, created_at=created_at)
        .on_conflict_do_nothing()
        .returning(users.c.id)
    )
    return written is not None or await unit.session.scalar(select(users.c.id).where(users.c.id == user_id)) is not None


async def new_membership(
    unit: UnitOfWork, account_id: AccountId, user_id: UserId, role: Role, created_at: datetime
) -> None:
    """What a person may do on an account."""
    unit.insert(
        memberships,
        {
            "account_id": account_id,
            "id": unit.ids.new(),
            "user_id": user_id,
            "role": role.value,
            "created_at": created_at,
        },
    )
