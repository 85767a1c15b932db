"""The outbox: events in the transaction that caused them, with two gapless numbers each.

One number runs through the account (taken from its row, which the writer has locked), one through the aggregate.
Does not own delivery.
"""

import json
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from db.tables import accounts, outbox_events
from domain.events import BillingEvent
from domain.ids import AccountId, IdMaker


async def append(
    session: AsyncSession, account_id: AccountId, events: Sequence[BillingEvent], ids: IdMaker, recorded_at: datetime
) -> None:
    """Write the events of one account in order; three statements, whatever their number."""
    if not events:
        return
    last = await session.scalar(
        update(accounts)
        .where(accounts.c.id == account_id)
        .values(event_sequence=accounts.c.event_sequence + len(events))
        .returning(accounts.c.event_sequence)
    )
    first = int(last or 0) - len(events) + 1
    seen = {
        row.aggregate_id: row.last
        for row in await session.execute(
            select(outbox_events.c.aggregate_id, func.max(outbox_events.c.aggregate_sequence).label("last"))
            .where(
                outbox_events.c.account_id == account_id,
                outbox_events.c.aggregate_id.in_({event.aggregate_id for event in events}),
            )
            .group_by(outbox_events.c.aggregate_id)
        )
    }
    written = []
    for sequence, event in enumerate(events, start=first):
        seen[event.aggregate_id] = seen.get(event.aggregate_id, 0) + 1
        written.append(
            {
                "account_id": account_id,
                "id": ids.new(),
                "sequence": sequence,
                "aggregate_type": event.aggregate_type,
                "aggregate_id": event.aggregate_id,
                "aggregate_sequence": seen[event.aggregate_id],
                "type": event.type,
                "data": json.dumps(event.data, separators=(",", ":"), ensure_ascii=False),
                "occurred_at": event.occurred_at,
                "recorded_at": recorded_at,
            }
        )
    await session.execute(insert(outbox_events), written)
