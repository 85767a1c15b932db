"""Quotes and scheduled changes as they were stored, read back for the operation that acts on them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import exists, literal, select
from sqlalchemy.ext.asyncio import AsyncSession

from db import rows
from db.among import among
from db.save.changes import Quote
from db.scope import ACTOR, Scope, within
from db.tables import plan_changes, policy_decisions, quotes, subscriptions
from domain.ids import (
    AccountId,
    ApprovalId,
    DecisionId,
    DiscountId,
    InvoiceId,
    ItemId,
    PlanChangeId,
    QuoteId,
    SubscriptionId,
)
from domain.invoicing.terms import Coverage
from domain.periods import Period
from domain.plan_change.awaiting import LaidOut
from domain.plan_change.verdict import (
    ChangeKind,
    Decision,
    Figure,
    PlanChangeStatus,
    Reason,
    Remedy,
    RemedyAction,
    Verdict,
)


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
    """A scheduled change whose day has come. `decision` is the one its customer agreed to.

    `is_followed`: it is a step of a ramp, and more are planned.
    """

    id: PlanChangeId
    subscription_id: SubscriptionId
    request: Mapping[str, Any]
    decision: Decision
    is_followed: bool = False


async def due_changes(
    session: AsyncSession, scope: Scope, due: Mapping[SubscriptionId, tuple[AccountId, datetime]]
) -> dict[SubscriptionId, DueChange]:
    """The change scheduled for each of these subscriptions at or before its instant; one statement."""
    change, decided = plan_changes.c, policy_decisions.c
    planned = plan_changes.alias("planned").c
    is_followed = exists(
        select(literal(1)).where(
            planned.account_id == change.account_id,
            planned.subscription_id == change.subscription_id,
            planned.status == PlanChangeStatus.PLANNED.value,
            within(scope.kind, planned.account_id),
        )
    )
    found = await session.execute(
        select(
            change.id,
            change.subscription_id,
            change.effective_at.label("due_at"),
            change.request,
            is_followed.label("is_followed"),
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
            PlanChangeId(row.id), SubscriptionId(row.subscription_id), row.request, decision(row), row.is_followed
        )
        for row in found
        if row.due_at <= due[row.subscription_id][1]
    }


@dataclass(frozen=True, slots=True)
class AwaitingChange:
    """A change that waits for its invoice to be paid. `priced_at` is the instant that its quote pins."""

    id: PlanChangeId
    account_id: AccountId
    subscription_id: SubscriptionId
    invoice_id: InvoiceId
    kind: ChangeKind
    request: Mapping[str, Any]
    laid_out: LaidOut
    priced_at: datetime
    expires_at: datetime
    period_end: datetime
    """When the present billing period of its subscription ends."""
    approval_id: ApprovalId | None = None


async def awaiting_change(
    session: AsyncSession, scope: Scope, account_id: AccountId, change_id: PlanChangeId
) -> AwaitingChange | None:
    """A change of the account, if it waits for its money (still)."""
    change, own = plan_changes.c, subscriptions.c
    row = (
        await session.execute(
            select(plan_changes, own.current_period_end)
            .join(subscriptions, (own.account_id == change.account_id) & (own.id == change.subscription_id))
            .where(
                change.account_id == account_id,
                change.id == change_id,
                change.status == PlanChangeStatus.AWAITING_PAYMENT.value,
                within(scope.kind, change.account_id),
            ),
            {ACTOR: scope.actor_id},
        )
    ).one_or_none()
    if row is None:
        return None
    return AwaitingChange(
        id=PlanChangeId(row.id),
        account_id=account_id,
        subscription_id=SubscriptionId(row.subscription_id),
        invoice_id=InvoiceId(row.invoice_id),
        kind=ChangeKind(row.kind),
        request=row.request,
        laid_out=_laid_out(row.laid_out),
        priced_at=rows.utc(row.effective_at),
        expires_at=rows.utc(row.expires_at),
        period_end=rows.utc(row.current_period_end),
        approval_id=ApprovalId(row.approval_id) if row.approval_id else None,
    )


def _laid_out(stored: Mapping[str, Any]) -> LaidOut:
    """What is laid out for a change, as `db.save.changes.laid_out_json` wrote it."""
    return LaidOut(
        {component: ItemId(UUID(item_id)) for component, item_id in stored["items"].items()},
        tuple(
            Coverage(DiscountId(UUID(discount_id)), Period(datetime.fromisoformat(start), datetime.fromisoformat(end)))
            for discount_id, start, end in stored["coverage"]
        ),
        PlanChangeId(UUID(stored["replaced"])) if stored.get("replaced") else None,
    )


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
    effective_at: datetime
    """Its own day: a step of a ramp has another than the decision on the whole."""
    expires_at: datetime | None = None
    """When it lapses, or would have, unless it is paid."""


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
                change.expires_at,
                change.effective_at.label("due_at"),
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
        rows.utc(row.due_at),
        rows.maybe_utc(row.expires_at),
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
        granted_by=stored.get("grantedBy"),
        step=stored.get("step"),
    )
