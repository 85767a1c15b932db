"""What happened to a request for approval. Each event carries all of its state, without who of us answered."""

from datetime import datetime
from typing import Any

from domain.approval import Approval
from domain.events import BillingEvent
from domain.ids import PREFIXES, public_id


def approval_state(approval: Approval) -> dict[str, Any]:
    """Where a request for approval stands: what a fold of events rebuilds, and what the audit shows."""
    return {
        "subscription": public_id(PREFIXES["BillingSubscription"], approval.subscription_id),
        "status": approval.status.value,
        "codes": sorted(approval.codes),
        "amountMinor": approval.amount.minor,
        "currency": approval.amount.currency,
        "askedByKind": approval.asked_by_kind.value,
        "expiresAt": approval.expires_at.isoformat(),
        "answer": approval.answer,
        "answeredAt": approval.answered_at.isoformat() if approval.answered_at else None,
    }


def approval_event(approval: Approval, type_: str, at: datetime, **more: Any) -> BillingEvent:
    """A request was made, answered, withdrawn, used or given back, or has expired."""
    return BillingEvent(f"approval.{type_}", "Approval", approval.id, at, {**approval_state(approval), **more})
