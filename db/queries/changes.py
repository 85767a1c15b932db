"""Quotes and scheduled changes as they were stored, read back for the operation that acts on them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from db import rows
from db.among import among
from db.save.changes import Quote
from db.scope import ACTOR, Scope, within
from db.tables import plan_changes, policy_decisions, quotes
from domain.ids import AccountId, DecisionId, InvoiceId, PlanChangeId, QuoteId, SubscriptionId
from domain.plan_change.verdict import Decision, Figure, PlanChangeStatus, Reason, Remedy, RemedyAction, Verdict


async def quote(session: AsyncSession, scope: Scope, quote_id: QuoteId) -> Quote | None:
    """The quote, if the scope reaches it."""
    row = (
        await session.execute(
            select(quotes).where(quotes.c.id == quote_id, within(scope.kind, quotes.c.account_id)),
            {ACTOR: scope.actor_id},
        )
    ).one_or_none()
    if row is None:
        return None
    return Quote(
        QuoteId(row.id),
        AccountId(row.account_id),
        SubscriptionId(row.subscription_id),
        row.request,
        row.outcome,
        rows.utc(row.priced_at),
        rows.utc(row.expires_at),
    )


@dataclass(frozen=True, slots=True)
class DueChange:
    """A scheduled change whose day has come. `decision` is the one its customer agreed to."""

    id: PlanChangeId
    subscription_id: SubscriptionId
    request: Mapping[str, Any]
    decision: Decision


async def due_changes(
    session: AsyncSession, scope: Scope, due: Mapping[SubscriptionId, tuple[AccountId, datetime]]
) -> dict[SubscriptionId, DueChange]:
    """The change scheduled for each of these subscriptions at or before its instant; one statement."""
    change, decided = plan_changes.c, policy_decisions.c
    found = await session.execute(
        select(
            change.id,
            change.subscription_id,
            change.effective_at.label("due_at"),
            change.request,
            decided.verdict,
            decided.effective_at,
            decided.reasons,
            decided.policy_version,
        )
        .join(policy_decisions, (decided.account_id == change.account_id) & (decided.id == change.decision_id))
        .where(
            among(change.account_id, {account_id for account_id, _ in due.values()}),
            among(change.subscription_id, due),
            change.status == PlanChangeStatus.SCHEDULED.value,
            within(scope.kind, change.account_id),
        ),
        {ACTOR: scope.actor_id},
    )
    return {
        SubscriptionId(row.subscription_id): DueChange(
            PlanChangeId(row.id), SubscriptionId(row.subscription_id), row.request, decision(row)
        )
        for row in found
        if row.due_at <= due[row.subscription_id][1]
    }


async def account_of_change(session: AsyncSession, scope: Scope, change_id: PlanChangeId) -> AccountId | None:
    """Whose plan change this is, if the scope reaches it."""
    owner = plan_changes.c.account_id
    found = await session.scalar(
        select(owner).where(plan_changes.c.id == change_id, within(scope.kind, owner)), {ACTOR: scope.actor_id}
    )
    return AccountId(found) if found else None


@dataclass(frozen=True, slots=True)
class AcceptedChange:
    """What an accepted change did, and why: enough to answer a replay as the first time."""

    id: PlanChangeId
    status: PlanChangeStatus
    invoice_id: InvoiceId | None
    subscription_id: SubscriptionId
    decision: Decision


async def accepted_change(session: AsyncSession, scope: Scope, change_id: PlanChangeId) -> AcceptedChange | None:
    """A plan change with the decision that let it happen."""
    change, decided = plan_changes.c, policy_decisions.c
    row = (
        await session.execute(
            select(
                change.id,
                change.status,
                change.invoice_id,
                change.subscription_id,
                decided.verdict,
                decided.effective_at,
                decided.reasons,
                decided.policy_version,
            )
            .join(policy_decisions, (decided.account_id == change.account_id) & (decided.id == change.decision_id))
            .where(change.id == change_id, within(scope.kind, change.account_id)),
            {ACTOR: scope.actor_id},
        )
    ).one_or_none()
    if row is None:
        return None
    return AcceptedChange(
        PlanChangeId(row.id),
        PlanChangeStatus(row.status),
        InvoiceId(row.invoice_id) if row.invoice_id else None,
        SubscriptionId(row.subscription_id),
        decision(row),
    )


async def decisions(session: AsyncSession, scope: Scope, ids: list[DecisionId]) -> dict[DecisionId, Decision]:
    """Stored decisions by id; one statement."""
    decided = policy_decisions.c
    found = await session.execute(
        select(policy_decisions).where(among(decided.id, ids), within(scope.kind, decided.account_id)),
        {ACTOR: scope.actor_id},
    )
    return {DecisionId(row.id): decision(row) for row in found}


def decision(row: Any) -> Decision:
    """A `policy_decisions` row (or any row with its columns) as the decision it stores."""
    return Decision(
        Verdict(row.verdict),
        rows.utc(row.effective_at),
        tuple(reason(each) for each in row.reasons),
        row.policy_version,
    )


def reason(stored: Mapping[str, Any]) -> Reason:
    """A reason as `db.save.changes.reason_json` wrote it."""
    remedy = stored["remedy"]
    at = stored["effectiveAt"]
    return Reason(
        code=stored["code"],
        verdict=Verdict(stored["verdict"]),
        sentence=stored["sentence"],
        figures=tuple(Figure(name, value) for name, value in stored["figures"]),
        remedy=None if remedy is None else Remedy(RemedyAction(remedy[0]), remedy[1], remedy[2]),
        effective_at=None if at is None else datetime.fromisoformat(at),
    )
