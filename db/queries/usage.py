"""What recording usage must know: the meters, and each account's zone and time."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from db import rows
from db.scope import ACTOR, Scope, within
from db.tables import accounts, meters
from domain.ids import AccountId, MeterId


@dataclass(frozen=True, slots=True)
class Metered:
    """An account as usage sees it. `clock_at`: its standing time, None for one that lives in real time."""

    zone: str
    clock_at: datetime | None


async def meter_ids(session: AsyncSession) -> dict[str, MeterId]:
    """Every meter by code."""
    return {row.code: MeterId(row.id) for row in await session.execute(select(meters.c.code, meters.c.id))}


async def metered_accounts(session: AsyncSession, scope: Scope, ids: Collection[AccountId]) -> dict[AccountId, Metered]:
    """The accounts in reach among those asked for."""
    found = await session.execute(
        select(accounts.c.id, accounts.c.zone, accounts.c.clock_at).where(
            accounts.c.id.in_(set(ids)), within(scope.kind, accounts.c.id)
        ),
        {ACTOR: scope.actor_id},
    )
    return {AccountId(row.id): Metered(row.zone, rows.utc(row.clock_at) if row.clock_at else None) for row in found}
