"""Write a decision down: the answer, what it looked at, and what editions in the shadow would have said.

Owns that only the answer counts: what is noted beside it goes to tables of its own, and a fault in an edition that is
only being tried, or in what is kept for later, never reaches who asked.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import structlog

from db.facts_text import facts_json
from db.save import changes as save_changes
from db.save import policy as save_policy
from db.unit_of_work import UnitOfWork
from domain.ids import DecisionId, QuoteId
from domain.plan_change.editions import Edition, Editions
from domain.plan_change.facts import PlanChangeFacts
from domain.plan_change.ramp import decide_all
from domain.plan_change.shadow import compare
from domain.plan_change.verdict import ChangeKind, Decision, DecisionPurpose

log = structlog.get_logger("policy")


@dataclass(frozen=True, slots=True)
class ShadowAnswer:
    """What became of asking one edition in the shadow; `differs` is None where it failed."""

    edition: str
    differs: bool | None

    @property
    def outcome(self) -> str:
        """The same in a word, for whoever counts."""
        if self.differs is None:
            return "failed"
        return "differed" if self.differs else "agreed"


@dataclass(frozen=True, slots=True)
class RecordedDecision:
    """The record's id, and the editions that were asked beside it."""

    id: DecisionId
    shadows: tuple[ShadowAnswer, ...]


async def record_decision(
    unit: UnitOfWork,
    facts: PlanChangeFacts,
    decision: Decision,
    editions: Editions,
    *,
    purpose: DecisionPurpose,
    kind: ChangeKind,
    request: Mapping[str, Any],
    quote_id: QuoteId | None = None,
) -> RecordedDecision:
    """Queue the decision with its facts, and a row for each edition in the shadow that could answer."""
    decision_id = DecisionId(unit.ids.new())
    await save_changes.new_decision(
        unit,
        facts.account.id,
        facts.subscription.id,
        decision_id,
        decision,
        quote_id,
        purpose=purpose,
        kind=kind,
        target_id=facts.target.id,
        request=request,
    )
    try:
        kept = facts_json(facts)
    except Exception as problem:
        log.error("facts not kept", error=type(problem).__name__, exc_info=problem)
    else:
        await save_policy.new_decision_facts(unit, facts.account.id, decision_id, kept)
    shadows = [await _ask_in_shadow(unit, facts, decision, decision_id, each) for each in editions.shadows]
    return RecordedDecision(decision_id, tuple(shadows))


async def _ask_in_shadow(
    unit: UnitOfWork, facts: PlanChangeFacts, decision: Decision, decision_id: DecisionId, edition: Edition
) -> ShadowAnswer:
    try:
        compared = compare(decision, decide_all(facts, edition))
    except Exception as problem:
        log.error("edition failed in the shadow", edition=edition.id, error=type(problem).__name__, exc_info=problem)
        return ShadowAnswer(edition.id, None)
    await save_policy.new_shadow_evaluation(unit, facts.account.id, decision_id, facts.account.segment, compared)
    return ShadowAnswer(edition.id, compared.difference is not None)
