"""Take back a scheduled plan change before its day."""

from dataclasses import dataclass
from uuid import UUID

from db import audit, idempotency
from db.queries import changes
from db.queries.accounts import account as account_for
from db.save.changes import plan_change_status
from db.unit_of_work import UnitOfWork
from domain.commands import CancelPlanChange
from domain.errors import Forbidden, NotFound
from domain.events import plan_change_event
from domain.ids import PlanChangeId
from domain.plan_change.verdict import PlanChangeStatus

MUTATION = "planChangeCancel"


@dataclass(frozen=True, slots=True)
class Cancelled:
    """The change will not happen. `is_replay`: this very request had cancelled it before."""

    change_id: PlanChangeId
    is_replay: bool


@dataclass(frozen=True, slots=True)
class NotScheduled:
    """The change is not waiting (any more): it stands as `status`, or its day has come. Nothing was stored."""

    status: PlanChangeStatus


@dataclass(frozen=True, slots=True)
class CancelKeyReused:
    """The idempotency key was used with another input. Nothing was stored."""


async def cancel_plan_change(unit: UnitOfWork, command: CancelPlanChange) -> Cancelled | NotScheduled | CancelKeyReused:
    """Cancel a SCHEDULED change. Raises NotFound for one out of reach, Forbidden for who may not change plans."""
    owner = await changes.account_of_change(unit.session, unit.scope, command.change_id)
    found = owner and await account_for(unit.session, unit.scope, owner, for_change=True)
    if not owner or not found:
        raise NotFound(command.change_id)
    if found.role is None or not found.role.may_change:
        raise Forbidden(command.change_id)
    digest = idempotency.input_hash(MUTATION, {"change": command.change_id.hex})
    known = await idempotency.replay(unit, owner, command.idempotency_key, digest)
    if known is not None:
        if known.outcome is None:
            return CancelKeyReused()
        return Cancelled(PlanChangeId(UUID(known.outcome["change"])), is_replay=True)
    change = await changes.accepted_change(unit.session, unit.scope, command.change_id)
    if change is None:
        raise NotFound(command.change_id)
    now = found.account.now(unit.recorded_at)
    # once its day has come it is the renewal's, however late that runs: the price never hangs on the worker's pace
    if change.status is not PlanChangeStatus.SCHEDULED or now >= change.decision.effective_at:
        return NotScheduled(change.status)
    status = PlanChangeStatus.CANCELLED
    await plan_change_status(unit, owner, change.id, status)
    unit.emit(owner, plan_change_event(status, change.id, change.subscription_id, now, {"replaced": False}))
    await unit.audit(
        audit.Entry(
            owner,
            "plan_change.cancel",
            "PlanChange",
            change.id,
            now,
            before={"status": change.status.value},
            after={"status": status.value},
        )
    )
    await idempotency.remember(unit, owner, command.idempotency_key, MUTATION, digest, {"change": change.id.hex})
    return Cancelled(change.id, is_replay=False)
