"""Take back a scheduled plan change before its day."""

from dataclasses import dataclass

from db import audit
from db.queries import changes
from db.save.changes import plan_change_status
from db.unit_of_work import UnitOfWork
from domain.commands import CancelPlanChange
from domain.errors import NotFound
from domain.events import plan_change_event
from domain.ids import PlanChangeId
from domain.plan_change.verdict import PlanChangeStatus
from domain.rights import acts_for_the_account
from operations.asking import KeyReused, NotNow, asked
from operations.remembering import remember

MUTATION = "planChangeCancel"


@dataclass(frozen=True, slots=True)
class ChangeCancelled:
    """The change will not happen. `is_replay`: this very request had cancelled it before."""

    change_id: PlanChangeId
    is_replay: bool


async def cancel_plan_change(unit: UnitOfWork, command: CancelPlanChange) -> ChangeCancelled | NotNow | KeyReused:
    """Cancel a SCHEDULED change.

    Raises NotFound for one out of reach, Forbidden for who may not change plans. NotNow: NOT_SCHEDULED for one that is
    not waiting (any more), or whose day has come.
    """
    request = await asked(
        unit,
        await changes.account_of_change(unit.session, unit.scope, command.change_id),
        command.change_id,
        acts_for_the_account,
        MUTATION,
        command.idempotency_key,
        {"change": command.change_id.hex},
    )
    if isinstance(request, KeyReused):
        return request
    if request.done is not None:
        return ChangeCancelled(command.change_id, is_replay=True)
    change = await changes.accepted_change(unit.session, unit.scope, command.change_id)
    if change is None:
        raise NotFound(command.change_id)
    # once its day has come it is the renewal's, however late that runs: the price never hangs on the worker's pace
    if change.status is not PlanChangeStatus.SCHEDULED or request.now >= change.decision.effective_at:
        return NotNow("NOT_SCHEDULED", change.status.value, "This change is not waiting for its day.")
    account_id, status = request.account.id, PlanChangeStatus.CANCELLED
    await plan_change_status(unit, account_id, change.id, status)
    said = {"replaced": False}
    unit.emit(account_id, plan_change_event(status, change.id, change.subscription_id, request.now, said))
    await unit.audit(
        audit.Entry(
            account_id,
            "plan_change.cancel",
            "PlanChange",
            change.id,
            request.now,
            before={"status": change.status.value},
            after={"status": status.value},
        )
    )
    await remember(unit, request, {"change": change.id.hex})
    return ChangeCancelled(change.id, is_replay=False)
