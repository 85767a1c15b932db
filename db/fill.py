"""For whoever fills a whole database, the demo above all: one at a time, what is there already, numbers in advance.

Owns statements no operation needs. Not for customers' requests: nothing here knows a Scope, and what is read is a
global look-up by name.
"""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.numbers import take
from db.tables import account_external_ids, legal_entities, plans, subscriptions
from domain.ids import AccountId, LegalEntityId, PlanId, SubscriptionId

_ONE_AT_A_TIME = 0x66696C6C  # any number, the same for whoever fills


async def one_at_a_time(session: AsyncSession) -> None:
    """Wait until nobody else fills this database; held until the transaction ends."""
    await session.execute(select(func.pg_advisory_xact_lock(_ONE_AT_A_TIME)))


async def accounts_named(session: AsyncSession, external_ids: Collection[str]) -> dict[str, AccountId]:
    """The accounts among these external ids that exist."""
    named = account_external_ids.c
    found = await session.execute(
        select(named.external_id, named.account_id).where(named.external_id.in_(external_ids))
    )
    return {row.external_id: AccountId(row.account_id) for row in found}


async def count_of_accounts_named(session: AsyncSession, prefix: str) -> int:
    """How many accounts have an external id that begins so."""
    named = account_external_ids.c.external_id
    found = await session.scalar(select(func.count()).where(named.startswith(prefix, autoescape=True)))
    return int(found or 0)


async def has_a_catalog(session: AsyncSession) -> bool:
    """Whether anybody invoices from this database already."""
    return await session.scalar(select(legal_entities.c.id).limit(1)) is not None


async def take_numbers(session: AsyncSession, entity_id: UUID, series: str, count: int) -> int:
    """The first of `count` new document numbers in a row; the series waits until the transaction ends."""
    series_taken = LegalEntityId(entity_id), series
    return (await take(session, {series_taken: count}))[series_taken]


async def next_steps_of(
    session: AsyncSession, account_ids: Collection[AccountId]
) -> dict[AccountId, tuple[SubscriptionId, PlanId | None]]:
    """The oldest live subscription of each account, and the plan one rung above it that is for sale (None: the top)."""
    above = plans.alias("above")
    higher = (
        select(above.c.id)
        .where(above.c.product_id == plans.c.product_id, above.c.rank > plans.c.rank, above.c.withdrawn_at.is_(None))
        .order_by(above.c.rank)
        .limit(1)
        .scalar_subquery()
    )
    owned = subscriptions.c
    found = await session.execute(
        select(owned.account_id, owned.id, higher.label("plan_id"))
        .join(plans, plans.c.id == owned.plan_id)
        .where(owned.account_id.in_(account_ids), owned.ended_at.is_(None))
        .order_by(owned.started_at.desc(), owned.id.desc())
    )
    return {
        AccountId(row.account_id): (SubscriptionId(row.id), PlanId(row.plan_id) if row.plan_id else None)
        for row in found
    }
