"""Requests for approval, and how much one of us may approve."""

from collections.abc import Mapping
from typing import Any

from db.tables import approval_limits, approvals
from db.unit_of_work import UnitOfWork
from domain.approval import Approval
from domain.approval_limits import PersonalLimit


async def new_approval(unit: UnitOfWork, approval: Approval) -> None:
    """A request as it was made; the database refuses a second that is open on the same subscription."""
    unit.insert(
        approvals,
        {
            "account_id": approval.account_id,
            "id": approval.id,
            "subscription_id": approval.subscription_id,
            "decision_id": approval.decision_id,
            "request": approval.request,
            "outcome": approval.promise,
            "codes": sorted(approval.codes),
            "amount_minor": approval.amount.minor,
            "currency": approval.amount.currency,
            "reason": approval.reason,
            "asked_by_kind": approval.asked_by_kind.value,
            "asked_by_id": approval.asked_by_id,
            "created_at": approval.requested_at,
            **_standing(approval),
        },
    )


async def approval_turned(unit: UnitOfWork, approval: Approval) -> None:
    """Where a request stands now, and its answer."""
    unit.update(approvals, {"account_id": approval.account_id, "id": approval.id}, _standing(approval))


def _standing(approval: Approval) -> Mapping[str, Any]:
    return {
        "status": approval.status.value,
        "expires_at": approval.expires_at,
        "answered_by_id": approval.answered_by_id,
        "answer": approval.answer,
        "answered_at": approval.answered_at,
    }


async def limit_set(unit: UnitOfWork, personal: PersonalLimit, *, is_first: bool) -> None:
    """How much one person may approve, in the place of what was set before; `is_first`: nothing was."""
    values = {
        "limit_minor": personal.limit.minor,
        "until": personal.until,
        "granted_by_id": personal.granted_by_id,
        "created_at": unit.recorded_at,
    }
    key = {"user_id": personal.user_id, "currency": personal.limit.currency}
    if is_first:
        unit.insert(approval_limits, key | values)
    else:
        unit.update(approval_limits, key, values)
