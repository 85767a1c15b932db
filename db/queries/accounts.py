"""Accounts for decisions, and the lock that makes writers of one account take turns."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from db import rows
from db.among import among
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
    role = (
        select(memberships.c.role)
        .where(memberships.c.account_id == accounts.c.id, memberships.c.user_id == scope.actor_id)
        .scalar_subquery()
        .label("role")
    )
    statement = select(accounts, role).where(accounts.c.id == account_id, within(scope.kind, accounts.c.id))
    # key_share alone is FOR NO KEY UPDATE: foreign keys of concurrent inserts may still look at the row
    locked = statement.with_for_update(of=accounts, read=not for_change, key_share=for_change)
    row = (await session.execute(locked, {ACTOR: scope.actor_id})).one_or_none()
    if row is None:
        return None
    return AccountForActor(rows.account(row), Role(row.role) if row.role else None)


async def locked_accounts(
    session: AsyncSession, scope: Scope, account_ids: Collection[AccountId]
) -> dict[AccountId, Account]:
    """The accounts that the scope reaches, their rows locked against every other change until the transaction ends.

    They are locked in the order of their ids, so that two who lock several never wait for each other. One statement.
    """
    found = await session.execute(
        select(accounts)
        .where(among(accounts.c.id, account_ids), within(scope.kind, accounts.c.id))
        .order_by(accounts.c.id)
        .with_for_update(key_share=True),
        {ACTOR: scope.actor_id},
    )
    return {AccountId(row.id): rows.account(row) for row in found}


async def account_of_subscription(
    session: AsyncSession, scope: Scope, subscription_id: SubscriptionId
) -> AccountId | None:
    """Whose subscription this is, if the scope reaches it."""
    owner = subscriptions.c.account_id
    found = await session.scalar(
        select(owner).where(subscriptions.c.id == subscription_id, within(scope.kind, owner)), {ACTOR: scope.actor_id}
    )
    return AccountId(found) if found else None
