"""Write down the later steps of an accepted request: one waits for its day, the others for the one before them.

Owns what is stored of them. Does not own the step that comes first (accept_change.py), nor what follows it.
"""

from datetime import datetime

from db.save import changes as save_changes
from db.save.changes import PlanChange
from db.unit_of_work import UnitOfWork
from domain.events import plan_change_event
from domain.ids import DecisionId, PlanChangeId
from domain.plan_change.prepare import Prepared
from domain.plan_change.verdict import PlanChangeStatus
from operations.changes.plan_change_facts import request_json


async def lay_down_steps(
    unit: UnitOfWork,
    prepared: Prepared,
    first_id: PlanChangeId,
    first: PlanChangeStatus,
    decision_id: DecisionId,
    now: datetime,
) -> None:
    """Every step after the first, which is stored as `first_id`; the next one is scheduled where that is done.

    What was confirmed or granted for the whole counts for each of them: they carry its decision.
    """
    for each in prepared.steps[1:]:
        step, facts = each.step, each.step.facts
        is_next = step.number == 2 and first is PlanChangeStatus.APPLIED
        status = PlanChangeStatus.SCHEDULED if is_next else PlanChangeStatus.PLANNED
        change = PlanChange(
            id=PlanChangeId(unit.ids.new()),
            account_id=facts.account.id,
            subscription_id=facts.subscription.id,
            quote_id=None,
            decision_id=decision_id,
            invoice_id=None,
            from_version=facts.subscription.version.id,
            to_version=facts.target.id,
            from_interval=facts.subscription.interval,
            to_interval=facts.interval,
            direction=each.direction,
            status=status,
            request=request_json(facts.request, facts.target.id),
            effective_at=step.effective_at,
            created_at=now,
            applied_at=None,
            ramp_id=first_id,
            step=step.number,
        )
        await save_changes.new_plan_change(unit, change)
        said = {
            "step": step.number,
            "plan": facts.target.plan.code,
            "planVersion": facts.target.number,
            "interval": facts.interval.value,
            "quantities": dict(sorted(facts.quantities.items())),
            "direction": each.direction.value,
            "effectiveAt": step.effective_at.isoformat(),
        }
        unit.emit(facts.account.id, plan_change_event(status, change.id, facts.subscription.id, now, said))
