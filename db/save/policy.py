"""What becomes of editions of the policy: rollouts, overrides, what they said in the shadow, and facts kept for later.

Owns that nothing here touches billing state.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete

from db.queries.rollouts import RolloutStep
from db.tables import decision_facts, policy_overrides, policy_rollouts, shadow_evaluations
from db.unit_of_work import UnitOfWork
from domain.catalog import Segment
from domain.ids import AccountId, DecisionId, RolloutId
from domain.plan_change.shadow import Compared


async def new_rollout(unit: UnitOfWork, rollout_id: RolloutId, step: RolloutStep) -> None:
    """A step of a rollout; the newest of an edition and segment counts."""
    unit.insert(
        policy_rollouts,
        {
            "id": rollout_id,
            "policy_version": step.version,
            "segment": step.segment.value,
            "stage": step.rollout.stage.value,
            "share_percent": step.rollout.share_percent,
            "reason": step.reason,
            "set_by_id": unit.actor.user_id,
            "created_at": step.set_at,
        },
    )


async def new_override(
    unit: UnitOfWork, account_id: AccountId, override_id: UUID, version: str, reason: str, at: datetime
) -> None:
    """An edition for one account; the database refuses a second that lives."""
    unit.insert(
        policy_overrides,
        {
            "account_id": account_id,
            "id": override_id,
            "policy_version": version,
            "reason": reason,
            "created_at": at,
            "ended_at": None,
        },
    )


async def override_ended(unit: UnitOfWork, account_id: AccountId, override_id: UUID, at: datetime) -> None:
    """From now on the rollouts say which edition decides."""
    unit.update(policy_overrides, {"account_id": account_id, "id": override_id}, {"ended_at": at})


async def new_shadow_evaluation(
    unit: UnitOfWork, account_id: AccountId, decision_id: DecisionId, segment: Segment, compared: Compared
) -> None:
    """What an edition in the shadow said beside the decision."""
    difference = compared.difference
    unit.insert(
        shadow_evaluations,
        {
            "account_id": account_id,
            "id": unit.ids.new(),
            "decision_id": decision_id,
            "live_version": compared.live.policy_version,
            "candidate_version": compared.candidate.policy_version,
            "segment": segment.value,
            "live_verdict": compared.live.verdict.value,
            "candidate_verdict": compared.candidate.verdict.value,
            "differs": difference is not None,
            "difference": None if difference is None else difference.as_json(),
            "created_at": unit.recorded_at,
        },
    )


async def new_decision_facts(
    unit: UnitOfWork, account_id: AccountId, decision_id: DecisionId, facts: Mapping[str, Any]
) -> None:
    """What the decision looked at, as db/facts_text.py writes it."""
    unit.insert(
        decision_facts,
        {"account_id": account_id, "decision_id": decision_id, "facts": facts, "created_at": unit.recorded_at},
    )


async def forget_facts_before(unit: UnitOfWork, instant: datetime) -> int:
    """Delete what decisions made before looked at; the decisions stay. Returns how many."""
    done = await unit.session.execute(
        # check: allow write-keys because whoever tidies tidies every account's
        delete(decision_facts).where(decision_facts.c.created_at < instant).returning(decision_facts.c.decision_id)
    )
    return len(done.all())
