"""Usage events counted again for the audit, window by window, by the instant they were received."""

from collections.abc import Collection, Mapping
from decimal import Decimal
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, and_, bindparam, func, select
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.ext.asyncio import AsyncSession

from db.scope import ACTOR, Scope, within
from db.tables import INSTANT, usage_events
from domain.audit.facts import Counted, Window


async def counted(
    session: AsyncSession, scope: Scope, asked: Mapping[UUID, Collection[Window]]
) -> dict[UUID, dict[Window, Counted]]:
    """What each account's windows count, in one statement; windows without an event are left out."""
    flat = [(account_id, window) for account_id, windows in asked.items() for window in windows]
    event = usage_events.c
    window = (
        func.unnest(
            bindparam("accounts", type_=ARRAY(Uuid)),
            bindparam("meters", type_=ARRAY(Uuid)),
            bindparam("starts", type_=ARRAY(INSTANT)),
            bindparam("ends", type_=ARRAY(INSTANT)),
            bindparam("received", type_=ARRAY(INSTANT)),
        )
        .table_valued(
            "account_id", "meter_id", "start_at", "end_at", "received_by", with_ordinality="place", name="asked"
        )
        .render_derived()
    )
    newest_first = (event.occurred_at.desc(), event.source.desc(), event.event_id.desc())
    found = await session.execute(
        select(
            window.c.place,
            func.count().label("events"),
            func.sum(event.value).label("sum"),
            func.max(event.value).label("max"),
            func.count(event.text_value.distinct()).label("unique"),
            func.array_agg(aggregate_order_by(event.value, *newest_first))[1].label("latest"),
        )
        .select_from(usage_events)
        .join(
            window,
            and_(
                event.account_id == window.c.account_id,
                event.meter_id == window.c.meter_id,
                event.occurred_at >= window.c.start_at,
                event.occurred_at < window.c.end_at,
                event.received_at <= window.c.received_by,
            ),
        )
        .where(within(scope.kind, event.account_id))
        .group_by(window.c.place),
        {
            ACTOR: scope.actor_id,
            "accounts": [account_id for account_id, _ in flat],
            "meters": [each.meter_id for _, each in flat],
            "starts": [each.span.start for _, each in flat],
            "ends": [each.span.end for _, each in flat],
            "received": [each.received_by for _, each in flat],
        },
    )
    counts: dict[UUID, dict[Window, Counted]] = {}
    for row in found:
        account_id, asked_for = flat[row.place - 1]
        counts.setdefault(account_id, {})[asked_for] = Counted(
            row.events, Decimal(row.sum), row.max, row.latest, row.unique
        )
    return counts
