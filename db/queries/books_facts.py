"""What happened to subscriptions, for the audit: their turns, items and changes, and how events are numbered."""

import json
from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.rows import maybe_utc, utc
from db.scope import ACTOR, Scope, within
from db.tables import commitment_terms, outbox_events, plan_changes, subscription_items, subscriptions
from domain.audit.facts import (
    ChangeOnFile,
    EventNumbers,
    ItemOnFile,
    Profile,
    SubscriptionOnFile,
    Turn,
)
from domain.ids import AccountId
from domain.periods import BillingInterval, Period
from domain.plan_change.verdict import PlanChangeStatus
from domain.subscription import SubscriptionStatus
from domain.tax import TaxExemption

_SUBSCRIPTION = "BillingSubscription"


async def subscriptions_of(
    session: AsyncSession, scope: Scope, ids: Sequence[AccountId]
) -> dict[UUID, list[SubscriptionOnFile]]:
    """The subscriptions of each account, with what their events say of them."""
    turns = await _turns(session, scope, ids)
    subscription, term = subscriptions.c, commitment_terms.c
    committed_until = (
        select(func.max(term.end_at))
        .where(term.account_id == subscription.account_id, term.subscription_id == subscription.id)
        .scalar_subquery()
        .label("commitment_end_at")
    )
    rows = await session.execute(
        select(subscriptions, committed_until)
        .where(subscription.account_id.in_(ids), within(scope.kind, subscription.account_id))
        .order_by(subscription.account_id, subscription.started_at, subscription.id),
        {ACTOR: scope.actor_id},
    )
    found: dict[UUID, list[SubscriptionOnFile]] = {}
    for row in rows:
        found.setdefault(row.account_id, []).append(
            SubscriptionOnFile(
                id=row.id,
                product_id=row.product_id,
                plan_version_id=row.plan_version_id,
                status=SubscriptionStatus(row.status),
                interval=BillingInterval(row.interval),
                anchor_on=row.anchor_on,
                period=Period(utc(row.current_period_start), utc(row.current_period_end)),
                started_at=utc(row.started_at),
                ended_at=maybe_utc(row.ended_at),
                trial_end_at=maybe_utc(row.trial_end_at),
                paused_at=maybe_utc(row.paused_at),
                turns=tuple(turns.get(row.id, ())),
                cancel_at=maybe_utc(row.cancel_at),
                resumes_at=maybe_utc(row.resumes_at),
                commitment_end_at=maybe_utc(row.commitment_end_at),
            )
        )
    return found


async def _turns(session: AsyncSession, scope: Scope, ids: Sequence[AccountId]) -> dict[UUID, list[Turn]]:
    event = outbox_events.c
    rows = await session.execute(
        select(event.aggregate_id, event.sequence, event.type, event.data, event.occurred_at)
        .where(
            event.account_id.in_(ids),
            event.aggregate_type == _SUBSCRIPTION,
            within(scope.kind, event.account_id),
        )
        .order_by(event.account_id, event.sequence),
        {ACTOR: scope.actor_id},
    )
    found: dict[UUID, list[Turn]] = {}
    for row in rows:
        said = json.loads(row.data)
        if "periodStart" in said:
            found.setdefault(row.aggregate_id, []).append(
                Turn(
                    type=row.type.removeprefix("subscription."),
                    sequence=row.sequence,
                    occurred_at=utc(row.occurred_at),
                    status=SubscriptionStatus(said["status"]),
                    interval=BillingInterval(said["interval"]),
                    anchor_on=date.fromisoformat(said["anchorOn"]),
                    period=Period(_instant(said["periodStart"]), _instant(said["periodEnd"])),
                )
            )
    return found


