"""Usage events and their running counters, in one statement, so that an event is counted exactly if it is kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import Text, TextClause, Uuid, bindparam, select, text, tuple_
from sqlalchemy.dialects.postgresql import ARRAY

from db import rows
from db.array_text import array_of, array_of_maybe, array_of_texts
from db.json_text import json_text
from db.tables import INSTANT, meters, usage_events, usage_keys
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

    key: EventKey
    event: UsageEvent
    meter_ids: tuple[MeterId, ...]
    day: date
    received_at: datetime
    is_late: bool


# sorted throughout, so that two batches meet rows in one order and never wait for each other in a circle
_INCOMING = """
    WITH incoming AS (
        SELECT a.account_id, source, event_id, occurred_at, a.received_at, day, place
        FROM unnest(
            CAST(:owners AS int[]), CAST(:sources AS text[]), CAST(:ids AS text[]), CAST(:instants AS timestamptz[]),
            CAST(:days AS date[])
        ) WITH ORDINALITY AS t(owner, source, event_id, occurred_at, day, place)
        JOIN unnest(:accounts, :receipts) WITH ORDINALITY AS a(account_id, received_at, owner) USING (owner)
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
        JOIN unnest(
            CAST(:places AS int[]), CAST(:meters AS uuid[]), CAST(:measures AS numeric[]), {texts}, {dimensions}
        ) AS m(place, meter_id, value, text_value, dimensions) USING (place)
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
        SELECT DISTINCT account_id, received_at, occurred_at
        FROM measured JOIN unnest(CAST(:late AS int[])) AS l(place) USING (place)
        ORDER BY account_id, received_at, occurred_at
        ON CONFLICT DO NOTHING
    )"""
_KEPT = """
    SELECT place FROM kept JOIN incoming USING (account_id, source, event_id)"""


@lru_cache
def _keep_and_count(*, has_late: bool, has_texts: bool, has_dimensions: bool) -> TextClause:
    """What a batch without late use, texts or dimensions does not need is not in its statement."""
    sql = _INCOMING.format(
        texts="CAST(:texts AS text[])" if has_texts else "CAST(NULL AS text[])",
        dimensions="CAST(:dimensions AS text[])" if has_dimensions else "CAST(NULL AS text[])",
    )
    sql += (_TEXTS if has_texts else "") + (_DIMENSIONS if has_dimensions else "") + (_LATE if has_late else "")
    # the driver is to see texts where the statement casts them
    columns = ["owners", "sources", "ids", "instants", "days", "places", "meters", "measures"]
    columns += [name for name, has in (("texts", has_texts), ("dimensions", has_dimensions), ("late", has_late)) if has]
    return text(sql + _KEPT).bindparams(
        bindparam("accounts", type_=ARRAY(Uuid)),
        bindparam("receipts", type_=ARRAY(INSTANT)),
        *(bindparam(name, type_=Text) for name in columns),
    )


async def keep_and_count(unit: UnitOfWork, batch: Sequence[Measured]) -> set[int]:
    """Store the events not known yet and count them; returns their places in the batch. One statement.

    No key stands twice in the batch. Accounts are within the unit's reach: the caller has looked them up by its scope.
    """
    if not batch:
        return set()
    statement, given = keeping(batch)
    return {row.place - 1 for row in await unit.session.execute(statement, given)}


def keeping(batch: Sequence[Measured]) -> tuple[TextClause, dict[str, Any]]:
    """The one statement that keeps and counts a batch, and what it is given."""
    owners: dict[UUID, tuple[str, datetime]] = {}
    for each in batch:
        if each.key[0] not in owners:
            owners[each.key[0]] = str(len(owners) + 1), each.received_at
    measures = [
        (str(place), meter_id, measure)
        for place, each in enumerate(batch, start=1)
        for meter_id, measure in zip(each.meter_ids, each.event.measures, strict=True)
    ]
    named = {meter_id: str(meter_id) for meter_id in {meter_id for _, meter_id, _ in measures}}
    days = {day: day.isoformat() for day in {each.day for each in batch}}
    late = [str(place) for place, each in enumerate(batch, start=1) if each.is_late]
    texts = [measure.text for _, _, measure in measures]
    apart = [measure.dimensions for _, _, measure in measures]
    given: dict[str, Any] = {
        "accounts": list(owners),
        "receipts": [received_at for _, received_at in owners.values()],
        "owners": array_of([owners[each.key[0]][0] for each in batch]),
        "sources": array_of_texts([each.key[1] for each in batch]),
        "ids": array_of_texts([each.key[2] for each in batch]),
        "instants": array_of([each.event.occurred_at.isoformat() for each in batch]),
        "days": array_of([days[each.day] for each in batch]),
        "places": array_of([place for place, _, _ in measures]),
        "meters": array_of([named[meter_id] for _, meter_id, _ in measures]),
        "measures": array_of([str(measure.value) for _, _, measure in measures]),
    }
    if has_texts := any(each is not None for each in texts):
        given["texts"] = array_of_maybe(texts)
    if has_dimensions := any(apart):
        given["dimensions"] = array_of_maybe([json_text(dict(sorted(each))) if each else None for each in apart])
    if late:
        given["late"] = array_of(late)
    return _keep_and_count(has_late=bool(late), has_texts=has_texts, has_dimensions=has_dimensions), given


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
