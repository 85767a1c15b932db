"""Usage events and their running counters, in one statement, so that an event is counted exactly if it is kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Date, Text, Uuid, bindparam, select, text, tuple_
from sqlalchemy.dialects.postgresql import ARRAY

from db.tables import INSTANT, QUANTITY, usage_events
from db.unit_of_work import UnitOfWork
from domain.ids import MeterId
from domain.usage import UsageEvent

EventKey = tuple[UUID, str, str]
"""(account, source, id): what makes two sendings the same event."""


@dataclass(frozen=True, slots=True)
class Measured:
    """An event with the meter it feeds, the account's local day it counts on, and its own time when it came in.

    Whether use is late is told by that time, so it has to be the clock that invoices are made by.
    """

    event: UsageEvent
    meter_id: MeterId
    day: date
    received_at: datetime

    @property
    def key(self) -> EventKey:
        """What it is recognised by."""
        return self.event.account_id, self.event.source, self.event.id


# sorted throughout, so that two batches meet rows in one order and never wait for each other in a circle
_KEEP_AND_COUNT = text("""
    WITH incoming AS (
        SELECT * FROM unnest(:accounts, :sources, :ids, :meters, :measures, :instants, :receipts, :days)
            AS t(account_id, source, event_id, meter_id, value, occurred_at, received_at, day)
    ), kept AS (
        INSERT INTO usage_events (account_id, source, event_id, meter_id, value, occurred_at, received_at)
        SELECT account_id, source, event_id, meter_id, value, occurred_at, received_at FROM incoming
        ORDER BY account_id, source, event_id
        ON CONFLICT DO NOTHING
        RETURNING account_id, source, event_id
    ), counted AS (
        INSERT INTO usage_counters AS c
            (account_id, meter_id, day, count, sum, max, latest, latest_at, latest_source, latest_event_id)
        SELECT account_id, meter_id, day, count(*), sum(value), max(value),
               (array_agg(value ORDER BY occurred_at DESC, source DESC, event_id DESC))[1],
               (array_agg(occurred_at ORDER BY occurred_at DESC, source DESC, event_id DESC))[1],
               (array_agg(source ORDER BY occurred_at DESC, source DESC, event_id DESC))[1],
               (array_agg(event_id ORDER BY occurred_at DESC, source DESC, event_id DESC))[1]
        FROM incoming JOIN kept USING (account_id, source, event_id)
        GROUP BY account_id, meter_id, day
        ORDER BY account_id, meter_id, day
        ON CONFLICT (account_id, meter_id, day) DO UPDATE SET
            count = c.count + excluded.count,
            sum = c.sum + excluded.sum,
            max = greatest(c.max, excluded.max),
            (latest, latest_at, latest_source, latest_event_id) = (
                SELECT n.latest, n.latest_at, n.latest_source, n.latest_event_id
                FROM (VALUES (c.latest, c.latest_at, c.latest_source, c.latest_event_id),
                             (excluded.latest, excluded.latest_at, excluded.latest_source, excluded.latest_event_id))
                     AS n(latest, latest_at, latest_source, latest_event_id)
                ORDER BY n.latest_at DESC, n.latest_source DESC, n.latest_event_id DESC LIMIT 1)
    )
    SELECT account_id, source, event_id FROM kept
""").bindparams(
    bindparam("accounts", type_=ARRAY(Uuid)),
    bindparam("sources", type_=ARRAY(Text)),
    bindparam("ids", type_=ARRAY(Text)),
    bindparam("meters", type_=ARRAY(Uuid)),
    bindparam("measures", type_=ARRAY(QUANTITY)),
    bindparam("instants", type_=ARRAY(INSTANT)),
    bindparam("receipts", type_=ARRAY(INSTANT)),
    bindparam("days", type_=ARRAY(Date)),
)


async def keep_and_count(unit: UnitOfWork, batch: Sequence[Measured]) -> set[EventKey]:
    """Store the events not known yet and count them; returns the keys of those. One statement.

    No key stands twice in the batch. Accounts are within the unit's reach: the caller has looked them up by its scope.
    """
    if not batch:
        return set()
    found = await unit.session.execute(
        _KEEP_AND_COUNT,
        {
            "accounts": [each.event.account_id for each in batch],
            "sources": [each.event.source for each in batch],
            "ids": [each.event.id for each in batch],
            "meters": [each.meter_id for each in batch],
            "measures": [each.event.value for each in batch],
            "instants": [each.event.occurred_at for each in batch],
            "receipts": [each.received_at for each in batch],
            "days": [each.day for each in batch],
        },
    )
    return {(row.account_id, row.source, row.event_id) for row in found}


async def known_events(unit: UnitOfWork, keys: Sequence[EventKey]) -> dict[EventKey, tuple[object, ...]]:
    """(meter, value, occurred_at) of stored events by key; to tell a retry from a reused id."""
    if not keys:
        return {}
    event = usage_events.c
    found = await unit.session.execute(
        select(event.account_id, event.source, event.event_id, event.meter_id, event.value, event.occurred_at).where(
            tuple_(event.account_id, event.source, event.event_id).in_(keys)
        )
    )
    return {(row.account_id, row.source, row.event_id): (row.meter_id, row.value, row.occurred_at) for row in found}
