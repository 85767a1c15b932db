"""What recording usage must know, the meters and each account's zone and time; and what was counted, to bill it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from sqlalchemy import DateTime, Integer, Text, Uuid, case, column, exists, func, literal, select, true
from sqlalchemy.dialects.postgresql import ARRAY, aggregate_order_by
from sqlalchemy.ext.asyncio import AsyncSession

from db import rows
from db.among import among
from db.scope import ACTOR, Scope, within
from db.tables import QUANTITY, accounts, meters, subscriptions, usage_events, usage_late
from domain.ids import AccountId, MeterId, SubscriptionId
from domain.invoicing.arrears import UsageWindow
from domain.usage import Aggregation, Meter

_A_DAY = timedelta(hours=25)
"""No local day is longer."""


@dataclass(frozen=True, slots=True)
class Metered:
    """An account as usage sees it. `clock_at`: its standing time, None for one that lives in real time.

    `has_ended_one`: a subscription of it has ended, so that use may come after the last bill.
    """

    zone: str
    clock_at: datetime | None
    has_ended_one: bool = False


async def known_meters(session: AsyncSession) -> dict[str, Meter]:
    """Every meter by code."""
    return {
        row.code: Meter(
            MeterId(row.id),
            row.code,
            Aggregation(row.aggregation),
            row.event_type,
            row.value_property,
            frozenset(row.dimensions),
        )
        for row in await session.execute(select(meters))
    }


async def metered_accounts(session: AsyncSession, scope: Scope, ids: Collection[AccountId]) -> dict[AccountId, Metered]:
    """The accounts in reach among those asked for."""
    ended = exists().where(
        subscriptions.c.account_id == accounts.c.id,
        subscriptions.c.ended_at.is_not(None),
        within(scope.kind, subscriptions.c.account_id),
    )
    found = await session.execute(
        select(accounts.c.id, accounts.c.zone, accounts.c.clock_at, ended.label("has_ended_one")).where(
            among(accounts.c.id, ids), within(scope.kind, accounts.c.id)
        ),
        {ACTOR: scope.actor_id},
    )
    return {AccountId(row.id): Metered(row.zone, rows.maybe_utc(row.clock_at), row.has_ended_one) for row in found}


async def ended_over(
    session: AsyncSession, scope: Scope, uses: Sequence[tuple[AccountId, datetime]]
) -> dict[SubscriptionId, AccountId]:
    """The subscriptions that have ended since these instants and were there at them, and whose; one statement."""
    if not uses:
        return {}
    asked = (
        func.unnest(
            literal([account_id for account_id, _ in uses], ARRAY(Uuid)),
            literal([occurred_at for _, occurred_at in uses], ARRAY(DateTime(timezone=True))),
        )
        .table_valued(
            column("account_id", Uuid),
            column("occurred_at", DateTime(timezone=True)),
            name="asked",
        )
        .render_derived()
    )
    own = subscriptions.c
    found = await session.execute(
        select(own.id, own.account_id)
        .join(asked, asked.c.account_id == own.account_id)
        .where(
            own.started_at <= asked.c.occurred_at,
            own.ended_at > asked.c.occurred_at,
            within(scope.kind, own.account_id),
        )
        .distinct(),
        {ACTOR: scope.actor_id},
    )
    return {SubscriptionId(row.id): AccountId(row.account_id) for row in found}


async def counted(
    session: AsyncSession, scope: Scope, windows: Sequence[tuple[AccountId, UsageWindow]]
) -> list[Decimal]:
    """What each window's meter counted between its two instants, in the order of `windows`. One statement.

    From the events themselves, to the instant; nothing counted is 0.
    """
    if not windows:
        return []
    asked = (
        func.unnest(
            literal(list(range(len(windows))), ARRAY(Integer)),
            literal([account_id for account_id, _ in windows], ARRAY(Uuid)),
            literal([each.meter_id for _, each in windows], ARRAY(Uuid)),
            literal([each.aggregation.value for _, each in windows], ARRAY(Text)),
            literal([each.window.start for _, each in windows], ARRAY(DateTime(timezone=True))),
            literal([each.window.end for _, each in windows], ARRAY(DateTime(timezone=True))),
        )
        .table_valued(
            column("place", Integer),
            column("account_id", Uuid),
            column("meter_id", Uuid),
            column("aggregation", Text),
            column("start_at", DateTime(timezone=True)),
            column("end_at", DateTime(timezone=True)),
            name="asked",
        )
        .render_derived()
    )
    event = usage_events.c
    newest_first = aggregate_order_by(event.value, event.occurred_at.desc(), event.source.desc(), event.event_id.desc())
    is_latest = asked.c.aggregation == Aggregation.LATEST.value
    inside = (
        select(
            func.count().label("count"),
            func.sum(event.value).label("sum"),
            func.max(event.value).label("max"),
            func.count(event.text_value.distinct()).label("unique"),
            func.array_agg(newest_first, type_=ARRAY(QUANTITY)).filter(is_latest)[1].label("latest"),
        )
        .where(
            event.account_id == asked.c.account_id,
            event.meter_id == asked.c.meter_id,
            event.occurred_at >= asked.c.start_at,
            event.occurred_at < asked.c.end_at,
            within(scope.kind, event.account_id),
        )
        .lateral("inside")
    )
    figure = case(
        (asked.c.aggregation == Aggregation.COUNT.value, inside.c["count"]),
        (asked.c.aggregation == Aggregation.SUM.value, inside.c["sum"]),
        (asked.c.aggregation == Aggregation.MAX.value, inside.c["max"]),
        (asked.c.aggregation == Aggregation.UNIQUE.value, inside.c["unique"]),
        else_=inside.c.latest,
    )
    found = await session.execute(
        select(asked.c.place, func.coalesce(figure, 0).label("figure")).join(inside, true()).order_by(asked.c.place),
        {ACTOR: scope.actor_id},
    )
    return [Decimal(row.figure) for row in found]


async def late_use(
    session: AsyncSession, scope: Scope, since: Mapping[AccountId, tuple[datetime, datetime]]
) -> dict[AccountId, tuple[datetime, ...]]:
    """When use occurred, before the second instant, that was received at the first or later; to the day, oldest first.

    Accounts without any are left out. One statement: what came in on a later day is on file as late, what came in on
    its own day is looked for among the events of that day.
    """
    if not since:
        return {}
    asked = (
        func.unnest(
            literal(list(since), ARRAY(Uuid)),
            literal([received for received, _ in since.values()], ARRAY(DateTime(timezone=True))),
            literal([occurred for _, occurred in since.values()], ARRAY(DateTime(timezone=True))),
        )
        .table_valued(
            column("account_id", Uuid),
            column("received_at", DateTime(timezone=True)),
            column("occurred_at", DateTime(timezone=True)),
            name="asked",
        )
        .render_derived()
    )
    event, other_day = usage_events.c, usage_late.c
    on_its_day = select(event.account_id, event.occurred_at).where(
        event.account_id == asked.c.account_id,
        event.received_at >= asked.c.received_at,
        event.occurred_at > asked.c.received_at - _A_DAY,
        event.occurred_at < asked.c.occurred_at,
        within(scope.kind, event.account_id),
    )
    on_another = select(other_day.account_id, other_day.occurred_at).where(
        other_day.account_id == asked.c.account_id,
        other_day.received_at >= asked.c.received_at,
        other_day.occurred_at < asked.c.occurred_at,
        within(scope.kind, other_day.account_id),
    )
    either = on_its_day.union(on_another).subquery()
    found = await session.execute(select(either).order_by(*either.c), {ACTOR: scope.actor_id})
    late: dict[AccountId, tuple[datetime, ...]] = {}
    for row in found:
        late[AccountId(row.account_id)] = (*late.get(AccountId(row.account_id), ()), rows.utc(row.occurred_at))
    return late
