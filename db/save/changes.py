"""Quotes, decisions and plan changes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from db.tables import plan_changes, policy_decisions, quotes
from db.unit_of_work import UnitOfWork
from domain.ids import (
    AccountId,
    ApprovalId,
    DecisionId,
    InvoiceId,
    PlanChangeId,
    PlanVersionId,
    QuoteId,
    SubscriptionId,
)
from domain.periods import BillingInterval
from domain.plan_change.awaiting import LaidOut
from domain.plan_change.verdict import ChangeDirection, ChangeKind, Decision, DecisionPurpose, PlanChangeStatus, Reason


@dataclass(frozen=True, slots=True)
class Quote:
    """A promise with its price: what was asked, what was answered, pinned to `priced_at` until `expires_at`."""

    id: QuoteId
    account_id: AccountId
    subscription_id: SubscriptionId
    request: Mapping[str, Any]
    outcome: Mapping[str, Any]
    priced_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class PlanChange:
    """An accepted change: applied, or waiting for its day."""

    id: PlanChangeId
    account_id: AccountId
    subscription_id: SubscriptionId
    quote_id: QuoteId | None
    decision_id: DecisionId
    invoice_id: InvoiceId | None
    from_version: PlanVersionId
    to_version: PlanVersionId
    from_interval: BillingInterval
    to_interval: BillingInterval
    direction: ChangeDirection
    status: PlanChangeStatus
    request: Mapping[str, Any]
    effective_at: datetime
    created_at: datetime
    applied_at: datetime | None
    kind: ChangeKind = ChangeKind.SWITCH
    expires_at: datetime | None = None
    """When an unpaid change lapses."""
    approval_id: ApprovalId | None = None
    ramp_id: PlanChangeId | None = None
    """The first change of the ramp that it is a step of; None: of none, or the first itself."""
    step: int = 1
    laid_out: LaidOut | None = None


async def new_quote(unit: UnitOfWork, quote: Quote) -> None:
    """A quote as it was given."""
    unit.insert(
        quotes,
        {
            "account_id": quote.account_id,
            "id": quote.id,
            "subscription_id": quote.subscription_id,
            "request": quote.request,
            "outcome": quote.outcome,
            "priced_at": quote.priced_at,
            "expires_at": quote.expires_at,
            "created_at": unit.recorded_at,
        },
    )


async def new_decision(
    unit: UnitOfWork,
    account_id: AccountId,
    subscription_id: SubscriptionId,
    decision_id: DecisionId,
    decision: Decision,
    quote_id: QuoteId | None,
    *,
    purpose: DecisionPurpose,
    kind: ChangeKind,
    target_id: PlanVersionId,
    request: Mapping[str, Any] | None = None,
) -> None:
    """What was decided, with every reason, and by which edition of the policy."""
    unit.insert(
        policy_decisions,
        {
            "account_id": account_id,
            "id": decision_id,
            "subscription_id": subscription_id,
            "quote_id": quote_id,
            "purpose": purpose.value,
            "change_kind": kind.value,
            "to_plan_version_id": target_id,
            "request": request,
            "verdict": decision.verdict.value,
            "effective_at": decision.effective_at,
            "policy_version": decision.policy_version,
            "reasons": [reason_json(reason) for reason in decision.reasons],
            "actor_kind": unit.actor.kind.value,
            "actor_id": unit.actor.user_id,
            "created_at": unit.recorded_at,
        },
    )


def reason_json(reason: Reason) -> dict[str, Any]:
    """A reason as it is stored; `db.queries.changes.reason` reads it back."""
    remedy = reason.remedy
    return {
        "code": reason.code,
        "verdict": reason.verdict.value,
        "sentence": reason.sentence,
        "figures": [[figure.name, figure.value] for figure in reason.figures],
        "remedy": None if remedy is None else [remedy.action.value, remedy.sentence, remedy.target],
        "effectiveAt": None if reason.effective_at is None else reason.effective_at.isoformat(),
        **({} if reason.granted_by is None else {"grantedBy": reason.granted_by}),
        **({} if reason.step is None else {"step": reason.step}),
    }


async def new_plan_change(unit: UnitOfWork, change: PlanChange) -> None:
    """An accepted change; the database refuses a second that waits on the same subscription."""
    unit.insert(
        plan_changes,
        {
            "account_id": change.account_id,
            "id": change.id,
            "subscription_id": change.subscription_id,
            "quote_id": change.quote_id,
            "decision_id": change.decision_id,
            "accepted_decision_id": change.decision_id,
            "invoice_id": change.invoice_id,
            "from_plan_version_id": change.from_version,
            "to_plan_version_id": change.to_version,
            "from_interval": change.from_interval.value,
            "to_interval": change.to_interval.value,
            "direction": change.direction.value,
            "status": change.status.value,
            "request": change.request,
            "effective_at": change.effective_at,
            "created_at": change.created_at,
            "applied_at": change.applied_at,
            "expires_at": change.expires_at,
            "kind": change.kind.value,
            "approval_id": change.approval_id,
            "ramp_id": change.ramp_id,
            "step": change.step,
            "laid_out": None if change.laid_out is None else laid_out_json(change.laid_out),
        },
    )


def laid_out_json(laid_out: LaidOut) -> dict[str, Any]:
    """What is laid out for a change as it is stored; `db.queries.changes` reads it back."""
    return {
        "items": {component: item_id.hex for component, item_id in sorted(laid_out.items.items())},
        "coverage": [
            [each.discount_id.hex, each.period.start.isoformat(), each.period.end.isoformat()]
            for each in laid_out.coverage
        ],
        **({"replaced": laid_out.replaced.hex} if laid_out.replaced else {}),
    }


async def plan_change_status(
    unit: UnitOfWork, account_id: AccountId, change_id: PlanChangeId, status: PlanChangeStatus
) -> None:
    """A change that waited and will not be taken; or a planned step that waits for its day from now on."""
    unit.update(plan_changes, {"account_id": account_id, "id": change_id}, {"status": status.value})


async def plan_change_paid(unit: UnitOfWork, account_id: AccountId, change_id: PlanChangeId, at: datetime) -> None:
    """A change that waited for its money has it, and is in effect."""
    changes = {"status": PlanChangeStatus.APPLIED.value, "applied_at": at}
    unit.update(plan_changes, {"account_id": account_id, "id": change_id}, changes)


async def plan_change_held(
    unit: UnitOfWork, account_id: AccountId, change_id: PlanChangeId, expires_at: datetime
) -> None:
    """A change whose payment is under way lapses later."""
    unit.update(plan_changes, {"account_id": account_id, "id": change_id}, {"expires_at": expires_at})


async def plan_change_outcome(
    unit: UnitOfWork,
    account_id: AccountId,
    change_id: PlanChangeId,
    status: PlanChangeStatus,
    decision_id: DecisionId,
    applied_at: datetime | None,
) -> None:
    """What became of a scheduled change on its day, and the decision that says why."""
    changes = {"status": status.value, "decision_id": decision_id, "applied_at": applied_at}
    unit.update(plan_changes, {"account_id": account_id, "id": change_id}, changes)


async def plan_change_moved(
    unit: UnitOfWork, account_id: AccountId, change_id: PlanChangeId, effective_at: datetime
) -> None:
    """A scheduled change has another day, because its boundary has."""
    unit.update(plan_changes, {"account_id": account_id, "id": change_id}, {"effective_at": effective_at})


async def approval_free(unit: UnitOfWork, account_id: AccountId, change_id: PlanChangeId) -> None:
    """A change that was never made has used no approval: another may."""
    unit.update(plan_changes, {"account_id": account_id, "id": change_id}, {"approval_id": None})
