"""Quotes, policy decisions, plan changes, and requests for approval."""

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, SmallInteger, Text, Uuid, text
from sqlalchemy.dialects.postgresql import JSONB

from db.tables.columns import currency, enumerated, instant, minor, tenant_table, within_account
from domain.actor import ActorKind
from domain.approval import ApprovalStatus
from domain.periods import BillingInterval
from domain.plan_change.verdict import ChangeDirection, ChangeKind, DecisionPurpose, PlanChangeStatus, Verdict

quotes = tenant_table(
    "quotes",
    Column("subscription_id", Uuid, nullable=False),
    Column("request", JSONB, nullable=False),
    Column("outcome", JSONB, nullable=False),
    instant("priced_at"),
    instant("expires_at"),
    instant("created_at"),
    within_account("subscription_id", "subscriptions"),
)

policy_decisions = tenant_table(
    "policy_decisions",
    Column("subscription_id", Uuid, nullable=False),
    Column("quote_id", Uuid),
    enumerated("purpose", DecisionPurpose),
    enumerated("change_kind", ChangeKind),
    Column("to_plan_version_id", Uuid, ForeignKey("plan_versions.id"), nullable=False),
    Column("request", JSONB),
    enumerated("verdict", Verdict),
    instant("effective_at"),
    Column("policy_version", Text, nullable=False),
    Column("reasons", JSONB, nullable=False),
    enumerated("actor_kind", ActorKind),
    Column("actor_id", Uuid),
    instant("created_at"),
    within_account("subscription_id", "subscriptions"),
    within_account("quote_id", "quotes"),
    Index("policy_decisions_recent_idx", "created_at", "id"),
)

plan_changes = tenant_table(
    "plan_changes",
    Column("subscription_id", Uuid, nullable=False),
    Column("quote_id", Uuid),
    Column("decision_id", Uuid, nullable=False),
    Column("accepted_decision_id", Uuid, nullable=False),
    Column("invoice_id", Uuid),
    Column("approval_id", Uuid),
    enumerated("kind", ChangeKind),
    Column("ramp_id", Uuid),
    Column("step", SmallInteger, CheckConstraint("step > 0", name="step_is_positive"), nullable=False),
    Column("from_plan_version_id", Uuid, ForeignKey("plan_versions.id"), nullable=False),
    Column("to_plan_version_id", Uuid, ForeignKey("plan_versions.id"), nullable=False),
    enumerated("from_interval", BillingInterval),
    enumerated("to_interval", BillingInterval),
    enumerated("direction", ChangeDirection),
    enumerated("status", PlanChangeStatus),
    Column("request", JSONB, nullable=False),
    Column("laid_out", JSONB),
    instant("effective_at"),
    instant("created_at"),
    instant("applied_at", nullable=True),
    instant("expires_at", nullable=True),
    within_account("subscription_id", "subscriptions"),
    within_account("quote_id", "quotes"),
    within_account("decision_id", "policy_decisions"),
    within_account("accepted_decision_id", "policy_decisions"),
    within_account("invoice_id", "invoices"),
    within_account("approval_id", "approvals"),
    within_account("ramp_id", "plan_changes"),
    CheckConstraint("(status <> 'AWAITING_PAYMENT') OR (expires_at IS NOT NULL)", name="awaiting_ends"),
    Index(
        "plan_changes_one_pending_idx",
        "account_id",
        "subscription_id",
        unique=True,
        postgresql_where=text("status IN ('SCHEDULED', 'AWAITING_PAYMENT')"),
    ),
    Index(
        "plan_changes_expiring_idx",
        "expires_at",
        postgresql_where=text("status = 'AWAITING_PAYMENT'"),
    ),
    Index("plan_changes_recent_idx", "created_at", "id"),
    Index("plan_changes_by_quote_idx", "account_id", "quote_id", postgresql_where=text("quote_id IS NOT NULL")),
    Index("plan_changes_by_invoice_idx", "account_id", "invoice_id"),
    Index("plan_changes_by_ramp_idx", "account_id", "ramp_id", "step"),
    Index("plan_changes_by_approval_idx", "account_id", "approval_id", unique=True),
    Index("plan_changes_by_account_idx", "account_id", "created_at", "id"),
    Index("plan_changes_by_subscription_idx", "account_id", "subscription_id", "created_at", "id"),
)
"""`decision_id` says what holds of it, that of its day once that was made; `accepted_decision_id` who accepted it."""

approvals = tenant_table(
    "approvals",
    Column("subscription_id", Uuid, nullable=False),
    Column("decision_id", Uuid, nullable=False),
    Column("request", JSONB, nullable=False),
    Column("outcome", JSONB, nullable=False),
    Column("codes", JSONB, nullable=False),
    minor("amount_minor"),
    currency(),
    enumerated("status", ApprovalStatus),
    Column("reason", Text),
    enumerated("asked_by_kind", ActorKind),
    Column("asked_by_id", Uuid),
    instant("created_at"),
    instant("expires_at"),
    Column("answered_by_id", Uuid),
    Column("answer", Text),
    instant("answered_at", nullable=True),
    within_account("subscription_id", "subscriptions"),
    within_account("decision_id", "policy_decisions"),
    Index("approvals_by_account_idx", "account_id", "created_at", "id"),
    Index("approvals_by_decision_idx", "account_id", "decision_id"),
    Index("approvals_recent_idx", "created_at", "id"),
    Index("approvals_by_subscription_idx", "account_id", "subscription_id", "created_at", "id"),
    Index(
        "approvals_one_open_idx",
        "account_id",
        "subscription_id",
        unique=True,
        postgresql_where=text("status IN ('REQUESTED', 'APPROVED')"),
    ),
    Index(
        "approvals_expiring_idx",
        "expires_at",
        postgresql_where=text("status IN ('REQUESTED', 'APPROVED')"),
    ),
    Index("approvals_queue_idx", "created_at", "id", postgresql_where=text("status = 'REQUESTED'")),
)
"""`outcome` is what the policy and the price said when it was asked; `amount_minor` what an approver's limit is of."""
