"""Load the facts of one plan change: everything the decision may look at, read under one lock."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, assert_never
from uuid import UUID

from db.queries import catalog
from db.queries.accounts import AccountForActor
from db.unit_of_work import UnitOfWork
from domain.commands import Cancel, ChangePlan, EndTrial, Pause, Resume, Turn
from domain.errors import NotFound
from domain.ids import PlanId, PlanVersionId, SubscriptionId
from domain.periods import BillingInterval
from domain.plan_change.facts import PlanChangeFacts
from domain.plan_change.phases import phase_json, phase_of
from domain.plan_change.verdict import ChangeKind
from operations.changes.plan_change_phases import load_phases
from operations.changes.plan_change_so_far import load_so_far
from operations.changes.plan_change_subject import load_subject
from operations.changes.plan_change_targets import load_targets


async def load_facts(
    unit: UnitOfWork,
    found: AccountForActor,
    request: ChangePlan,
    now: datetime,
    *,
    known_at: datetime,
    target_id: PlanVersionId | None = None,
    is_due: bool = False,
    standing_at: datetime | None = None,
) -> PlanChangeFacts:
    """The facts of one `request`, of which load_subject says most; the caller has locked the account's row.

    `target_id` pins the plan version a quote was made for; else load_targets says which. Raises NotFound for a
    subscription or plan that is not there.
    """
    subject = await load_subject(
        unit, found, request.subscription_id, now, known_at=known_at, is_due=is_due, standing_at=standing_at
    )
    if target_id is None:
        (target,) = await load_targets(unit, subject, [request])
        if target is None:
            raise NotFound(request.plan_id)
    else:
        target = (await catalog.versions(unit.session, {target_id}))[target_id]
    return await load_so_far(unit, await load_phases(unit, subject.asked(request, target)))


def request_json(request: ChangePlan, target_id: PlanVersionId) -> dict[str, Any]:
    """A request as quotes and scheduled changes store it, with the plan version it was answered for."""
    return {
        "subscription": request.subscription_id.hex,
        "plan": request.plan_id.hex if request.plan_id else None,
        "interval": request.interval.value if request.interval else None,
        "quantities": [list(each) for each in request.quantities],
        "replacePending": request.replace_pending,
        "turn": None if request.turn is None else _turn_json(request.turn),
        "target": target_id.hex,
        **({"phases": [phase_json(each) for each in request.phases]} if request.phases else {}),
    }


def request_of(stored: Mapping[str, Any]) -> tuple[ChangePlan, PlanVersionId]:
    """A stored request and the plan version it was answered for."""
    request = ChangePlan(
        subscription_id=SubscriptionId(UUID(stored["subscription"])),
        plan_id=PlanId(UUID(stored["plan"])) if stored["plan"] else None,
        interval=BillingInterval(stored["interval"]) if stored["interval"] else None,
        quantities=tuple((component, units) for component, units in stored["quantities"]),
        replace_pending=stored["replacePending"],
        turn=_turn_of(stored["turn"]) if stored.get("turn") else None,
        phases=tuple(phase_of(each) for each in stored.get("phases", ())),
    )
    return request, PlanVersionId(UUID(stored["target"]))


def _turn_json(turn: Turn) -> dict[str, Any]:
    stored: dict[str, Any] = {"kind": turn.kind.value}
    match turn:
        case Cancel():
            said = {"isImmediate": turn.is_immediate, "creditUnused": turn.credits_unused, "reason": turn.reason}
        case Pause():
            resumes_at = turn.resumes_at.isoformat() if turn.resumes_at else None
            said = {"resumesAt": resumes_at, "reason": turn.reason}
        case EndTrial() | Resume():
            said = {}
        case _:
            assert_never(turn)
    return stored | said


def _turn_of(stored: Mapping[str, Any]) -> Turn:
    match ChangeKind(stored["kind"]):
        case ChangeKind.CANCEL:
            return Cancel(stored["isImmediate"], stored["creditUnused"], stored["reason"])
        case ChangeKind.PAUSE:
            resumes_at = stored["resumesAt"]
            return Pause(datetime.fromisoformat(resumes_at) if resumes_at else None, stored["reason"])
        case ChangeKind.RESUME:
            return Resume()
        case ChangeKind.END_TRIAL:
            return EndTrial()
        case ChangeKind.SWITCH:
            raise AssertionError("a switch is no turn")