async def profiles_of(
    session: AsyncSession, scope: Scope, ids: Sequence[AccountId]
) -> tuple[dict[UUID, str], dict[UUID, list[Profile]]]:
    """The zone each account was opened in, and what it changed to since, as its events tell."""
    event = outbox_events.c
    rows = await session.execute(
        select(event.account_id, event.type, event.data, event.occurred_at)
        .where(
            event.account_id.in_(ids),
            event.aggregate_type == "Account",
            event.type.in_(("account.opened", "account.updated")),
            within(scope.kind, event.account_id),
        )
        .order_by(event.account_id, event.sequence),
        {ACTOR: scope.actor_id},
    )
    opened_in: dict[UUID, str] = {}
    found: dict[UUID, list[Profile]] = {}
    for row in rows:
        said = json.loads(row.data)
        if row.type == "account.opened":
            opened_in[row.account_id] = said["zone"]
        elif "exemption" in said:
            profile = Profile(
                utc(row.occurred_at),
                said["zone"],
                said["region"],
                TaxExemption(said["exemption"]),
                frozenset(said["changed"]),
            )
            found.setdefault(row.account_id, []).append(profile)
    return opened_in, found


def _instant(text: str) -> datetime:
    return utc(datetime.fromisoformat(text))


async def event_numbers_of(
    session: AsyncSession, scope: Scope, ids: Sequence[AccountId]
) -> dict[UUID, list[EventNumbers]]:
    """How many events each account and each aggregate has, and from which number to which."""
    event = outbox_events.c
    of_account = (
        select(
            event.account_id,
            func.count().label("events"),
            func.min(event.sequence).label("first"),
            func.max(event.sequence).label("last"),
        )
        .where(event.account_id.in_(ids), within(scope.kind, event.account_id))
        .group_by(event.account_id)
    )
    of_aggregate = (
        select(
            event.account_id,
            event.aggregate_id,
            func.count().label("events"),
            func.min(event.aggregate_sequence).label("first"),
            func.max(event.aggregate_sequence).label("last"),
        )
        .where(event.account_id.in_(ids), within(scope.kind, event.account_id))
        .group_by(event.account_id, event.aggregate_id)
    )
    found: dict[UUID, list[EventNumbers]] = {}
    for row in await session.execute(of_account, {ACTOR: scope.actor_id}):
        found.setdefault(row.account_id, []).append(EventNumbers(None, row.events, row.first, row.last))
    for row in await session.execute(of_aggregate, {ACTOR: scope.actor_id}):
        found.setdefault(row.account_id, []).append(EventNumbers(row.aggregate_id, row.events, row.first, row.last))
    return found


async def items_of(session: AsyncSession, scope: Scope, ids: Sequence[AccountId]) -> dict[UUID, list[ItemOnFile]]:
    """The item versions of each account's subscriptions."""
    item = subscription_items.c
    rows = await session.execute(
        select(subscription_items)
        .where(item.account_id.in_(ids), within(scope.kind, item.account_id))
        .order_by(item.account_id, item.subscription_id, item.component, item.valid_from),
        {ACTOR: scope.actor_id},
    )
    found: dict[UUID, list[ItemOnFile]] = {}
    for row in rows:
        found.setdefault(row.account_id, []).append(
            ItemOnFile(
                row.id,
                row.subscription_id,
                row.plan_version_id,
                row.component,
                row.price_id,
                row.quantity,
                utc(row.valid_from),
                maybe_utc(row.valid_until),
            )
        )
    return found


async def changes_of(session: AsyncSession, scope: Scope, ids: Sequence[AccountId]) -> dict[UUID, list[ChangeOnFile]]:
    """The plan changes that were applied to each account's subscriptions."""
    change = plan_changes.c
    rows = await session.execute(
        select(change.account_id, change.id, change.subscription_id, change.invoice_id, change.effective_at)
        .where(
            change.account_id.in_(ids),
            change.status == PlanChangeStatus.APPLIED.value,
            within(scope.kind, change.account_id),
        )
        .order_by(change.account_id, change.effective_at, change.id),
        {ACTOR: scope.actor_id},
    )
    found: dict[UUID, list[ChangeOnFile]] = {}
    for row in rows:
        found.setdefault(row.account_id, []).append(
            ChangeOnFile(row.id, row.subscription_id, row.invoice_id, utc(row.effective_at))
        )
    return found
