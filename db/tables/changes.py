"""Quotes, policy decisions and plan changes."""

from sqlalchemy import Column, ForeignKey, Index, Text, Uuid, text
from sqlalchemy.dialects.postgresql import JSONB

from db.tables.columns import enumerated, instant, tenant_table, within_account
from domain.actor import ActorKind
from domain.periods import BillingInterval
from domain.plan_change.verdict import ChangeDirection, PlanChangeStatus, Verdict

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
    enumerated("verdict", Verdict),
    instant("effective_at"),
    Column("policy_version", Text, nullable=False),
    Column("reasons", JSONB, nullable=False),
    enumerated("actor_kind", ActorKind),
    Column("actor_id", Uuid),
    instant("created_at"),
    within_account("subscription_id", "subscriptions"),
    within_account("quote_id", "quotes"),
)

plan_changes = tenant_table(
    "plan_changes",
    Column("subscription_id", Uuid, nullable=False),
    Column("quote_id", Uuid),
    Column("decision_id", Uuid, nullable=False),
    Column("invoice_id", Uuid),
    Column("from_plan_version_id", Uuid, ForeignKey("plan_versions.id"), nullable=False),
    Column("to_plan_version_id", Uuid, ForeignKey("plan_versions.id"), nullable=False),
    enumerated("from_interval", BillingInterval),
    enumerated("to_interval", BillingInterval),
    enumerated("direction", ChangeDirection),
    enumerated("status", PlanChangeStatus),
    Column("request", JSONB, nullable=False),
    instant("effective_at"),
    instant("created_at"),
    instant("applied_at", nullable=True),
    within_account("subscription_id", "subscriptions"),
    within_account("quote_id", "quotes"),
    within_account("decision_id", "policy_decisions"),
    within_account("invoice_id", "invoices"),
    Index(
        "plan_changes_one_pending_idx",
        "account_id",
        "subscription_id",
        unique=True,
        postgresql_where=text("status = 'SCHEDULED'"),
    ),
    Index("plan_changes_by_account_idx", "account_id", "created_at", "id"),
    Index("plan_changes_by_subscription_idx", "account_id", "subscription_id", "created_at", "id"),
)
