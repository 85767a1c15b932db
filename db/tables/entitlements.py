"""What an account may do."""

from sqlalchemy import (
    Column,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    Text,
    Uuid,
)

from db.tables.columns import (
    account_column,
    enumerated,
    id_column,
    instant,
    metadata,
    no_overlap,
    tenant_table,
    value_columns,
    within_account,
)
from domain.entitlement import EntitlementSource

entitlement_overrides = tenant_table(
    "entitlement_overrides",
    Column("feature_id", Uuid, ForeignKey("features.id"), nullable=False),
    *value_columns(),
    Column("priority", SmallInteger, nullable=False),
    Column("reason", Text, nullable=False),
    instant("starts_at"),
    instant("ends_at", nullable=True),
    instant("created_at"),
    Index("entitlement_overrides_by_account_idx", "account_id", "created_at", "id"),
)

entitlements = Table(
    "entitlements",
    metadata,
    account_column(),
    id_column(),
    Column("feature_id", Uuid, ForeignKey("features.id"), nullable=False),
    Column("feature_code", Text, nullable=False),
    *value_columns(),
    enumerated("source", EntitlementSource),
    Column("subscription_id", Uuid),
    Column("override_id", Uuid),
    Column("meter_id", Uuid, ForeignKey("meters.id")),
    Column("window_start", Date),
    Column("window_end", Date),
    instant("valid_from"),
    instant("valid_until", nullable=True),
    PrimaryKeyConstraint("account_id", "id", "valid_from"),
    ForeignKeyConstraint(["account_id"], ["accounts.id"]),
    within_account("subscription_id", "subscriptions"),
    within_account("override_id", "entitlement_overrides"),
    no_overlap("entitlements_no_overlap_excl", "feature_id"),
    Index("entitlements_id_idx", "id"),
    Index("entitlements_by_account_idx", "account_id", "feature_code", "id"),
)
