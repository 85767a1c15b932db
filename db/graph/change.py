"""What the graph reads of plan changes and of the decisions that allowed or refused them."""

from db.graph.declare import Entity, columns, computed, many, one
from db.graph.filters import by
from db.tables import (
    accounts,
    approvals,
    invoices,
    plan_changes,
    plan_versions,
    policy_decisions,
    subscriptions,
)
from domain.plan_change.phases import MOST_PHASES

PLAN_CHANGE = Entity(
    "PlanChange",
    plan_changes,
    prefix="chng",
    tenant=plan_changes.c.account_id,
    fields=columns(
        plan_changes,
        "kind from_interval to_interval direction status step effective_at created_at applied_at expires_at",
    ),
    computed={"quantities": computed("quantities")},
    relations={
        "account": one("Account", accounts.c.id, via="account_id"),
        "subscription": one("BillingSubscription", subscriptions.c.id, via="subscription_id"),
        "from_version": one("PlanVersion", plan_versions.c.id, via="from_plan_version_id"),
        "to_version": one("PlanVersion", plan_versions.c.id, via="to_plan_version_id"),
        "decision": one("PolicyDecision", policy_decisions.c.id, via="decision_id"),
        "invoice": one("Invoice", invoices.c.id, via="invoice_id"),
        "approval": one("Approval", approvals.c.id, via="approval_id"),
        "ramp": one("PlanChange", plan_changes.c.id, via="ramp_id"),
        "later_steps": many("PlanChange", plan_changes.c.ramp_id, order=[plan_changes.c.step], most=MOST_PHASES),
    },
)

POLICY_DECISION = Entity(
    "PolicyDecision",
    policy_decisions,
    prefix="decn",
    tenant=policy_decisions.c.account_id,
    fields=columns(policy_decisions, "verdict effective_at policy_version created_at"),
    computed={"reasons": computed("reasons")},
    relations={"subscription": one("BillingSubscription", subscriptions.c.id, via="subscription_id")},
)

DECISION_REASONS = Entity(
    "DecisionReasons",
    policy_decisions,
    is_internal=True,
    tenant=policy_decisions.c.account_id,
    keys={"decision": by(policy_decisions.c.id)},
    raw={"reasons": policy_decisions.c.reasons},
    fields={},
)
"""What the computed field `reasons` reads: a list that no column kind can carry."""

PLAN_CHANGE_REQUEST = Entity(
    "PlanChangeRequest",
    plan_changes,
    is_internal=True,
    tenant=plan_changes.c.account_id,
    keys={"change": by(plan_changes.c.id)},
    raw={"request": plan_changes.c.request},
    fields={},
)
"""What the computed field `quantities` reads."""
