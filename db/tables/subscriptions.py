"""Subscriptions, their item versions and commitment terms."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    SmallInteger,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)

from db.tables.columns import enumerated, instant, no_overlap, tenant_table, within_account
from domain.periods import BillingInterval
from domain.subscription import MigrationStatus, SubscriptionStatus

subscriptions = tenant_table(
    "subscriptions",
    Column("product_id", Uuid, ForeignKey("products.id"), nullable=False),
    Column("plan_id", Uuid, ForeignKey("plans.id"), nullable=False),
    Column("plan_version_id", Uuid, ForeignKey("plan_versions.id"), nullable=False),
    enumerated("status", SubscriptionStatus),
    enumerated("interval", BillingInterval),
    Column("anchor_on", Date, nullable=False),
    instant("current_period_start"),
    instant("current_period_end"),
    instant("started_at"),
    instant("ended_at", nullable=True),
    instant("plan_version_since"),
    instant("trial_end_at", nullable=True),
    instant("cancel_at", nullable=True),
    instant("paused_at", nullable=True),
    instant("resumes_at", nullable=True),
    instant("due_at", nullable=True),
    instant("notice_at", nullable=True),
    instant("late_use_at", nullable=True),
    Column("version", Integer, nullable=False),
    CheckConstraint("current_period_start < current_period_end", name="period_is_not_empty"),
    no_overlap("subscriptions_one_live_excl", "product_id", start="started_at", end="ended_at"),
    Index("subscriptions_by_account_idx", "account_id", "started_at", "id"),
    Index("subscriptions_due_idx", "due_at", postgresql_where=text("due_at IS NOT NULL")),
    Index("subscriptions_notice_idx", "notice_at", postgresql_where=text("notice_at IS NOT NULL")),
    Index("subscriptions_late_use_idx", "late_use_at", postgresql_where=text("late_use_at IS NOT NULL")),
)

subscription_items = tenant_table(
    "subscription_items",
    Column("subscription_id", Uuid, nullable=False),
    Column("plan_version_id", Uuid, ForeignKey("plan_versions.id"), nullable=False),
    Column("component", Text, nullable=False),
    Column("price_id", Uuid, ForeignKey("prices.id"), nullable=False),
    Column("quantity", BigInteger, CheckConstraint("quantity >= 0", name="quantity_is_not_negative"), nullable=False),
    instant("valid_from"),
    instant("valid_until", nullable=True),
    within_account("subscription_id", "subscriptions"),
    no_overlap("subscription_items_no_overlap_excl", "subscription_id", "component"),
    Index("subscription_items_by_subscription_idx", "account_id", "subscription_id", "component", "id"),
)

commitment_terms = tenant_table(
    "commitment_terms",
    Column("subscription_id", Uuid, nullable=False),
    instant("start_at"),
    instant("end_at"),
    Column("months", SmallInteger, nullable=False),
    Column("notice_days", SmallInteger, nullable=False),
    within_account("subscription_id", "subscriptions"),
    no_overlap("commitment_terms_no_overlap_excl", "subscription_id", start="start_at", end="end_at"),
)

subscription_migrations = tenant_table(
    "subscription_migrations",
    Column("migration_id", Uuid, ForeignKey("plan_version_migrations.id"), nullable=False),
    Column("subscription_id", Uuid, nullable=False),
    Column("from_plan_version_id", Uuid, ForeignKey("plan_versions.id"), nullable=False),
    Column("to_plan_version_id", Uuid, ForeignKey("plan_versions.id"), nullable=False),
    enumerated("status", MigrationStatus),
    instant("effective_at"),
    instant("announced_at"),
    instant("done_at", nullable=True),
    within_account("subscription_id", "subscriptions"),
    UniqueConstraint("account_id", "migration_id", "subscription_id"),
    Index(
        "subscription_migrations_one_waiting_idx",
        "account_id",
        "subscription_id",
        unique=True,
        postgresql_where=text("status = 'SCHEDULED'"),
    ),
)
