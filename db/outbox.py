"""The outbox: events in the transaction that caused them, with two gapless numbers each.

One number runs through the account (taken from its row, which the writer has locked), one through the aggregate.
Does not own delivery.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Integer, Uuid, bindparam, column, func, select, update
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession

from db.json_text import json_text
from db.tables import accounts, outbox_events
from domain.events import BillingEvent
from domain.ids import AccountId, EventId, IdMaker

Aggregate = tuple[AccountId, UUID]
Events = Mapping[AccountId, Sequence[BillingEvent]]


@dataclass(frozen=True, slots=True)
class Places:
    """Where new events go: the first new number of each account, and the last of each aggregate so far."""

    first: Mapping[AccountId, int]
    last: Mapping[Aggregate, int]


async def take_places(session: AsyncSession, events: Events) -> Places:
    """Take the numbers of the events of some accounts; two statements, whatever the number of accounts and events."""
    counts = {account_id: len(each) for account_id, each in events.items() if each}
    if not counts:
        return Places({}, {})
    first = await _take_sequences(session, counts)
    aggregates = ((account_id, each.aggregate_id) for account_id in counts for each in events[account_id])
    return Places(first, await _last_of_aggregates(session, list(dict.fromkeys(aggregates))))


def rows_of(
    events: Events, places: Places, numbered: Mapping[UUID, str], ids: IdMaker, recorded_at: datetime
) -> list[dict[str, Any]]:
    """The rows of `outbox_events` for the events of some accounts, each account's in order.

    `numbered` are the documents that get their number in this transaction: what is said of one says its number.
    """
    last = dict(places.last)
    written = []
    for account_id, first in places.first.items():
        for sequence, event in enumerate(events[account_id], start=first):
            aggregate = account_id, event.aggregate_id
            last[aggregate] = last.get(aggregate, 0) + 1
            number = numbered.get(event.aggregate_id)
            data = event.data if number is None else {**event.data, "number": number}
            written.append(
                {
                    "account_id": account_id,
                    "id": EventId(ids.new()),
                    "sequence": sequence,
                    "aggregate_type": event.aggregate_type,
                    "aggregate_id": event.aggregate_id,
                    "aggregate_sequence": last[aggregate],
                    "type": event.type,
                    "data": json_text(data),
                    "occurred_at": event.occurred_at,
                    "recorded_at": recorded_at,
                }
            )
    return written


_TAKEN = (
    func.unnest(bindparam("ids", type_=ARRAY(Uuid)), bindparam("counts", type_=ARRAY(Integer)))
    .table_valued(column("account_id", Uuid), column("count", Integer), name="taken")
    .render_derived()
)
# made once, as every transaction that changes anything runs them
_TAKE = (
    update(accounts)
    .where(accounts.c.id == _TAKEN.c.account_id)
    .values(event_sequence=accounts.c.event_sequence + _TAKEN.c.count)
    .returning(accounts.c.id, accounts.c.event_sequence)
)
_GIVEN = (
    func.unnest(bindparam("account_ids", type_=ARRAY(Uuid)), bindparam("aggregate_ids", type_=ARRAY(Uuid)))
    .table_valued(column("account_id", Uuid), column("aggregate_id", Uuid), name="given")
    .render_derived()
)
_LAST = (
    select(func.max(outbox_events.c.aggregate_sequence))
    .where(outbox_events.c.account_id == _GIVEN.c.account_id, outbox_events.c.aggregate_id == _GIVEN.c.aggregate_id)
    .scalar_subquery()
)
_LAST_OF = select(_GIVEN.c.account_id, _GIVEN.c.aggregate_id, func.coalesce(_LAST, 0, type_=BigInteger).label("last"))


async def _take_sequences(session: AsyncSession, counts: Mapping[AccountId, int]) -> dict[AccountId, int]:
    """The first of `counts` new numbers of each account."""
    found = await session.execute(_TAKE, {"ids": list(counts), "counts": list(counts.values())})
    return {AccountId(row.id): row.event_sequence - counts[row.id] + 1 for row in found}


async def _last_of_aggregates(session: AsyncSession, aggregates: Sequence[Aggregate]) -> dict[Aggregate, int]:
    """The last number of each aggregate that has had an event."""
    account_ids, aggregate_ids = zip(*aggregates, strict=True)
    found = await session.execute(_LAST_OF, {"account_ids": account_ids, "aggregate_ids": aggregate_ids})
    return {(AccountId(row.account_id), row.aggregate_id): row.last for row in found}
