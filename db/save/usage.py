"""Usage events and their running counters, in one statement, so that an event is counted exactly if it is kept."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from uuid import UUID

from sqlalchemy import Date, Integer, Text, TextClause, Uuid, bindparam, select, text, tuple_
from sqlalchemy.dialects.postgresql import ARRAY

from db import rows
from db.tables import INSTANT, QUANTITY, meters, usage_events, usage_keys
from db.unit_of_work import UnitOfWork
from domain.ids import MeterId
from domain.usage import Content, Measure, UsageEvent

EventKey = tuple[UUID, str, str]
"""(account, source, id): what makes two sendings the same event."""


@dataclass(frozen=True, slots=True)
class Measured:
    """An event with the account's local day it counts on, and the account's own time when it came in: `is_late` on a
    later day.

    Whether use is late is told by that time, so it has to be the clock that invoices are made by.
    """

    event: UsageEvent
    meter_ids: tuple[MeterId, ...]
    day: date
    received_at: datetime
    is_late: bool

    @property
    def key(self) -> EventKey:
        """What it is recognised by."""
        return self.event.account_id, self.event.source, self.event.id


# sorted throughout, so that two batches meet rows in one order and never wait for each other in a circle
_INCOMING = """
    WITH incoming AS (
        SELECT * FROM unnest(:accounts, :sources, :ids, :instants, :receipts, :days)
            WITH ORDINALITY AS t(account_id, source, event_id, occurred_at, received_at, day, place)
    ), kept AS (
        INSERT INTO usage_keys (account_id, source, event_id, occurred_at)
        SELECT account_id, source, event_id, occurred_at FROM incoming
        ORDER BY account_id, source, event_id
        ON CONFLICT DO NOTHING
        RETURNING account_id, source, event_id
    ), measured AS (
        SELECT place, i.account_id, i.source, i.event_id, i.occurred_at, i.received_at, i.day,
               m.meter_id, m.value, m.text_value, m.dimensions::jsonb AS dimensions
        FROM kept JOIN incoming AS i USING (account_id, source, event_id)
        JOIN unnest(:places, :meters, :measures, :texts, :dimensions)
            AS m(place, meter_id, value, text_value, dimensions) USING (place)
    ), stored AS (
        INSERT INTO usage_events
            (account_id, meter_id, occurred_at, source, event_id, value, text_value, dimensions, received_at)
        SELECT account_id, meter_id, occurred_at, source, event_id, value, text_value, dimensions, received_at
        FROM measured
    ), ranked AS (
        SELECT *, row_number() OVER (
            PARTITION BY account_id, meter_id, day ORDER BY occurred_at DESC, source DESC, event_id DESC
        ) AS age FROM measured
    ), counted AS (
        INSERT INTO usage_counters AS c
            (account_id, meter_id, day, count, sum, max, latest, latest_at, latest_source, latest_event_id)
        SELECT account_id, meter_id, day, count(*), sum(value), max(value),
               max(value) FILTER (WHERE age = 1), max(occurred_at),
               max(source) FILTER (WHERE age = 1), max(event_id) FILTER (WHERE age = 1)
        FROM ranked
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
    )"""
_TEXTS = """, seen AS (
        INSERT INTO usage_texts (account_id, meter_id, day, text_value)
        SELECT DISTINCT account_id, meter_id, day, text_value FROM measured WHERE text_value IS NOT NULL
        ORDER BY account_id, meter_id, day, text_value
        ON CONFLICT DO NOTHING
    )"""
_DIMENSIONS = """, told_apart AS (
        INSERT INTO usage_dimension_days AS d (account_id, meter_id, day, dimension, value, count, sum, max)
        SELECT m.account_id, m.meter_id, m.day, e.key, e.value, count(*), sum(m.value), max(m.value)
        FROM measured AS m CROSS JOIN jsonb_each_text(m.dimensions) AS e
        GROUP BY m.account_id, m.meter_id, m.day, e.key, e.value
        ORDER BY m.account_id, m.meter_id, m.day, e.key, e.value
        ON CONFLICT (account_id, meter_id, day, dimension, value) DO UPDATE SET
            count = d.count + excluded.count,
            sum = d.sum + excluded.sum,
            max = greatest(d.max, excluded.max)
    )"""
_LATE = """, came_late AS (
        INSERT INTO usage_late (account_id, received_at, occurred_at)
        SELECT DISTINCT account_id, received_at, occurred_at FROM measured JOIN unnest(:late) AS l(place) USING (place)
        ORDER BY account_id, received_at, occurred_at
        ON CONFLICT DO NOTHING
    )"""
_KEPT = """
    SELECT account_id, source, event_id FROM kept"""


@lru_cache
def _keep_and_count(*, has_late: bool, has_texts: bool, has_dimensions: bool) -> TextClause:
    """What a batch without late use, texts or dimensions does not need is not in its statement."""
    sql = _INCOMING + (_TEXTS if has_texts else "") + (_DIMENSIONS if has_dimensions else "")
    late = [bindparam("late", type_=ARRAY(Integer))] if has_late else []
    return text(sql + (_LATE if has_late else "") + _KEPT).bindparams(
        *late,
        bindparam("accounts", type_=ARRAY(Uuid)),
        bindparam("sources", type_=ARRAY(Text)),
        bindparam("ids", type_=ARRAY(Text)),
        bindparam("instants", type_=ARRAY(INSTANT)),
        bindparam("receipts", type_=ARRAY(INSTANT)),
        bindparam("days", type_=ARRAY(Date)),
        bindparam("places", type_=ARRAY(Integer)),
        bindparam("meters", type_=ARRAY(Uuid)),
        bindparam("measures", type_=ARRAY(QUANTITY)),
        bindparam("texts", type_=ARRAY(Text)),
        bindparam("dimensions", type_=ARRAY(Text)),
    )


async def keep_and_count(unit: UnitOfWork, batch: Sequence[Measured]) -> set[EventKey]:
    """Store the events not known yet and count them; returns the keys of those. One statement.

    No key stands twice in the batch. Accounts are within the unit's reach: the caller has looked them up by its scope.
    """
    if not batch:
        return set()
    measures = [
        (place, meter_id, measure)
        for place, each in enumerate(batch, start=1)
        for meter_id, measure in zip(each.meter_ids, each.event.measures, strict=True)
    ]
    late = [place for place, each in enumerate(batch, start=1) if each.is_late]
    has_texts = any(measure.text is not None for _, _, measure in measures)
    has_dimensions = any(measure.dimensions for _, _, measure in measures)
    found = await unit.session.execute(
        _keep_and_count(has_late=bool(late), has_texts=has_texts, has_dimensions=has_dimensions),
        {
            **({"late": late} if late else {}),
            "accounts": [each.event.account_id for each in batch],
            "sources": [each.event.source for each in batch],
            "ids": [each.event.id for each in batch],
            "instants": [each.event.occurred_at for each in batch],
            "receipts": [each.received_at for each in batch],
            "days": [each.day for each in batch],
            "places": [place for place, _, _ in measures],
            "meters": [meter_id for _, meter_id, _ in measures],
            "measures": [measure.value for _, _, measure in measures],
            "texts": [measure.text for _, _, measure in measures],
            "dimensions": [
                json.dumps(dict(sorted(measure.dimensions))) if measure.dimensions else None
                for _, _, measure in measures
            ],
        },
    )
    return {(row.account_id, row.source, row.event_id) for row in found}


async def known_events(unit: UnitOfWork, keys: Sequence[EventKey]) -> Mapping[EventKey, Content]:
    """What stored events say, by key; to tell a retry from a reused id. One statement."""
    if not keys:
        return {}
    key, event = usage_keys.c, usage_events.c
    found = await unit.session.execute(
        select(
            key.account_id,
            key.source,
            key.event_id,
            key.occurred_at,
            meters.c.code,
            event.value,
            event.text_value,
            event.dimensions,
        )
        .join(
            usage_events,
            (event.account_id == key.account_id)
            & (event.occurred_at == key.occurred_at)
            & (event.source == key.source)
            & (event.event_id == key.event_id),
        )
        .join(meters, meters.c.id == event.meter_id)
        .where(tuple_(key.account_id, key.source, key.event_id).in_(keys))
    )
    known: dict[EventKey, Content] = {}
    for row in found:
        dimensions = tuple(sorted((row.dimensions or {}).items()))
        measure = Measure(row.code, row.value, row.text_value, dimensions)
        at = (row.account_id, row.source, row.event_id)
        before = known[at].measures if at in known else {}
        known[at] = Content(rows.utc(row.occurred_at), {**before, row.code: measure})
    return known
