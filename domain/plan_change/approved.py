"""What an approval is of: a request said in full, the codes that it grants, and the amount that a limit is of.

Owns when a request is the one that was approved. Does not own the life of an approval (approval.py), nor what follows
from a granted code (decide.py).
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from domain.commands import ChangePlan, Phase
from domain.ids import PREFIXES, ApprovalId, PlanId, parse_id_of, public_id
from domain.periods import BillingInterval
from domain.plan_change.phases import phase_json, phase_of
from domain.plan_change.verdict import ChangeKind, Decision, Verdict


@dataclass(frozen=True, slots=True)
class RequestInFull:
    """A request with everything said that it leaves as it is: two that are equal ask for the same.

    `plan_id` is the plan it is then on, also where that stays; None is read from requests that were stored without it.
    `turn` holds what another turn of a subscription's life is asked with, as texts; why it is asked is no part of it.
    `phases` are as they were asked for.
    """

    kind: ChangeKind
    plan_id: PlanId | None
    interval: BillingInterval
    quantities: tuple[tuple[str, int], ...]
    turn: tuple[tuple[str, str], ...] = ()
    phases: tuple[Phase, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The request as it is stored; `of_json` reads it back."""
        return {
            "kind": self.kind.value,
            "plan": public_id(PREFIXES["Plan"], self.plan_id) if self.plan_id else None,
            "interval": self.interval.value,
            "quantities": [list(each) for each in self.quantities],
            "turn": [list(each) for each in self.turn],
            **({"phases": [phase_json(each) for each in self.phases]} if self.phases else {}),
        }

    @classmethod
    def of_json(cls, stored: Mapping[str, Any]) -> "RequestInFull":
        """A request as `as_json` wrote it."""
        return cls(
            kind=ChangeKind(stored["kind"]),
            plan_id=PlanId(parse_id_of("Plan", stored["plan"])) if stored["plan"] else None,
            interval=BillingInterval(stored["interval"]),
            quantities=tuple((component, units) for component, units in stored["quantities"]),
            turn=tuple((name, value) for name, value in stored["turn"]),
            phases=tuple(phase_of(each) for each in stored.get("phases", ())),
        )


@dataclass(frozen=True, slots=True)
class Approved:
    """What somebody has granted: these codes, to this request. `asked` is None for the change that was accepted by it:
    that carries its grant to its day.
    """

    id: ApprovalId
    codes: frozenset[str]
    asked: RequestInFull | None = None


def in_full(
    request: ChangePlan, plan_id: PlanId, interval: BillingInterval, quantities: Mapping[str, int]
) -> RequestInFull:
    """A request with the plan, the interval and the quantities that it comes to."""
    turn = asdict(request.turn) if request.turn is not None else {}
    return RequestInFull(
        kind=request.kind,
        plan_id=plan_id,
        interval=interval,
        quantities=tuple(sorted(quantities.items())),
        turn=tuple(sorted((name, _text(value)) for name, value in turn.items() if name != "reason")),
        # an approval grants a request, whichever version a quote has pinned for it
        phases=tuple(replace(each, version_id=None) for each in request.phases),
    )


def _text(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def asking_approval(decision: Decision) -> frozenset[str]:
    """The codes that ask for approval."""
    return frozenset(reason.code for reason in decision.reasons if reason.verdict is Verdict.ASK_APPROVAL)


def granted_in(decision: Decision) -> Approved | None:
    """The approval that a decision went by, with the codes it granted there; None where it needed none."""
    granted = {reason.code: reason.granted_by for reason in decision.reasons if reason.granted_by is not None}
    if not granted:
        return None
    (approval,) = set(granted.values())
    return Approved(ApprovalId(parse_id_of("Approval", approval)), frozenset(granted))
