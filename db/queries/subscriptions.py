"""Live subscriptions for decisions: with every item version, the present commitment and the plan versions."""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession

from db import rows
from db.among import among, among_given
from db.queries import catalog
from db.scope import ACTOR, Scope, within
from db.tables import commitment_terms, outbox_events, subscription_items, subscriptions
from domain.account import Account
from domain.ids import AccountId, PlanVersionId, SubscriptionId
from domain.invoicing.arrears import HeldItem
from domain.periods import BillingInterval, Period
from domain.subscription import BillingSubscription, SubscriptionStatus


@dataclass(frozen=True, slots=True)
class LiveSubscription:
    """A subscription that has not ended; `held` are all its item versions, also those that are over, oldest first."""

    now: BillingSubscription
    held: tuple[HeldItem, ...]


async def live_subscriptions(session: AsyncSession, scope: Scope, account: Account) -> list[BillingSubscription]:
    """Every subscription of the account that has not ended, oldest first; three statements and the catalog's four."""
    return [each.now for each in (await live_of(session, scope, [account]))[account.id]]


async def live_of(
    session: AsyncSession, scope: Scope, accounts: Iterable[Account], *, also: Collection[SubscriptionId] = ()
) -> Mapping[AccountId, Sequence[LiveSubscription]]:
    """Every subscription of these accounts that has not ended, oldest first; as many statements as for one account.

    `also` are taken in though they may have ended.
    """
    known = {account.id: account for account in accounts}
    found: dict[AccountId, list[LiveSubscription]] = {account_id: [] for account_id in known}
    of = {ACTOR: scope.actor_id, "accounts": list(known)}
    heads = (await session.execute(_heads(scope.of_anyone), of | {"also": list(also)})).all()
    if not heads:
        return found
    of["live"] = [head.id for head in heads]
    items = await session.execute(_items(scope.of_anyone), of)
    terms = await session.execute(_terms(scope.of_anyone), of)
    term_of = {each.subscription_id: each for each in terms}
    items_of: dict[object, list[rows.AnyRow]] = {}
    wanted = {PlanVersionId(head.plan_version_id) for head in heads}
    for row in items:
        items_of.setdefault(row.subscription_id, []).append(row)
        wanted.add(PlanVersionId(row.plan_version_id))
    versions = await catalog.versions(session, wanted)
    for head in heads:
        account = known[AccountId(head.account_id)]
        held = tuple(
            HeldItem(rows.item(row), versions[PlanVersionId(row.plan_version_id)]) for row in items_of.get(head.id, ())
        )
        in_force = sorted(
            (each.item for each in held if each.item.valid_until is None), key=lambda item: item.component
        )
        version = versions[PlanVersionId(head.plan_version_id)]
        now = rows.subscription(head, version, in_force, term_of.get(head.id), account.zone)
        found[account.id].append(LiveSubscription(now, held))
    return found


@lru_cache
def _heads(scope: Scope) -> Select[Any]:
    head = subscriptions.c
    counts = or_(head.ended_at.is_(None), among_given(head.id, "also"))
    return (
        select(subscriptions)
        .where(among_given(head.account_id, "accounts"), counts, within(scope.kind, head.account_id))
        .order_by(head.account_id, head.started_at, head.id)
    )


@lru_cache
def _items(scope: Scope) -> Select[Any]:
    item = subscription_items.c
    is_wanted = among_given(item.account_id, "accounts"), among_given(item.subscription_id, "live")
    return (
        select(subscription_items)
        .where(*is_wanted, within(scope.kind, item.account_id))
        .order_by(item.subscription_id, item.valid_from, item.component, item.id)
    )


@lru_cache
def _terms(scope: Scope) -> Select[Any]:
    term = commitment_terms.c
    is_wanted = among_given(term.account_id, "accounts"), among_given(term.subscription_id, "live")
    return (
        select(commitment_terms)
        .where(*is_wanted, within(scope.kind, term.account_id))
        .ext(distinct_on(term.subscription_id))
        .order_by(term.subscription_id, term.start_at.desc())
    )


async def next_due_at(session: AsyncSession, scope: Scope, account: Account) -> datetime | None:
    """When the first period of a live subscription of the account ends."""
    found = await session.scalar(
        select(func.min(subscriptions.c.due_at)).where(
            subscriptions.c.account_id == account.id,
            subscriptions.c.ended_at.is_(None),
            within(scope.kind, subscriptions.c.account_id),
        ),
        {ACTOR: scope.actor_id},
    )
    return rows.utc(found) if found else None


@dataclass(frozen=True, slots=True)
class PastPeriod:
    """A billing period that a subscription has been in, as its events tell, and how it was counted then.

    It ends where the next one begins, which a change may have made earlier (`ended_at`). None: none has begun since.
    """

    period: Period
    interval: BillingInterval
    anchor_on: date
    is_trial: bool = False
    ended_at: datetime | None = None


async def past_periods(
    session: AsyncSession, scope: Scope, owners: Mapping[SubscriptionId, AccountId]
) -> dict[SubscriptionId, tuple[PastPeriod, ...]]:
    """Every billing period of these subscriptions, oldest first, as its last event tells it. One statement."""
    event = outbox_events.c
    found = await session.execute(
        select(event.aggregate_id, event.data)
        .where(
            among(event.account_id, set(owners.values())),
            among(event.aggregate_id, owners),
            within(scope.kind, event.account_id),
        )
        .order_by(event.aggregate_id, event.aggregate_sequence),
        {ACTOR: scope.actor_id},
    )
    periods: dict[SubscriptionId, dict[datetime, PastPeriod]] = {}
    for row in found:
        said = json.loads(row.data)
        if "periodStart" in said:
            start, end = (rows.utc(datetime.fromisoformat(said[name])) for name in ("periodStart", "periodEnd"))
            own = periods.setdefault(SubscriptionId(row.aggregate_id), {})
            status, before = SubscriptionStatus(said["status"]), own.get(start)
            # a trial that was cancelled stays one
            was_trial = status is SubscriptionStatus.CANCELLED and before is not None and before.is_trial
            own[start] = PastPeriod(
                Period(start, end),
                BillingInterval(said["interval"]),
                date.fromisoformat(said["anchorOn"]),
                is_trial=was_trial or status is SubscriptionStatus.TRIALING,
            )
    return {each: tuple(_in_order(own)) for each, own in periods.items()}


def _in_order(periods: Mapping[datetime, PastPeriod]) -> Iterator[PastPeriod]:
    starts = sorted(periods)
    for start, following in zip(starts, [*starts[1:], None], strict=True):
        yield replace(periods[start], ended_at=following and min(following, periods[start].period.end))
