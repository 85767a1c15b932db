"""What the graph reads of editions of the policy: their rollouts, and where they disagree in the shadow. Staff only."""

from db.graph.declare import STAFF_ONLY, Entity, columns, computed, one, pages
from db.graph.filters import at_least, by, equals
from db.tables import accounts, policy_decisions, policy_overrides, policy_rollouts, shadow_evaluations, users

POLICY_ROLLOUT = Entity(
    "PolicyRollout",
    policy_rollouts,
    prefix="roll",
    audience=STAFF_ONLY,
    fields=columns(policy_rollouts, "policy_version segment stage share_percent reason created_at"),
    relations={"set_by": one("User", users.c.id, via="set_by_id")},
)

POLICY_OVERRIDE = Entity(
    "PolicyOverride",
    policy_overrides,
    tenant=policy_overrides.c.account_id,
    audience=STAFF_ONLY,
    fields=columns(policy_overrides, "policy_version reason created_at"),
)

SHADOW_EVALUATION = Entity(
    "ShadowEvaluation",
    shadow_evaluations,
    tenant=shadow_evaluations.c.account_id,
    audience=STAFF_ONLY,
    fields=columns(
        shadow_evaluations, "live_version candidate_version segment live_verdict candidate_verdict created_at"
    ),
    computed={"difference": computed("shadow_differences")},
    relations={
        "account": one("Account", accounts.c.id, via="account_id"),
        "decision": one("PolicyDecision", policy_decisions.c.id, via="decision_id"),
    },
)

SHADOW_DIFFERENCE = Entity(
    "ShadowDifferenceKept",
    shadow_evaluations,
    is_internal=True,
    tenant=shadow_evaluations.c.account_id,
    audience=STAFF_ONLY,
    keys={"evaluation": by(shadow_evaluations.c.id)},
    raw={"difference": shadow_evaluations.c.difference},
    fields={},
)
"""What the computed field `difference` reads: lists that no column kind can carry."""

POLICY_DISAGREEMENTS = pages(
    "ShadowEvaluation",
    None,
    by={"version": by(shadow_evaluations.c.candidate_version)},
    where=shadow_evaluations.c.differs,
    order=[shadow_evaluations.c.created_at.desc(), shadow_evaluations.c.id.desc()],
    filters={"segment": equals(shadow_evaluations.c.segment), "since": at_least(shadow_evaluations.c.created_at)},
    audience=STAFF_ONLY,
)
"""Where an edition in the shadow said something else than the one that decided, the newest first."""
