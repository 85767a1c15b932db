"""What happened to accounts, for the audit: their events, and what is stored of changes and approvals beside."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from db.rows import maybe_utc, utc
from db.scope import ACTOR, Scope, within
from db.tables import approvals, entitlement_overrides, features, outbox_events, plan_changes
from domain.audit.facts import ApprovalOnFile, History, OverrideOnFile, ScheduledOnFile
from domain.fold import EventOnFile
from domain.ids import AccountId
from domain.plan_change.verdict import PlanChangeStatus


async def histories_of(session: AsyncSession, scope: Scope, ids: Sequence[AccountId]) -> dict[UUID, History]:
    """The history of each account, its events in order; four statements."""
    events = await _events(session, scope, ids)
    changes = await _changes(session, scope, ids)
    overrides = await _overrides(session, scope, ids)
    asked = await _approvals(session, scope, ids)
    return {
        account_id: History(
            tuple(own),
            tuple(changes.get(account_id, ())),
            tuple(overrides.get(account_id, ())),
            tuple(asked.get(account_id, ())),
        )
        for account_id, own in events.items()
    }


async def _events(session: AsyncSession, scope: Scope, ids: Sequence[AccountId]) -> dict[UUID, list[EventOnFile]]:
    event = outbox_events.c
    rows = await session.execute(
        select(event.account_id, event.aggregate_type, event.aggregate_id, event.type, event.data)
        .where(event.account_id.in_(ids), within(scope.kind, event.account_id))
        .order_by(event.account_id, event.sequence),
        {ACTOR: scope.actor_id},
    )
    found: dict[UUID, list[EventOnFile]] = {}
    for row in rows:
        told = EventOnFile(row.type, (row.aggregate_type, row.aggregate_id), json.loads(row.data))
        found.setdefault(row.account_id, []).append(told)
    return found


async def _changes(session: AsyncSession, scope: Scope, ids: Sequence[AccountId]) -> dict[UUID, list[ScheduledOnFile]]:
    change = plan_changes.c
    rows = await session.execute(
        select(
            change.account_id,
            change.id,
            change.subscription_id,
            change.status,
            change.effective_at,
            change.invoice_id,
            change.applied_at.is_not(None).label("is_in_effect"),
            change.laid_out,
        ).where(change.account_id.in_(ids), within(scope.kind, change.account_id)),
        {ACTOR: scope.actor_id},
    )
    found: dict[UUID, list[ScheduledOnFile]] = {}
    for row in rows:
        found.setdefault(row.account_id, []).append(
            ScheduledOnFile(
                row.id,
                row.subscription_id,
                row.status,
                utc(row.effective_at),
                row.invoice_id,
                row.is_in_effect,
                frozenset(UUID(each) for each in (row.laid_out or {"items": {}})["items"].values()),
                _covers(row.laid_out) if row.status == PlanChangeStatus.AWAITING_PAYMENT else frozenset(),
            )
        )
    return found


def _covers(laid_out: Mapping[str, Any]) -> frozenset[tuple[UUID, datetime]]:
    """The discounts that cover a billing period for a change that waits to be paid, by the period's start."""
    return frozenset((UUID(each), datetime.fromisoformat(start)) for each, start, _ in laid_out["coverage"])


async def _approvals(session: AsyncSession, scope: Scope, ids: Sequence[AccountId]) -> dict[UUID, list[ApprovalOnFile]]:
    rows = await session.execute(
        select(approvals).where(approvals.c.account_id.in_(ids), within(scope.kind, approvals.c.account_id)),
        {ACTOR: scope.actor_id},
    )
    found: dict[UUID, list[ApprovalOnFile]] = {}
    for row in rows:
        found.setdefault(row.account_id, []).append(
            ApprovalOnFile(
                row.id,
                row.subscription_id,
                row.status,
                tuple(row.codes),
                row.amount_minor,
                row.currency,
                utc(row.expires_at),
                row.answer,
                maybe_utc(row.answered_at),
            )
        )
    return found


async def _overrides(session: AsyncSession, scope: Scope, ids: Sequence[AccountId]) -> dict[UUID, list[OverrideOnFile]]:
    override = entitlement_overrides.c
    rows = await session.execute(
        select(
            override.account_id,
            override.id,
            features.c.code,
            override.is_enabled,
            override.limit_value,
            override.setting,
            override.priority,
            override.starts_at,
            override.ends_at,
        )
        .join(features, features.c.id == override.feature_id)
        .where(override.account_id.in_(ids), within(scope.kind, override.account_id)),
        {ACTOR: scope.actor_id},
    )
    found: dict[UUID, list[OverrideOnFile]] = {}
    for row in rows:
        found.setdefault(row.account_id, []).append(
            OverrideOnFile(
                row.id,
                row.code,
                row.is_enabled,
                row.limit_value,
                row.setting,
                row.priority,
                utc(row.starts_at),
                maybe_utc(row.ends_at),
            )
        )
    return found
