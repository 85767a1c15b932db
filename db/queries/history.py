"""What has happened to an account, as its events tell."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from db import rows
from db.scope import ACTOR, Scope, within
from db.tables import accounts, outbox_events
from domain.ids import AccountId


@dataclass(frozen=True, slots=True)
class Happened:
    """An event: what it was, to which thing, at which instant of the account's own time."""

    sequence: int
    type: str
    subject_type: str
    subject_id: UUID
    occurred_at: datetime


async def last_sequence(session: AsyncSession, scope: Scope, account_id: AccountId) -> int:
    """The number of the account's last event; 0 before the first."""
    found = await session.scalar(
        select(accounts.c.event_sequence).where(accounts.c.id == account_id, within(scope.kind, accounts.c.id)),
        {ACTOR: scope.actor_id},
    )
    return int(found or 0)


async def events_since(
    session: AsyncSession, scope: Scope, account_id: AccountId, sequence: int
) -> tuple[Happened, ...]:
    """The account's events after a number, in order."""
    event = outbox_events.c
    found = await session.execute(
        select(event.sequence, event.type, event.aggregate_type, event.aggregate_id, event.occurred_at)
        .where(event.account_id == account_id, event.sequence > sequence, within(scope.kind, event.account_id))
        .order_by(event.sequence),
        {ACTOR: scope.actor_id},
    )
    return tuple(
        Happened(row.sequence, row.type, row.aggregate_type, row.aggregate_id, rows.utc(row.occurred_at))
        for row in found
    )
