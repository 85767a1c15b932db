"""The plan versions that the later steps of a request lead to, pinned: an agreed plan for a year keeps its prices.

Owns which version a step means. Does not own when it comes, nor whether it may (domain/plan_change/ramp.py).
"""

from dataclasses import replace

from db.queries import catalog
from db.unit_of_work import UnitOfWork
from domain.catalog import PlanVersion
from domain.commands import ChangePlan
from domain.errors import InvalidInput
from domain.plan_change.facts import PlanChangeFacts
from operations.changes.plan_change_targets import load_targets


async def load_phases(unit: UnitOfWork, facts: PlanChangeFacts) -> PlanChangeFacts:
    """The same facts with the version of each phase, which its request names from then on; as many statements for any
    number of phases, none for none.

    A phase keeps the version of the phase before, or is on the one of its plan that is on sale today. Raises
    InvalidInput naming a phase's `planId`.
    """
    phases = facts.request.phases
    if not phases:
        return facts
    pinned = {phase.version_id for phase in phases if phase.version_id is not None}
    versions = await catalog.versions(unit.session, pinned) if pinned else {}
    asked = [ChangePlan(facts.request.subscription_id, plan_id=phase.plan_id) for phase in phases]
    on_sale = await load_targets(unit, facts, asked) if len(pinned) < len(phases) else [None] * len(phases)
    targets: list[PlanVersion] = []
    before = facts.target
    for index, (phase, found) in enumerate(zip(phases, on_sale, strict=True)):
        if phase.version_id is not None:
            before = versions[phase.version_id]
        elif phase.plan_id is not None and phase.plan_id != before.plan.id:
            if found is None:
                raise InvalidInput(("phases", str(index), "planId"), "There is no such plan.", phase.plan_id)
            before = found
        targets.append(before)
    named = tuple(replace(phase, version_id=target.id) for phase, target in zip(phases, targets, strict=True))
    return replace(facts, request=replace(facts.request, phases=named), phase_targets=tuple(targets))
