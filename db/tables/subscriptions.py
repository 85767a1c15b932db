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
    Uuid,
    text,
)

from db.tables.columns import enumerated, instant, no_overlap, tenant_table, within_account
from domain.periods import BillingInterval
from domain.subscription import SubscriptionStatus

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
    Column("version", Integer, nullable=False),
    CheckConstraint("current_period_start < current_period_end", name="period_is_not_empty"),
    no_overlap("subscriptions_one_live_excl", "product_id", start="started_at", end="ended_at"),
    Index("subscriptions_by_account_idx", "account_id", "started_at", "id"),
    Index("subscriptions_due_idx", "current_period_end", postgresql_where=text("ended_at IS NULL")),
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
