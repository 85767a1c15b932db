"""Accounts for decisions, and the lock that makes writers of one account take turns."""

from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import Select, Uuid, bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from db import rows
from db.among import among_given
from db.scope import ACTOR, Scope, within
from db.tables import accounts, memberships, subscriptions
from domain.account import Account
from domain.actor import Role
from domain.ids import AccountId, SubscriptionId


@dataclass(frozen=True, slots=True)
class AccountForActor:
    """An account and the role in which the actor meets it; None for staff."""

    account: Account
    role: Role | None


async def account(
    session: AsyncSession, scope: Scope, account_id: AccountId, *, for_change: bool
) -> AccountForActor | None:
    """The account if the scope reaches it, its row locked until the transaction ends.

    For a change it is locked against every other change; else only against changes, so that several statements read
    one state. Neither blocks usage, whose rows merely refer to the account.
    """
    given = {ACTOR: scope.actor_id, "of": account_id}
    row = (await session.execute(_account(scope.of_anyone, for_change), given)).one_or_none()
    if row is None:
        return None
    return AccountForActor(rows.account(row), Role(row.role) if row.role else None)


@lru_cache
def _account(scope: Scope, for_change: bool) -> Select[Any]:
    role = (
        select(memberships.c.role)
        .where(memberships.c.account_id == accounts.c.id, memberships.c.user_id == bindparam(ACTOR, type_=Uuid))
        .scalar_subquery()
        .label("role")
    )
    statement = select(accounts, role).where(accounts.c.id == bindparam("of"), within(scope.kind, accounts.c.id))
    # key_share alone is FOR NO KEY UPDATE: foreign keys of concurrent inserts may still look at the row
    return statement.with_for_update(of=accounts, read=not for_change, key_share=for_change)


async def locked_accounts(
    session: AsyncSession, scope: Scope, account_ids: Collection[AccountId]
) -> dict[AccountId, Account]:
    """The accounts that the scope reaches, their rows locked against every other change until the transaction ends.

    They are locked in the order of their ids, so that two who lock several never wait for each other. One statement.
    """
    given = {ACTOR: scope.actor_id, "wanted": list(account_ids)}
    found = await session.execute(_locked(scope.of_anyone), given)
    return {AccountId(row.id): rows.account(row) for row in found}


@lru_cache
def _locked(scope: Scope) -> Select[Any]:
    return (
        select(accounts)
        .where(among_given(accounts.c.id, "wanted"), within(scope.kind, accounts.c.id))
        .order_by(accounts.c.id)
        .with_for_update(key_share=True)
    )


async def account_of_subscription(
    session: AsyncSession, scope: Scope, subscription_id: SubscriptionId
) -> AccountId | None:
    """Whose subscription this is, if the scope reaches it."""
    owner = subscriptions.c.account_id
    found = await session.scalar(
        select(owner).where(subscriptions.c.id == subscription_id, within(scope.kind, owner)), {ACTOR: scope.actor_id}
    )
    return AccountId(found) if found else None
