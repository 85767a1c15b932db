"""the first tables"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    # equality on uuid and text inside the exclusion constraints
    op.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")
    op.create_table(
        "account_external_ids",
        sa.Column("external_id", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("external_id", name=op.f("account_external_ids_pkey")),
        sa.UniqueConstraint("account_id", name=op.f("account_external_ids_account_id_key")),
        info={"not_tenant": "global look-up: external id to account"},
    )
    op.create_table(
        "legal_entities",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("country", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("legal_entities_pkey")),
        sa.UniqueConstraint("code", name=op.f("legal_entities_code_key")),
        info={"catalog": True},
    )
    op.create_table(
        "meters",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("aggregation", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "aggregation IN ('COUNT', 'SUM', 'MAX', 'LATEST')", name=op.f("meters_aggregation_is_known_check")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("meters_pkey")),
        sa.UniqueConstraint("code", name=op.f("meters_code_key")),
        info={"catalog": True},
    )
    op.create_table(
        "products",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("products_pkey")),
        sa.UniqueConstraint("code", name=op.f("products_code_key")),
        info={"catalog": True},
    )
    op.create_table(
        "users",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("isfinite(created_at)", name=op.f("users_created_at_is_finite_check")),
        sa.PrimaryKeyConstraint("id", name=op.f("users_pkey")),
        sa.UniqueConstraint("email", name=op.f("users_email_key")),
        info={"not_tenant": "a person may belong to several accounts"},
    )
    op.create_table(
        "accounts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=False),
        sa.Column("legal_entity_id", sa.Uuid(), nullable=False),
        sa.Column("parent_account_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("country", sa.Text(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("segment", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("net_days", sa.SmallInteger(), nullable=False),
        sa.Column("is_sandbox", sa.Boolean(), nullable=False),
        sa.Column("clock_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("event_sequence", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("currency ~ '^[A-Z]{3}$'", name=op.f("accounts_currency_is_iso_check")),
        sa.CheckConstraint("segment IN ('SMB', 'ENTERPRISE')", name=op.f("accounts_segment_is_known_check")),
        sa.CheckConstraint("status IN ('ACTIVE', 'CLOSED')", name=op.f("accounts_status_is_known_check")),
        sa.CheckConstraint("clock_at IS NULL OR is_sandbox", name=op.f("accounts_clock_is_for_sandbox_check")),
        sa.CheckConstraint("isfinite(clock_at)", name=op.f("accounts_clock_at_is_finite_check")),
        sa.CheckConstraint("isfinite(created_at)", name=op.f("accounts_created_at_is_finite_check")),
        sa.ForeignKeyConstraint(["legal_entity_id"], ["legal_entities.id"], name=op.f("accounts_legal_entity_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("accounts_pkey")),
    )
    op.create_index("accounts_created_idx", "accounts", ["created_at", "id"], unique=False)
    op.create_index("accounts_name_idx", "accounts", ["name", "id"], unique=False)
    op.create_index("accounts_parent_idx", "accounts", ["parent_account_id"], unique=False)
    op.create_table(
        "document_numbers",
        sa.Column("legal_entity_id", sa.Uuid(), nullable=False),
        sa.Column("series", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["legal_entity_id"], ["legal_entities.id"], name=op.f("document_numbers_legal_entity_id_fkey")
        ),
        sa.PrimaryKeyConstraint("legal_entity_id", "series", "number", name=op.f("document_numbers_pkey")),
        sa.UniqueConstraint("document_id", name=op.f("document_numbers_document_id_key")),
        info={"not_tenant": "document numbers: (legal entity, series, number) to account and document"},
    )
    op.create_table(
        "features",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("meter_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('BOOLEAN', 'LIMIT', 'METERED', 'CONFIG')", name=op.f("features_kind_is_known_check")
        ),
        sa.ForeignKeyConstraint(["meter_id"], ["meters.id"], name=op.f("features_meter_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("features_pkey")),
        sa.UniqueConstraint("code", name=op.f("features_code_key")),
        info={"catalog": True},
    )
    op.create_table(
        "number_series",
        sa.Column("legal_entity_id", sa.Uuid(), nullable=False),
        sa.Column("series", sa.Text(), nullable=False),
        sa.Column("last_number", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["legal_entity_id"], ["legal_entities.id"], name=op.f("number_series_legal_entity_id_fkey")
        ),
        sa.PrimaryKeyConstraint("legal_entity_id", "series", name=op.f("number_series_pkey")),
        info={"not_tenant": "document numbers run through a legal entity's accounts"},
    )
    op.create_table(
        "plans",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("product_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("rank", sa.SmallInteger(), nullable=False),
        sa.Column("segment", sa.Text(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("segment IN ('SMB', 'ENTERPRISE')", name=op.f("plans_segment_is_known_check")),
        sa.CheckConstraint("isfinite(withdrawn_at)", name=op.f("plans_withdrawn_at_is_finite_check")),
        sa.ForeignKeyConstraint(["product_id"], ["products.id"], name=op.f("plans_product_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("plans_pkey")),
        sa.UniqueConstraint("code", name=op.f("plans_code_key")),
        sa.UniqueConstraint("product_id", "rank", name=op.f("plans_product_id_rank_key")),
        info={"catalog": True},
    )
    op.create_table(
        "audit_entries",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("actor_kind", sa.Text(), nullable=False),
        sa.Column("staff_role", sa.Text(), nullable=True),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("subject_type", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("before", sa.Text(), nullable=True),
        sa.Column("after", sa.Text(), nullable=True),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "actor_kind IN ('CUSTOMER', 'STAFF', 'GATEWAY', 'SCHEMA_READER')",
            name=op.f("audit_entries_actor_kind_is_known_check"),
        ),
        sa.CheckConstraint("after IS NULL OR after::jsonb IS NOT NULL", name=op.f("audit_entries_after_is_json_check")),
        sa.CheckConstraint(
            "before IS NULL OR before::jsonb IS NOT NULL", name=op.f("audit_entries_before_is_json_check")
        ),
        sa.CheckConstraint(
            "staff_role IN ('SUPPORT', 'FINANCE', 'SYSTEM')", name=op.f("audit_entries_staff_role_is_known_check")
        ),
        sa.CheckConstraint("isfinite(occurred_at)", name=op.f("audit_entries_occurred_at_is_finite_check")),
        sa.CheckConstraint("isfinite(recorded_at)", name=op.f("audit_entries_recorded_at_is_finite_check")),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("audit_entries_account_id_fkey")),
        sa.PrimaryKeyConstraint("account_id", "id", name=op.f("audit_entries_pkey")),
    )
    op.create_index("audit_entries_by_account_idx", "audit_entries", ["account_id", "recorded_at", "id"], unique=False)
    op.create_index("audit_entries_id_idx", "audit_entries", ["id"], unique=False)
    op.create_table(
        "entitlement_overrides",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("feature_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("is_enabled", sa.Boolean(), nullable=False),
        sa.Column("limit_value", sa.BigInteger(), nullable=True),
        sa.Column("setting", sa.Text(), nullable=True),
        sa.Column("priority", sa.SmallInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind IN ('BOOLEAN', 'LIMIT', 'METERED', 'CONFIG')", name=op.f("entitlement_overrides_kind_is_known_check")
        ),
        sa.CheckConstraint("isfinite(created_at)", name=op.f("entitlement_overrides_created_at_is_finite_check")),
        sa.CheckConstraint("isfinite(ends_at)", name=op.f("entitlement_overrides_ends_at_is_finite_check")),
        sa.CheckConstraint("isfinite(starts_at)", name=op.f("entitlement_overrides_starts_at_is_finite_check")),
        sa.CheckConstraint("limit_value >= 0", name=op.f("entitlement_overrides_limit_is_not_negative_check")),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("entitlement_overrides_account_id_fkey")),
        sa.ForeignKeyConstraint(["feature_id"], ["features.id"], name=op.f("entitlement_overrides_feature_id_fkey")),
        sa.PrimaryKeyConstraint("account_id", "id", name=op.f("entitlement_overrides_pkey")),
    )
    op.create_index(
        "entitlement_overrides_by_account_idx",
        "entitlement_overrides",
        ["account_id", "created_at", "id"],
        unique=False,
    )
    op.create_index("entitlement_overrides_id_idx", "entitlement_overrides", ["id"], unique=False)
    op.create_table(
        "idempotency_keys",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("mutation", sa.Text(), nullable=False),
        sa.Column("input_hash", sa.Text(), nullable=False),
        sa.Column("outcome", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("isfinite(created_at)", name=op.f("idempotency_keys_created_at_is_finite_check")),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("idempotency_keys_account_id_fkey")),
        sa.PrimaryKeyConstraint("account_id", "key", name=op.f("idempotency_keys_pkey")),
    )
    op.create_table(
        "memberships",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "role IN ('VIEWER', 'BILLING_ADMIN', 'OWNER')", name=op.f("memberships_role_is_known_check")
        ),
        sa.CheckConstraint("isfinite(created_at)", name=op.f("memberships_created_at_is_finite_check")),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("memberships_account_id_fkey")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("memberships_user_id_fkey")),
        sa.PrimaryKeyConstraint("account_id", "id", name=op.f("memberships_pkey")),
        sa.UniqueConstraint("account_id", "user_id", name=op.f("memberships_account_id_user_id_key")),
    )
    op.create_index("memberships_id_idx", "memberships", ["id"], unique=False)
    op.create_index("memberships_user_idx", "memberships", ["user_id", "account_id"], unique=False)
    op.create_table(
        "outbox_events",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("aggregate_type", sa.Text(), nullable=False),
        sa.Column("aggregate_id", sa.Uuid(), nullable=False),
        sa.Column("aggregate_sequence", sa.BigInteger(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("data::jsonb IS NOT NULL", name=op.f("outbox_events_data_is_json_check")),
        sa.CheckConstraint("isfinite(occurred_at)", name=op.f("outbox_events_occurred_at_is_finite_check")),
        sa.CheckConstraint("isfinite(recorded_at)", name=op.f("outbox_events_recorded_at_is_finite_check")),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("outbox_events_account_id_fkey")),
        sa.PrimaryKeyConstraint("account_id", "id", name=op.f("outbox_events_pkey")),
        sa.UniqueConstraint(
            "account_id",
            "aggregate_id",
            "aggregate_sequence",
            name=op.f("outbox_events_account_id_aggregate_id_aggregate_sequence_key"),
        ),
        sa.UniqueConstraint("account_id", "sequence", name=op.f("outbox_events_account_id_sequence_key")),
    )
    op.create_index("outbox_events_id_idx", "outbox_events", ["id"], unique=False)
    op.create_table(
        "plan_versions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_current", sa.Boolean(), nullable=False),
        sa.CheckConstraint("isfinite(published_at)", name=op.f("plan_versions_published_at_is_finite_check")),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.id"], name=op.f("plan_versions_plan_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("plan_versions_pkey")),
        sa.UniqueConstraint("plan_id", "number", name=op.f("plan_versions_plan_id_number_key")),
        info={"catalog": True},
    )
    op.create_index(
        "plan_versions_one_current_idx",
        "plan_versions",
        ["plan_id"],
        unique=True,
        postgresql_where=sa.text("is_current"),
    )
    op.create_table(
        "usage_counters",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("meter_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.Column("sum", sa.Numeric(precision=26, scale=6), nullable=False),
        sa.Column("max", sa.Numeric(precision=26, scale=6), nullable=False),
        sa.Column("latest", sa.Numeric(precision=26, scale=6), nullable=False),
        sa.Column("latest_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("latest_source", sa.Text(), nullable=False),
        sa.Column("latest_event_id", sa.Text(), nullable=False),
        sa.CheckConstraint("latest <> 'NaN'", name=op.f("usage_counters_latest_is_a_number_check")),
        sa.CheckConstraint("max <> 'NaN'", name=op.f("usage_counters_max_is_a_number_check")),
        sa.CheckConstraint("sum <> 'NaN'", name=op.f("usage_counters_sum_is_a_number_check")),
        sa.CheckConstraint("isfinite(latest_at)", name=op.f("usage_counters_latest_at_is_finite_check")),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("usage_counters_account_id_fkey")),
        sa.ForeignKeyConstraint(["meter_id"], ["meters.id"], name=op.f("usage_counters_meter_id_fkey")),
        sa.PrimaryKeyConstraint("account_id", "meter_id", "day", name=op.f("usage_counters_pkey")),
    )
    op.create_table(
        "usage_events",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("event_id", sa.Text(), nullable=False),
        sa.Column("meter_id", sa.Uuid(), nullable=False),
        sa.Column("value", sa.Numeric(precision=26, scale=6), nullable=False),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("value <> 'NaN'", name=op.f("usage_events_value_is_a_number_check")),
        sa.CheckConstraint("isfinite(occurred_at)", name=op.f("usage_events_occurred_at_is_finite_check")),
        sa.CheckConstraint("isfinite(received_at)", name=op.f("usage_events_received_at_is_finite_check")),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("usage_events_account_id_fkey")),
        sa.ForeignKeyConstraint(["meter_id"], ["meters.id"], name=op.f("usage_events_meter_id_fkey")),
        sa.PrimaryKeyConstraint("account_id", "source", "event_id", name=op.f("usage_events_pkey")),
    )
    op.create_table(
        "plan_components",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("plan_version_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("minimum", sa.Integer(), nullable=False),
        sa.Column("maximum", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "minimum >= 0 AND (maximum IS NULL OR maximum >= minimum)",
            name=op.f("plan_components_bounds_are_ordered_check"),
        ),
        sa.ForeignKeyConstraint(
            ["plan_version_id"], ["plan_versions.id"], name=op.f("plan_components_plan_version_id_fkey")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("plan_components_pkey")),
        sa.UniqueConstraint("plan_version_id", "code", name=op.f("plan_components_plan_version_id_code_key")),
        info={"catalog": True},
    )
    op.create_table(
        "plan_features",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("plan_version_id", sa.Uuid(), nullable=False),
        sa.Column("feature_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("is_enabled", sa.Boolean(), nullable=False),
        sa.Column("limit_value", sa.BigInteger(), nullable=True),
        sa.Column("setting", sa.Text(), nullable=True),
        sa.Column("limit_per_unit", sa.BigInteger(), nullable=False),
        sa.Column("component", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('BOOLEAN', 'LIMIT', 'METERED', 'CONFIG')", name=op.f("plan_features_kind_is_known_check")
        ),
        sa.CheckConstraint("limit_value >= 0", name=op.f("plan_features_limit_is_not_negative_check")),
        sa.ForeignKeyConstraint(["feature_id"], ["features.id"], name=op.f("plan_features_feature_id_fkey")),
        sa.ForeignKeyConstraint(
            ["plan_version_id"], ["plan_versions.id"], name=op.f("plan_features_plan_version_id_fkey")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("plan_features_pkey")),
        sa.UniqueConstraint("plan_version_id", "feature_id", name=op.f("plan_features_plan_version_id_feature_id_key")),
        info={"catalog": True},
    )
    op.create_table(
        "subscriptions",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("product_id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("plan_version_id", sa.Uuid(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("interval", sa.Text(), nullable=False),
        sa.Column("anchor_on", sa.Date(), nullable=False),
        sa.Column("current_period_start", sa.DateTime(timezone=True), nullable=False),
        sa.Column("current_period_end", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        postgresql.ExcludeConstraint(
            (sa.column("account_id"), "="),
            (sa.column("product_id"), "="),
            (sa.text("tstzrange(started_at, ended_at)"), "&&"),
            using="gist",
            name="subscriptions_one_live_excl",
        ),
        sa.CheckConstraint(
            "interval IN ('MONTH', 'QUARTER', 'YEAR')", name=op.f("subscriptions_interval_is_known_check")
        ),
        sa.CheckConstraint(
            "status IN ('TRIALING', 'ACTIVE', 'PAUSED', 'CANCELLED')", name=op.f("subscriptions_status_is_known_check")
        ),
        sa.CheckConstraint(
            "current_period_start < current_period_end", name=op.f("subscriptions_period_is_not_empty_check")
        ),
        sa.CheckConstraint(
            "isfinite(current_period_end)", name=op.f("subscriptions_current_period_end_is_finite_check")
        ),
        sa.CheckConstraint(
            "isfinite(current_period_start)", name=op.f("subscriptions_current_period_start_is_finite_check")
        ),
        sa.CheckConstraint("isfinite(ended_at)", name=op.f("subscriptions_ended_at_is_finite_check")),
        sa.CheckConstraint("isfinite(started_at)", name=op.f("subscriptions_started_at_is_finite_check")),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("subscriptions_account_id_fkey")),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.id"], name=op.f("subscriptions_plan_id_fkey")),
        sa.ForeignKeyConstraint(
            ["plan_version_id"], ["plan_versions.id"], name=op.f("subscriptions_plan_version_id_fkey")
        ),
        sa.ForeignKeyConstraint(["product_id"], ["products.id"], name=op.f("subscriptions_product_id_fkey")),
        sa.PrimaryKeyConstraint("account_id", "id", name=op.f("subscriptions_pkey")),
    )
    op.create_index("subscriptions_by_account_idx", "subscriptions", ["account_id", "started_at", "id"], unique=False)
    op.create_index(
        "subscriptions_due_idx",
        "subscriptions",
        ["current_period_end"],
        unique=False,
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_index("subscriptions_id_idx", "subscriptions", ["id"], unique=False)
    op.create_table(
        "commitment_terms",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("subscription_id", sa.Uuid(), nullable=False),
        sa.Column("start_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("end_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("months", sa.SmallInteger(), nullable=False),
        sa.Column("notice_days", sa.SmallInteger(), nullable=False),
        postgresql.ExcludeConstraint(
            (sa.column("account_id"), "="),
            (sa.column("subscription_id"), "="),
            (sa.text("tstzrange(start_at, end_at)"), "&&"),
            using="gist",
            name="commitment_terms_no_overlap_excl",
        ),
        sa.CheckConstraint("isfinite(end_at)", name=op.f("commitment_terms_end_at_is_finite_check")),
        sa.CheckConstraint("isfinite(start_at)", name=op.f("commitment_terms_start_at_is_finite_check")),
        sa.ForeignKeyConstraint(
            ["account_id", "subscription_id"],
            ["subscriptions.account_id", "subscriptions.id"],
            name=op.f("commitment_terms_account_id_subscription_id_fkey"),
        ),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("commitment_terms_account_id_fkey")),
        sa.PrimaryKeyConstraint("account_id", "id", name=op.f("commitment_terms_pkey")),
    )
    op.create_index("commitment_terms_id_idx", "commitment_terms", ["id"], unique=False)
    op.create_table(
        "entitlements",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("feature_id", sa.Uuid(), nullable=False),
        sa.Column("feature_code", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("is_enabled", sa.Boolean(), nullable=False),
        sa.Column("limit_value", sa.BigInteger(), nullable=True),
        sa.Column("setting", sa.Text(), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("subscription_id", sa.Uuid(), nullable=True),
        sa.Column("override_id", sa.Uuid(), nullable=True),
        sa.Column("meter_id", sa.Uuid(), nullable=True),
        sa.Column("window_start", sa.Date(), nullable=True),
        sa.Column("window_end", sa.Date(), nullable=True),
        sa.Column("valid_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("valid_until", sa.DateTime(timezone=True), nullable=True),
        postgresql.ExcludeConstraint(
            (sa.column("account_id"), "="),
            (sa.column("feature_id"), "="),
            (sa.text("tstzrange(valid_from, valid_until)"), "&&"),
            using="gist",
            name="entitlements_no_overlap_excl",
        ),
        sa.CheckConstraint(
            "kind IN ('BOOLEAN', 'LIMIT', 'METERED', 'CONFIG')", name=op.f("entitlements_kind_is_known_check")
        ),
        sa.CheckConstraint("source IN ('PLAN', 'OVERRIDE')", name=op.f("entitlements_source_is_known_check")),
        sa.CheckConstraint("isfinite(valid_from)", name=op.f("entitlements_valid_from_is_finite_check")),
        sa.CheckConstraint("isfinite(valid_until)", name=op.f("entitlements_valid_until_is_finite_check")),
        sa.CheckConstraint("limit_value >= 0", name=op.f("entitlements_limit_is_not_negative_check")),
        sa.ForeignKeyConstraint(
            ["account_id", "override_id"],
            ["entitlement_overrides.account_id", "entitlement_overrides.id"],
            name=op.f("entitlements_account_id_override_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id", "subscription_id"],
            ["subscriptions.account_id", "subscriptions.id"],
            name=op.f("entitlements_account_id_subscription_id_fkey"),
        ),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("entitlements_account_id_fkey")),
        sa.ForeignKeyConstraint(["feature_id"], ["features.id"], name=op.f("entitlements_feature_id_fkey")),
        sa.ForeignKeyConstraint(["meter_id"], ["meters.id"], name=op.f("entitlements_meter_id_fkey")),
        sa.PrimaryKeyConstraint("account_id", "id", "valid_from", name=op.f("entitlements_pkey")),
    )
    op.create_index("entitlements_by_account_idx", "entitlements", ["account_id", "feature_code", "id"], unique=False)
    op.create_index("entitlements_id_idx", "entitlements", ["id"], unique=False)
    op.create_table(
        "invoices",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("legal_entity_id", sa.Uuid(), nullable=False),
        sa.Column("subscription_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("customer_name", sa.Text(), nullable=False),
        sa.Column("total_minor", sa.BigInteger(), nullable=False),
        sa.Column("paid_minor", sa.BigInteger(), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("finalised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("paid_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("currency ~ '^[A-Z]{3}$'", name=op.f("invoices_currency_is_iso_check")),
        sa.CheckConstraint(
            "reason IN ('SIGN_UP', 'RENEWAL', 'PLAN_CHANGE')", name=op.f("invoices_reason_is_known_check")
        ),
        sa.CheckConstraint(
            "status IN ('DRAFT', 'OPEN', 'PAID', 'VOID', 'UNCOLLECTIBLE')", name=op.f("invoices_status_is_known_check")
        ),
        sa.CheckConstraint("due_on >= issued_on", name=op.f("invoices_due_is_after_issue_check")),
        sa.CheckConstraint("isfinite(finalised_at)", name=op.f("invoices_finalised_at_is_finite_check")),
        sa.CheckConstraint("isfinite(paid_at)", name=op.f("invoices_paid_at_is_finite_check")),
        sa.CheckConstraint("paid_minor BETWEEN 0 AND total_minor", name=op.f("invoices_paid_is_within_total_check")),
        sa.CheckConstraint("total_minor >= 0", name=op.f("invoices_total_is_not_negative_check")),
        sa.ForeignKeyConstraint(
            ["account_id", "subscription_id"],
            ["subscriptions.account_id", "subscriptions.id"],
            name=op.f("invoices_account_id_subscription_id_fkey"),
        ),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("invoices_account_id_fkey")),
        sa.ForeignKeyConstraint(["legal_entity_id"], ["legal_entities.id"], name=op.f("invoices_legal_entity_id_fkey")),
        sa.PrimaryKeyConstraint("account_id", "id", name=op.f("invoices_pkey")),
        sa.UniqueConstraint("account_id", "number", name=op.f("invoices_account_id_number_key")),
    )
    op.create_index("invoices_by_account_idx", "invoices", ["account_id", "issued_on", "id"], unique=False)
    op.create_index("invoices_id_idx", "invoices", ["id"], unique=False)
    op.create_index(
        "invoices_unpaid_idx",
        "invoices",
        ["account_id", "due_on"],
        unique=False,
        postgresql_where=sa.text("status = 'OPEN'"),
    )
    op.create_table(
        "prices",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("plan_version_id", sa.Uuid(), nullable=False),
        sa.Column("component", sa.Text(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("interval", sa.Text(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.CheckConstraint("currency ~ '^[A-Z]{3}$'", name=op.f("prices_currency_is_iso_check")),
        sa.CheckConstraint("interval IN ('MONTH', 'QUARTER', 'YEAR')", name=op.f("prices_interval_is_known_check")),
        sa.CheckConstraint("model IN ('FLAT', 'PER_UNIT')", name=op.f("prices_model_is_known_check")),
        sa.ForeignKeyConstraint(
            ["plan_version_id", "component"],
            ["plan_components.plan_version_id", "plan_components.code"],
            name=op.f("prices_plan_version_id_component_fkey"),
        ),
        sa.ForeignKeyConstraint(["plan_version_id"], ["plan_versions.id"], name=op.f("prices_plan_version_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("prices_pkey")),
        sa.UniqueConstraint(
            "plan_version_id",
            "component",
            "currency",
            "interval",
            name=op.f("prices_plan_version_id_component_currency_interval_key"),
        ),
        info={"catalog": True},
    )
    op.create_table(
        "quotes",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("subscription_id", sa.Uuid(), nullable=False),
        sa.Column("request", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("outcome", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("priced_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("isfinite(created_at)", name=op.f("quotes_created_at_is_finite_check")),
        sa.CheckConstraint("isfinite(expires_at)", name=op.f("quotes_expires_at_is_finite_check")),
        sa.CheckConstraint("isfinite(priced_at)", name=op.f("quotes_priced_at_is_finite_check")),
        sa.ForeignKeyConstraint(
            ["account_id", "subscription_id"],
            ["subscriptions.account_id", "subscriptions.id"],
            name=op.f("quotes_account_id_subscription_id_fkey"),
        ),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("quotes_account_id_fkey")),
        sa.PrimaryKeyConstraint("account_id", "id", name=op.f("quotes_pkey")),
    )
    op.create_index("quotes_id_idx", "quotes", ["id"], unique=False)
    op.create_table(
        "policy_decisions",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("subscription_id", sa.Uuid(), nullable=False),
        sa.Column("quote_id", sa.Uuid(), nullable=True),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("effective_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("policy_version", sa.Text(), nullable=False),
        sa.Column("reasons", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("actor_kind", sa.Text(), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "actor_kind IN ('CUSTOMER', 'STAFF', 'GATEWAY', 'SCHEMA_READER')",
            name=op.f("policy_decisions_actor_kind_is_known_check"),
        ),
        sa.CheckConstraint(
            "verdict IN ('ALLOW', 'ASK_CONFIRMATION', 'ASK_APPROVAL', 'REFUSE')",
            name=op.f("policy_decisions_verdict_is_known_check"),
        ),
        sa.CheckConstraint("isfinite(created_at)", name=op.f("policy_decisions_created_at_is_finite_check")),
        sa.CheckConstraint("isfinite(effective_at)", name=op.f("policy_decisions_effective_at_is_finite_check")),
        sa.ForeignKeyConstraint(
            ["account_id", "quote_id"],
            ["quotes.account_id", "quotes.id"],
            name=op.f("policy_decisions_account_id_quote_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id", "subscription_id"],
            ["subscriptions.account_id", "subscriptions.id"],
            name=op.f("policy_decisions_account_id_subscription_id_fkey"),
        ),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("policy_decisions_account_id_fkey")),
        sa.PrimaryKeyConstraint("account_id", "id", name=op.f("policy_decisions_pkey")),
    )
    op.create_index("policy_decisions_id_idx", "policy_decisions", ["id"], unique=False)
    op.create_table(
        "price_tiers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("price_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("up_to", sa.BigInteger(), nullable=True),
        sa.Column("unit_minor", sa.Numeric(precision=26, scale=6), nullable=True),
        sa.Column("flat_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.CheckConstraint("currency ~ '^[A-Z]{3}$'", name=op.f("price_tiers_currency_is_iso_check")),
        sa.CheckConstraint("unit_minor <> 'NaN'", name=op.f("price_tiers_unit_minor_is_a_number_check")),
        sa.CheckConstraint(
            "flat_minor >= 0 AND (unit_minor IS NULL OR unit_minor >= 0)",
            name=op.f("price_tiers_is_not_negative_check"),
        ),
        sa.CheckConstraint("up_to > 0", name=op.f("price_tiers_up_to_is_positive_check")),
        sa.ForeignKeyConstraint(["price_id"], ["prices.id"], name=op.f("price_tiers_price_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("price_tiers_pkey")),
        sa.UniqueConstraint("price_id", "position", name=op.f("price_tiers_price_id_position_key")),
        info={"catalog": True},
    )
    op.create_table(
        "subscription_items",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("subscription_id", sa.Uuid(), nullable=False),
        sa.Column("plan_version_id", sa.Uuid(), nullable=False),
        sa.Column("component", sa.Text(), nullable=False),
        sa.Column("price_id", sa.Uuid(), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("valid_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("valid_until", sa.DateTime(timezone=True), nullable=True),
        postgresql.ExcludeConstraint(
            (sa.column("account_id"), "="),
            (sa.column("subscription_id"), "="),
            (sa.column("component"), "="),
            (sa.text("tstzrange(valid_from, valid_until)"), "&&"),
            using="gist",
            name="subscription_items_no_overlap_excl",
        ),
        sa.CheckConstraint("isfinite(valid_from)", name=op.f("subscription_items_valid_from_is_finite_check")),
        sa.CheckConstraint("isfinite(valid_until)", name=op.f("subscription_items_valid_until_is_finite_check")),
        sa.CheckConstraint("quantity >= 0", name=op.f("subscription_items_quantity_is_not_negative_check")),
        sa.ForeignKeyConstraint(
            ["account_id", "subscription_id"],
            ["subscriptions.account_id", "subscriptions.id"],
            name=op.f("subscription_items_account_id_subscription_id_fkey"),
        ),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("subscription_items_account_id_fkey")),
        sa.ForeignKeyConstraint(
            ["plan_version_id"], ["plan_versions.id"], name=op.f("subscription_items_plan_version_id_fkey")
        ),
        sa.ForeignKeyConstraint(["price_id"], ["prices.id"], name=op.f("subscription_items_price_id_fkey")),
        sa.PrimaryKeyConstraint("account_id", "id", name=op.f("subscription_items_pkey")),
    )
    op.create_index(
        "subscription_items_by_subscription_idx",
        "subscription_items",
        ["account_id", "subscription_id", "component", "id"],
        unique=False,
    )
    op.create_index("subscription_items_id_idx", "subscription_items", ["id"], unique=False)
    op.create_table(
        "invoice_lines",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("invoice_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("subscription_id", sa.Uuid(), nullable=False),
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("plan_version_id", sa.Uuid(), nullable=False),
        sa.Column("price_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("cause", sa.Uuid(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("unit_minor", sa.Numeric(precision=26, scale=6), nullable=True),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("service_start", sa.DateTime(timezone=True), nullable=False),
        sa.Column("service_end", sa.DateTime(timezone=True), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("sentence", sa.Text(), nullable=False),
        sa.Column("basis_minor", sa.Numeric(precision=26, scale=6), nullable=False),
        sa.Column("part_s", sa.BigInteger(), nullable=False),
        sa.Column("whole_s", sa.BigInteger(), nullable=False),
        sa.Column("split_minor", sa.BigInteger(), nullable=True),
        sa.Column("credited_line_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint("basis_minor <> 'NaN'", name=op.f("invoice_lines_basis_minor_is_a_number_check")),
        sa.CheckConstraint("currency ~ '^[A-Z]{3}$'", name=op.f("invoice_lines_currency_is_iso_check")),
        sa.CheckConstraint(
            "kind IN ('CHARGE', 'PRORATION_CREDIT', 'PRORATION_CHARGE')", name=op.f("invoice_lines_kind_is_known_check")
        ),
        sa.CheckConstraint("unit_minor <> 'NaN'", name=op.f("invoice_lines_unit_minor_is_a_number_check")),
        sa.CheckConstraint("isfinite(service_end)", name=op.f("invoice_lines_service_end_is_finite_check")),
        sa.CheckConstraint("isfinite(service_start)", name=op.f("invoice_lines_service_start_is_finite_check")),
        sa.CheckConstraint("service_start < service_end", name=op.f("invoice_lines_service_is_not_empty_check")),
        sa.CheckConstraint("whole_s > 0", name=op.f("invoice_lines_whole_is_positive_check")),
        sa.ForeignKeyConstraint(
            ["account_id", "credited_line_id"],
            ["invoice_lines.account_id", "invoice_lines.id"],
            name=op.f("invoice_lines_account_id_credited_line_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id", "invoice_id"],
            ["invoices.account_id", "invoices.id"],
            name=op.f("invoice_lines_account_id_invoice_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id", "item_id"],
            ["subscription_items.account_id", "subscription_items.id"],
            name=op.f("invoice_lines_account_id_item_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id", "subscription_id"],
            ["subscriptions.account_id", "subscriptions.id"],
            name=op.f("invoice_lines_account_id_subscription_id_fkey"),
        ),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("invoice_lines_account_id_fkey")),
        sa.ForeignKeyConstraint(
            ["plan_version_id"], ["plan_versions.id"], name=op.f("invoice_lines_plan_version_id_fkey")
        ),
        sa.ForeignKeyConstraint(["price_id"], ["prices.id"], name=op.f("invoice_lines_price_id_fkey")),
        sa.PrimaryKeyConstraint("account_id", "id", name=op.f("invoice_lines_pkey")),
        sa.UniqueConstraint(
            "account_id", "invoice_id", "position", name=op.f("invoice_lines_account_id_invoice_id_position_key")
        ),
        sa.UniqueConstraint(
            "account_id",
            "subscription_id",
            "item_id",
            "service_start",
            "kind",
            "cause",
            name=op.f("invoice_lines_account_id_subscription_id_item_id_service_start_kind_cause_key"),
        ),
    )
    op.create_index(
        "invoice_lines_by_subscription_idx",
        "invoice_lines",
        ["account_id", "subscription_id", "service_end"],
        unique=False,
    )
    op.create_index(
        "invoice_lines_credited_idx",
        "invoice_lines",
        ["account_id", "credited_line_id"],
        unique=False,
        postgresql_where=sa.text("credited_line_id IS NOT NULL"),
    )
    op.create_index("invoice_lines_id_idx", "invoice_lines", ["id"], unique=False)
    op.create_table(
        "plan_changes",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("subscription_id", sa.Uuid(), nullable=False),
        sa.Column("quote_id", sa.Uuid(), nullable=True),
        sa.Column("decision_id", sa.Uuid(), nullable=False),
        sa.Column("invoice_id", sa.Uuid(), nullable=True),
        sa.Column("from_plan_version_id", sa.Uuid(), nullable=False),
        sa.Column("to_plan_version_id", sa.Uuid(), nullable=False),
        sa.Column("from_interval", sa.Text(), nullable=False),
        sa.Column("to_interval", sa.Text(), nullable=False),
        sa.Column("direction", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("request", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("effective_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "direction IN ('UPGRADE', 'DOWNGRADE', 'LATERAL')", name=op.f("plan_changes_direction_is_known_check")
        ),
        sa.CheckConstraint(
            "from_interval IN ('MONTH', 'QUARTER', 'YEAR')", name=op.f("plan_changes_from_interval_is_known_check")
        ),
        sa.CheckConstraint(
            "status IN ('SCHEDULED', 'APPLIED', 'CANCELLED', 'REFUSED')",
            name=op.f("plan_changes_status_is_known_check"),
        ),
        sa.CheckConstraint(
            "to_interval IN ('MONTH', 'QUARTER', 'YEAR')", name=op.f("plan_changes_to_interval_is_known_check")
        ),
        sa.CheckConstraint("isfinite(applied_at)", name=op.f("plan_changes_applied_at_is_finite_check")),
        sa.CheckConstraint("isfinite(created_at)", name=op.f("plan_changes_created_at_is_finite_check")),
        sa.CheckConstraint("isfinite(effective_at)", name=op.f("plan_changes_effective_at_is_finite_check")),
        sa.ForeignKeyConstraint(
            ["account_id", "decision_id"],
            ["policy_decisions.account_id", "policy_decisions.id"],
            name=op.f("plan_changes_account_id_decision_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id", "invoice_id"],
            ["invoices.account_id", "invoices.id"],
            name=op.f("plan_changes_account_id_invoice_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id", "quote_id"],
            ["quotes.account_id", "quotes.id"],
            name=op.f("plan_changes_account_id_quote_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id", "subscription_id"],
            ["subscriptions.account_id", "subscriptions.id"],
            name=op.f("plan_changes_account_id_subscription_id_fkey"),
        ),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("plan_changes_account_id_fkey")),
        sa.ForeignKeyConstraint(
            ["from_plan_version_id"], ["plan_versions.id"], name=op.f("plan_changes_from_plan_version_id_fkey")
        ),
        sa.ForeignKeyConstraint(
            ["to_plan_version_id"], ["plan_versions.id"], name=op.f("plan_changes_to_plan_version_id_fkey")
        ),
        sa.PrimaryKeyConstraint("account_id", "id", name=op.f("plan_changes_pkey")),
    )
    op.create_index("plan_changes_by_account_idx", "plan_changes", ["account_id", "created_at", "id"], unique=False)
    op.create_index(
        "plan_changes_by_subscription_idx",
        "plan_changes",
        ["account_id", "subscription_id", "created_at", "id"],
        unique=False,
    )
    op.create_index("plan_changes_id_idx", "plan_changes", ["id"], unique=False)
    op.create_index(
        "plan_changes_one_pending_idx",
        "plan_changes",
        ["account_id", "subscription_id"],
        unique=True,
        postgresql_where=sa.text("status = 'SCHEDULED'"),
    )


def downgrade() -> None:
    op.drop_index(
        "plan_changes_one_pending_idx", table_name="plan_changes", postgresql_where=sa.text("status = 'SCHEDULED'")
    )
    op.drop_index("plan_changes_id_idx", table_name="plan_changes")
    op.drop_index("plan_changes_by_subscription_idx", table_name="plan_changes")
    op.drop_index("plan_changes_by_account_idx", table_name="plan_changes")
    op.drop_table("plan_changes")
    op.drop_index("invoice_lines_id_idx", table_name="invoice_lines")
    op.drop_index(
        "invoice_lines_credited_idx",
        table_name="invoice_lines",
        postgresql_where=sa.text("credited_line_id IS NOT NULL"),
    )
    op.drop_index("invoice_lines_by_subscription_idx", table_name="invoice_lines")
    op.drop_table("invoice_lines")
    op.drop_index("subscription_items_id_idx", table_name="subscription_items")
    op.drop_index("subscription_items_by_subscription_idx", table_name="subscription_items")
    op.drop_table("subscription_items")
    op.drop_table("price_tiers")
    op.drop_index("policy_decisions_id_idx", table_name="policy_decisions")
    op.drop_table("policy_decisions")
    op.drop_index("quotes_id_idx", table_name="quotes")
    op.drop_table("quotes")
    op.drop_table("prices")
    op.drop_index("invoices_unpaid_idx", table_name="invoices", postgresql_where=sa.text("status = 'OPEN'"))
    op.drop_index("invoices_id_idx", table_name="invoices")
    op.drop_index("invoices_by_account_idx", table_name="invoices")
    op.drop_table("invoices")
    op.drop_index("entitlements_id_idx", table_name="entitlements")
    op.drop_index("entitlements_by_account_idx", table_name="entitlements")
    op.drop_table("entitlements")
    op.drop_index("commitment_terms_id_idx", table_name="commitment_terms")
    op.drop_table("commitment_terms")
    op.drop_index("subscriptions_id_idx", table_name="subscriptions")
    op.drop_index("subscriptions_due_idx", table_name="subscriptions", postgresql_where=sa.text("ended_at IS NULL"))
    op.drop_index("subscriptions_by_account_idx", table_name="subscriptions")
    op.drop_table("subscriptions")
    op.drop_table("plan_features")
    op.drop_table("plan_components")
    op.drop_table("usage_events")
    op.drop_table("usage_counters")
    op.drop_index("plan_versions_one_current_idx", table_name="plan_versions", postgresql_where=sa.text("is_current"))
    op.drop_table("plan_versions")
    op.drop_index("outbox_events_id_idx", table_name="outbox_events")
    op.drop_table("outbox_events")
    op.drop_index("memberships_user_idx", table_name="memberships")
    op.drop_index("memberships_id_idx", table_name="memberships")
    op.drop_table("memberships")
    op.drop_table("idempotency_keys")
    op.drop_index("entitlement_overrides_id_idx", table_name="entitlement_overrides")
    op.drop_index("entitlement_overrides_by_account_idx", table_name="entitlement_overrides")
    op.drop_table("entitlement_overrides")
    op.drop_index("audit_entries_id_idx", table_name="audit_entries")
    op.drop_index("audit_entries_by_account_idx", table_name="audit_entries")
    op.drop_table("audit_entries")
    op.drop_table("plans")
    op.drop_table("number_series")
    op.drop_table("features")
    op.drop_table("document_numbers")
    op.drop_index("accounts_parent_idx", table_name="accounts")
    op.drop_index("accounts_name_idx", table_name="accounts")
    op.drop_index("accounts_created_idx", table_name="accounts")
    op.drop_table("accounts")
    op.drop_table("users")
    op.drop_table("products")
    op.drop_table("meters")
    op.drop_table("legal_entities")
    op.drop_table("account_external_ids")
