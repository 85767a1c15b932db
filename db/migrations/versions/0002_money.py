"""Money: taxes, discounts, credit notes, the credit ledger, payments, dunning, consolidation, moves of plan versions."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

CHECKS_GONE = (
    ("invoices", "invoices_paid_is_within_total_check"),
    ("invoices", "invoices_total_is_not_negative_check"),
    ("invoices", "invoices_reason_is_known_check"),
    ("invoice_lines", "invoice_lines_kind_is_known_check"),
    ("prices", "prices_model_is_known_check"),
)
CHECKS = (
    ("legal_entities", "legal_entities_grace_is_not_negative_check", "grace_hours >= 0"),
    ("accounts", "accounts_tax_exemption_is_known_check", "tax_exemption IN ('NONE', 'EXEMPT', 'REVERSE_CHARGE')"),
    ("accounts", "accounts_consolidate_at_is_finite_check", "isfinite(consolidate_at)"),
    ("accounts", "accounts_consolidation_day_exists_check", "consolidation_day BETWEEN 1 AND 28"),
    ("accounts", "accounts_consolidation_has_a_payer_check", "NOT is_consolidated OR parent_account_id IS NOT NULL"),
    ("plan_components", "plan_components_timing_is_known_check", "timing IN ('IN_ADVANCE', 'IN_ARREARS')"),
    ("plan_components", "plan_components_use_is_charged_in_arrears_check", "meter_id IS NULL OR timing = 'IN_ARREARS'"),
    ("subscriptions", "subscriptions_plan_version_since_is_finite_check", "isfinite(plan_version_since)"),
    ("subscriptions", "subscriptions_trial_end_at_is_finite_check", "isfinite(trial_end_at)"),
    ("subscriptions", "subscriptions_cancel_at_is_finite_check", "isfinite(cancel_at)"),
    ("subscriptions", "subscriptions_paused_at_is_finite_check", "isfinite(paused_at)"),
    ("subscriptions", "subscriptions_resumes_at_is_finite_check", "isfinite(resumes_at)"),
    ("subscriptions", "subscriptions_due_at_is_finite_check", "isfinite(due_at)"),
    ("subscriptions", "subscriptions_notice_at_is_finite_check", "isfinite(notice_at)"),
    (
        "invoices",
        "invoices_reason_is_known_check",
        "reason IN ('SIGN_UP', 'TRIAL_END', 'RENEWAL', 'PLAN_CHANGE', 'RESUME', 'CANCELLATION', 'ONE_OFF')",
    ),
    ("invoices", "invoices_total_minor_has_its_sign_check", "total_minor >= 0"),
    ("invoices", "invoices_credited_minor_has_its_sign_check", "credited_minor >= 0"),
    ("invoices", "invoices_applied_minor_has_its_sign_check", "applied_minor >= 0"),
    ("invoices", "invoices_paid_minor_has_its_sign_check", "paid_minor >= 0"),
    ("invoices", "invoices_returned_minor_has_its_sign_check", "returned_minor >= 0"),
    ("invoices", "invoices_period_start_is_finite_check", "isfinite(period_start)"),
    ("invoices", "invoices_period_end_is_finite_check", "isfinite(period_end)"),
    ("invoices", "invoices_drafted_at_is_finite_check", "isfinite(drafted_at)"),
    ("invoices", "invoices_finalise_at_is_finite_check", "isfinite(finalise_at)"),
    ("invoices", "invoices_voided_at_is_finite_check", "isfinite(voided_at)"),
    ("invoices", "invoices_written_off_at_is_finite_check", "isfinite(written_off_at)"),
    ("invoices", "invoices_next_step_at_is_finite_check", "isfinite(next_step_at)"),
    (
        "invoices",
        "invoices_consolidated_has_its_due_day_check",
        "(consolidated_invoice_id IS NULL) = (consolidated_due_on IS NULL)",
    ),
    ("invoices", "invoices_total_is_the_sum_check", "subtotal_minor - discount_minor + tax_minor = total_minor"),
    (
        "invoices",
        "invoices_due_is_not_negative_check",
        "total_minor - credited_minor - applied_minor - paid_minor + returned_minor >= 0",
    ),
    ("invoices", "invoices_final_is_no_draft_check", "(status = 'DRAFT') = (finalised_at IS NULL)"),
    ("invoices", "invoices_draft_will_be_final_check", "(status = 'DRAFT') = (finalise_at IS NOT NULL)"),
    (
        "prices",
        "prices_model_is_known_check",
        "model IN ('FLAT', 'PER_UNIT', 'GRADUATED', 'VOLUME', 'PACKAGE', 'PERCENTAGE')",
    ),
    ("prices", "prices_package_size_is_positive_check", "package_size > 0"),
    ("prices", "prices_percent_is_a_share_check", "percent BETWEEN 0 AND 100"),
    ("prices", "prices_minimum_minor_has_its_sign_check", "minimum_minor >= 0"),
    ("prices", "prices_maximum_minor_has_its_sign_check", "maximum_minor >= 0"),
    (
        "invoice_lines",
        "invoice_lines_kind_is_known_check",
        "kind IN ('CHARGE', 'USAGE', 'PRORATION_CREDIT', 'PRORATION_CHARGE', 'TRUE_UP', 'MAXIMUM', 'DISCOUNT', 'ADJUSTMENT', 'ONE_OFF')",
    ),
    ("invoice_lines", "invoice_lines_quantity_is_a_number_check", "quantity <> 'NaN'"),
    ("invoice_lines", "invoice_lines_terms_is_json_check", "terms IS NULL OR terms::jsonb IS NOT NULL"),
    ("invoice_lines", "invoice_lines_discount_is_named_check", "(kind = 'DISCOUNT') = (discount_id IS NOT NULL)"),
)
FILLED = (
    ("accounts", "tax_exemption"),
    ("accounts", "is_consolidated"),
    ("invoice_lines", "tax_minor"),
    ("invoice_lines", "tax_inclusive"),
    ("invoices", "customer_country"),
    ("invoices", "subtotal_minor"),
    ("invoices", "discount_minor"),
    ("invoices", "tax_minor"),
    ("invoices", "credited_minor"),
    ("invoices", "applied_minor"),
    ("invoices", "returned_minor"),
    ("invoices", "drafted_at"),
    ("legal_entities", "address"),
    ("legal_entities", "grace_hours"),
    ("plan_components", "timing"),
    ("prices", "tax_inclusive"),
    ("subscriptions", "plan_version_since"),
)
# what stands in these columns of rows that were there before
BACKFILL = (
    """UPDATE invoices SET subtotal_minor = total_minor, drafted_at = finalised_at,
           customer_country = a.country,
           next_step_at = CASE WHEN invoices.status = 'OPEN' THEN ((due_on + 1)::timestamp AT TIME ZONE 'UTC') END
       FROM accounts a WHERE a.id = invoices.account_id""",
    """UPDATE invoices SET period_start = l.starts, period_end = l.ends
       FROM (SELECT account_id, invoice_id, min(service_start) AS starts, max(service_end) AS ends
             FROM invoice_lines GROUP BY account_id, invoice_id) l
       WHERE l.account_id = invoices.account_id AND l.invoice_id = invoices.id
         AND invoices.reason IN ('SIGN_UP', 'RENEWAL')""",
    """UPDATE subscriptions SET plan_version_since = started_at,
           due_at = CASE WHEN ended_at IS NULL THEN current_period_end END""",
)


def upgrade() -> None:
    op.create_table(
        "sandbox_charges",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("charged_key", sa.Text(), nullable=True),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=True),
        sa.Column("asked", sa.SmallInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("currency ~ '^[A-Z]{3}$'", name=op.f("sandbox_charges_currency_is_iso_check")),
        sa.CheckConstraint("isfinite(created_at)", name=op.f("sandbox_charges_created_at_is_finite_check")),
        sa.PrimaryKeyConstraint("key", name=op.f("sandbox_charges_pkey")),
        info={"not_tenant": "the sandbox provider's own books, as if they were kept elsewhere"},
    )
    op.create_table(
        "tax_rates",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("country", sa.Text(), nullable=False),
        sa.Column("region", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("percent", sa.Numeric(precision=7, scale=4), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.CheckConstraint("percent BETWEEN 0 AND 100", name=op.f("tax_rates_percent_is_a_share_check")),
        sa.CheckConstraint("valid_from < valid_until", name=op.f("tax_rates_validity_is_ordered_check")),
        sa.PrimaryKeyConstraint("id", name=op.f("tax_rates_pkey")),
        sa.UniqueConstraint(
            "country",
            "region",
            "valid_from",
            name=op.f("tax_rates_country_region_valid_from_key"),
            postgresql_nulls_not_distinct=True,
        ),
        info={"catalog": True},
    )
    op.create_index("tax_rates_by_country_idx", "tax_rates", ["country", "valid_from", "id"], unique=False)
    op.drop_index("accounts_parent_idx", table_name="accounts")
    op.create_index("accounts_children_idx", "accounts", ["parent_account_id", "id"], unique=False)
    op.create_index(
        "usage_events_by_meter_idx", "usage_events", ["account_id", "meter_id", "occurred_at"], unique=False
    )
    op.create_index("usage_events_by_receipt_idx", "usage_events", ["account_id", "received_at"], unique=False)
    op.create_table(
        "coupons",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("percent", sa.Numeric(precision=7, scale=4), nullable=True),
        sa.Column("amount_minor", sa.BigInteger(), nullable=True),
        sa.Column("cap_minor", sa.BigInteger(), nullable=True),
        sa.Column("currency", sa.Text(), nullable=True),
        sa.Column("periods", sa.SmallInteger(), nullable=True),
        sa.Column("product_id", sa.Uuid(), nullable=True),
        sa.Column("component", sa.Text(), nullable=True),
        sa.Column("redeem_by", sa.DateTime(timezone=True), nullable=True),
        sa.Column("max_redemptions", sa.Integer(), nullable=True),
        sa.Column("redemptions", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("currency ~ '^[A-Z]{3}$'", name=op.f("coupons_currency_is_iso_check")),
        sa.CheckConstraint(
            "(percent IS NULL) <> (amount_minor IS NULL)", name=op.f("coupons_is_a_share_or_an_amount_check")
        ),
        sa.CheckConstraint("amount_minor > 0", name=op.f("coupons_amount_minor_has_its_sign_check")),
        sa.CheckConstraint("cap_minor > 0", name=op.f("coupons_cap_minor_has_its_sign_check")),
        sa.CheckConstraint("isfinite(created_at)", name=op.f("coupons_created_at_is_finite_check")),
        sa.CheckConstraint("isfinite(redeem_by)", name=op.f("coupons_redeem_by_is_finite_check")),
        sa.CheckConstraint("max_redemptions > 0", name=op.f("coupons_max_redemptions_is_positive_check")),
        sa.CheckConstraint("percent BETWEEN 0 AND 100", name=op.f("coupons_percent_is_a_share_check")),
        sa.CheckConstraint("periods > 0", name=op.f("coupons_periods_is_positive_check")),
        sa.CheckConstraint(
            "redemptions BETWEEN 0 AND max_redemptions", name=op.f("coupons_redemptions_are_within_bounds_check")
        ),
        sa.ForeignKeyConstraint(["product_id"], ["products.id"], name=op.f("coupons_product_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("coupons_pkey")),
        sa.UniqueConstraint("code", name=op.f("coupons_code_key")),
        info={"catalog": True},
    )
    op.create_table(
        "catalog_entries",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("actor_kind", sa.Text(), nullable=False),
        sa.Column("staff_role", sa.Text(), nullable=True),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("subject_type", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("before", sa.Text(), nullable=True),
        sa.Column("after", sa.Text(), nullable=True),
        sa.Column("idempotency_key", sa.Text(), nullable=True),
        sa.Column("input_hash", sa.Text(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "actor_kind IN ('CUSTOMER', 'STAFF', 'GATEWAY', 'SCHEMA_READER')",
            name=op.f("catalog_entries_actor_kind_is_known_check"),
        ),
        sa.CheckConstraint(
            "staff_role IN ('SUPPORT', 'FINANCE', 'SYSTEM')", name=op.f("catalog_entries_staff_role_is_known_check")
        ),
        sa.CheckConstraint(
            "before IS NULL OR before::jsonb IS NOT NULL", name=op.f("catalog_entries_before_is_json_check")
        ),
        sa.CheckConstraint(
            "after IS NULL OR after::jsonb IS NOT NULL", name=op.f("catalog_entries_after_is_json_check")
        ),
        sa.CheckConstraint("isfinite(recorded_at)", name=op.f("catalog_entries_recorded_at_is_finite_check")),
        sa.CheckConstraint(
            "(idempotency_key IS NULL) = (input_hash IS NULL)", name=op.f("catalog_entries_key_has_its_input_check")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("catalog_entries_pkey")),
        sa.UniqueConstraint("idempotency_key", name=op.f("catalog_entries_idempotency_key_key")),
        info={"catalog": True},
    )
    op.create_index("catalog_entries_by_instant_idx", "catalog_entries", ["recorded_at", "id"], unique=False)
    op.create_table(
        "consolidated_invoices",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("legal_entity_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Text(), nullable=True),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("customer_name", sa.Text(), nullable=False),
        sa.Column("customer_address", sa.Text(), nullable=True),
        sa.Column("customer_tax_id", sa.Text(), nullable=True),
        sa.Column("total_minor", sa.BigInteger(), nullable=False),
        sa.Column("invoices", sa.SmallInteger(), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("finalised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("paid_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("next_step_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("currency ~ '^[A-Z]{3}$'", name=op.f("consolidated_invoices_currency_is_iso_check")),
        sa.CheckConstraint("isfinite(next_step_at)", name=op.f("consolidated_invoices_next_step_at_is_finite_check")),
        sa.CheckConstraint("isfinite(paid_at)", name=op.f("consolidated_invoices_paid_at_is_finite_check")),
        sa.CheckConstraint("isfinite(finalised_at)", name=op.f("consolidated_invoices_finalised_at_is_finite_check")),
        sa.CheckConstraint("total_minor >= 0", name=op.f("consolidated_invoices_total_minor_has_its_sign_check")),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("consolidated_invoices_account_id_fkey")),
        sa.ForeignKeyConstraint(
            ["legal_entity_id"], ["legal_entities.id"], name=op.f("consolidated_invoices_legal_entity_id_fkey")
        ),
        sa.PrimaryKeyConstraint("account_id", "id", name=op.f("consolidated_invoices_pkey")),
        sa.UniqueConstraint("account_id", "number", name=op.f("consolidated_invoices_account_id_number_key")),
    )
    op.create_index(
        "consolidated_invoices_by_account_idx", "consolidated_invoices", ["account_id", "issued_on", "id"], unique=False
    )
    op.create_index("consolidated_invoices_id_idx", "consolidated_invoices", ["id"], unique=False)
    op.create_index(
        "consolidated_invoices_next_step_idx",
        "consolidated_invoices",
        ["next_step_at"],
        unique=False,
        postgresql_where=sa.text("next_step_at IS NOT NULL"),
    )
    op.create_table(
        "payment_methods",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("brand", sa.Text(), nullable=False),
        sa.Column("last4", sa.Text(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.Column("is_default", sa.Boolean(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("NOT is_default OR status = 'ACTIVE'", name=op.f("payment_methods_default_is_active_check")),
        sa.CheckConstraint("last4 ~ '^[0-9]{4}$'", name=op.f("payment_methods_last4_is_four_digits_check")),
        sa.CheckConstraint("status IN ('ACTIVE', 'REMOVED')", name=op.f("payment_methods_status_is_known_check")),
        sa.CheckConstraint("isfinite(created_at)", name=op.f("payment_methods_created_at_is_finite_check")),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("payment_methods_account_id_fkey")),
        sa.PrimaryKeyConstraint("account_id", "id", name=op.f("payment_methods_pkey")),
    )
    op.create_index(
        "payment_methods_by_account_idx", "payment_methods", ["account_id", "created_at", "id"], unique=False
    )
    op.create_index("payment_methods_id_idx", "payment_methods", ["id"], unique=False)
    op.create_index(
        "payment_methods_one_default_idx",
        "payment_methods",
        ["account_id"],
        unique=True,
        postgresql_where=sa.text("is_default"),
    )
    op.create_table(
        "plan_bounds",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("plan_version_id", sa.Uuid(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("interval", sa.Text(), nullable=False),
        sa.Column("minimum_minor", sa.BigInteger(), nullable=True),
        sa.Column("maximum_minor", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("currency ~ '^[A-Z]{3}$'", name=op.f("plan_bounds_currency_is_iso_check")),
        sa.CheckConstraint(
            "interval IN ('MONTH', 'QUARTER', 'YEAR')", name=op.f("plan_bounds_interval_is_known_check")
        ),
        sa.CheckConstraint("maximum_minor >= 0", name=op.f("plan_bounds_maximum_minor_has_its_sign_check")),
        sa.CheckConstraint("minimum_minor <= maximum_minor", name=op.f("plan_bounds_bounds_are_ordered_check")),
        sa.CheckConstraint("minimum_minor >= 0", name=op.f("plan_bounds_minimum_minor_has_its_sign_check")),
        sa.ForeignKeyConstraint(
            ["plan_version_id"], ["plan_versions.id"], name=op.f("plan_bounds_plan_version_id_fkey")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("plan_bounds_pkey")),
        sa.UniqueConstraint(
            "plan_version_id", "currency", "interval", name=op.f("plan_bounds_plan_version_id_currency_interval_key")
        ),
        info={"catalog": True},
    )
    op.create_table(
        "plan_version_migrations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("to_plan_version_id", sa.Uuid(), nullable=False),
        sa.Column("segment", sa.Text(), nullable=True),
        sa.Column("notice_days", sa.SmallInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "segment IN ('SMB', 'ENTERPRISE')", name=op.f("plan_version_migrations_segment_is_known_check")
        ),
        sa.CheckConstraint("isfinite(created_at)", name=op.f("plan_version_migrations_created_at_is_finite_check")),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.id"], name=op.f("plan_version_migrations_plan_id_fkey")),
        sa.ForeignKeyConstraint(
            ["to_plan_version_id"], ["plan_versions.id"], name=op.f("plan_version_migrations_to_plan_version_id_fkey")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("plan_version_migrations_pkey")),
        info={"catalog": True},
    )
    op.create_table(
        "discounts",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("subscription_id", sa.Uuid(), nullable=False),
        sa.Column("coupon_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("percent", sa.Numeric(precision=7, scale=4), nullable=True),
        sa.Column("amount_minor", sa.BigInteger(), nullable=True),
        sa.Column("cap_minor", sa.BigInteger(), nullable=True),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("periods", sa.SmallInteger(), nullable=True),
        sa.Column("component", sa.Text(), nullable=True),
        sa.Column("redeemed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("currency ~ '^[A-Z]{3}$'", name=op.f("discounts_currency_is_iso_check")),
        sa.CheckConstraint("amount_minor > 0", name=op.f("discounts_amount_minor_has_its_sign_check")),
        sa.CheckConstraint("cap_minor > 0", name=op.f("discounts_cap_minor_has_its_sign_check")),
        sa.CheckConstraint("isfinite(ended_at)", name=op.f("discounts_ended_at_is_finite_check")),
        sa.CheckConstraint("isfinite(redeemed_at)", name=op.f("discounts_redeemed_at_is_finite_check")),
        sa.CheckConstraint("percent BETWEEN 0 AND 100", name=op.f("discounts_percent_is_a_share_check")),
        sa.ForeignKeyConstraint(
            ["account_id", "subscription_id"],
            ["subscriptions.account_id", "subscriptions.id"],
            name=op.f("discounts_account_id_subscription_id_fkey"),
        ),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("discounts_account_id_fkey")),
        sa.ForeignKeyConstraint(["coupon_id"], ["coupons.id"], name=op.f("discounts_coupon_id_fkey")),
        sa.PrimaryKeyConstraint("account_id", "id", name=op.f("discounts_pkey")),
        sa.UniqueConstraint(
            "account_id",
            "subscription_id",
            "coupon_id",
            name=op.f("discounts_account_id_subscription_id_coupon_id_key"),
        ),
    )
    op.create_index(
        "discounts_by_subscription_idx",
        "discounts",
        ["account_id", "subscription_id"],
        unique=False,
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_index("discounts_id_idx", "discounts", ["id"], unique=False)
    op.create_table(
        "subscription_migrations",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("migration_id", sa.Uuid(), nullable=False),
        sa.Column("subscription_id", sa.Uuid(), nullable=False),
        sa.Column("from_plan_version_id", sa.Uuid(), nullable=False),
        sa.Column("to_plan_version_id", sa.Uuid(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("effective_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("announced_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "status IN ('SCHEDULED', 'DONE', 'CANCELLED')", name=op.f("subscription_migrations_status_is_known_check")
        ),
        sa.CheckConstraint("isfinite(announced_at)", name=op.f("subscription_migrations_announced_at_is_finite_check")),
        sa.CheckConstraint("isfinite(done_at)", name=op.f("subscription_migrations_done_at_is_finite_check")),
        sa.CheckConstraint("isfinite(effective_at)", name=op.f("subscription_migrations_effective_at_is_finite_check")),
        sa.ForeignKeyConstraint(
            ["account_id", "subscription_id"],
            ["subscriptions.account_id", "subscriptions.id"],
            name=op.f("subscription_migrations_account_id_subscription_id_fkey"),
        ),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("subscription_migrations_account_id_fkey")),
        sa.ForeignKeyConstraint(
            ["from_plan_version_id"],
            ["plan_versions.id"],
            name=op.f("subscription_migrations_from_plan_version_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["migration_id"], ["plan_version_migrations.id"], name=op.f("subscription_migrations_migration_id_fkey")
        ),
        sa.ForeignKeyConstraint(
            ["to_plan_version_id"], ["plan_versions.id"], name=op.f("subscription_migrations_to_plan_version_id_fkey")
        ),
        sa.PrimaryKeyConstraint("account_id", "id", name=op.f("subscription_migrations_pkey")),
        sa.UniqueConstraint(
            "account_id",
            "migration_id",
            "subscription_id",
            name=op.f("subscription_migrations_account_id_migration_id_subscription_id_key"),
        ),
    )
    op.create_index("subscription_migrations_id_idx", "subscription_migrations", ["id"], unique=False)
    op.create_index(
        "subscription_migrations_one_waiting_idx",
        "subscription_migrations",
        ["account_id", "subscription_id"],
        unique=True,
        postgresql_where=sa.text("status = 'SCHEDULED'"),
    )
    op.create_table(
        "credit_notes",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("legal_entity_id", sa.Uuid(), nullable=False),
        sa.Column("invoice_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("memo", sa.Text(), nullable=True),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("customer_name", sa.Text(), nullable=False),
        sa.Column("subtotal_minor", sa.BigInteger(), nullable=False),
        sa.Column("tax_minor", sa.BigInteger(), nullable=False),
        sa.Column("total_minor", sa.BigInteger(), nullable=False),
        sa.Column("to_invoice_minor", sa.BigInteger(), nullable=False),
        sa.Column("to_balance_minor", sa.BigInteger(), nullable=False),
        sa.Column("to_refund_minor", sa.BigInteger(), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("currency ~ '^[A-Z]{3}$'", name=op.f("credit_notes_currency_is_iso_check")),
        sa.CheckConstraint(
            "reason IN ('PLAN_CHANGE', 'PAUSE', 'CANCELLATION', 'USAGE_CORRECTION', 'BILLING_ERROR', 'GOODWILL')",
            name=op.f("credit_notes_reason_is_known_check"),
        ),
        sa.CheckConstraint("isfinite(created_at)", name=op.f("credit_notes_created_at_is_finite_check")),
        sa.CheckConstraint(
            "subtotal_minor + tax_minor = total_minor", name=op.f("credit_notes_total_is_the_sum_check")
        ),
        sa.CheckConstraint("subtotal_minor >= 0", name=op.f("credit_notes_subtotal_minor_has_its_sign_check")),
        sa.CheckConstraint("tax_minor >= 0", name=op.f("credit_notes_tax_minor_has_its_sign_check")),
        sa.CheckConstraint("to_balance_minor >= 0", name=op.f("credit_notes_to_balance_minor_has_its_sign_check")),
        sa.CheckConstraint(
            "to_invoice_minor + to_balance_minor + to_refund_minor = total_minor",
            name=op.f("credit_notes_goes_somewhere_check"),
        ),
        sa.CheckConstraint("to_invoice_minor >= 0", name=op.f("credit_notes_to_invoice_minor_has_its_sign_check")),
        sa.CheckConstraint("to_refund_minor >= 0", name=op.f("credit_notes_to_refund_minor_has_its_sign_check")),
        sa.CheckConstraint("total_minor > 0", name=op.f("credit_notes_total_minor_has_its_sign_check")),
        sa.ForeignKeyConstraint(
            ["account_id", "invoice_id"],
            ["invoices.account_id", "invoices.id"],
            name=op.f("credit_notes_account_id_invoice_id_fkey"),
        ),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("credit_notes_account_id_fkey")),
        sa.ForeignKeyConstraint(
            ["legal_entity_id"], ["legal_entities.id"], name=op.f("credit_notes_legal_entity_id_fkey")
        ),
        sa.PrimaryKeyConstraint("account_id", "id", name=op.f("credit_notes_pkey")),
        sa.UniqueConstraint("account_id", "number", name=op.f("credit_notes_account_id_number_key")),
    )
    op.create_index("credit_notes_by_account_idx", "credit_notes", ["account_id", "issued_on", "id"], unique=False)
    op.create_index("credit_notes_by_invoice_idx", "credit_notes", ["account_id", "invoice_id"], unique=False)
    op.create_index("credit_notes_id_idx", "credit_notes", ["id"], unique=False)
    op.create_table(
        "discount_periods",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("discount_id", sa.Uuid(), nullable=False),
        sa.Column("period_start", sa.DateTime(timezone=True), nullable=False),
        sa.Column("period_end", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("isfinite(period_end)", name=op.f("discount_periods_period_end_is_finite_check")),
        sa.CheckConstraint("isfinite(period_start)", name=op.f("discount_periods_period_start_is_finite_check")),
        sa.ForeignKeyConstraint(
            ["account_id", "discount_id"],
            ["discounts.account_id", "discounts.id"],
            name=op.f("discount_periods_account_id_discount_id_fkey"),
        ),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("discount_periods_account_id_fkey")),
        sa.PrimaryKeyConstraint("account_id", "discount_id", "period_start", name=op.f("discount_periods_pkey")),
    )
    op.create_table(
        "dunning_steps",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("invoice_id", sa.Uuid(), nullable=True),
        sa.Column("consolidated_invoice_id", sa.Uuid(), nullable=True),
        sa.Column("day", sa.SmallInteger(), nullable=False),
        sa.Column("actions", sa.Text(), nullable=False),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(invoice_id IS NULL) <> (consolidated_invoice_id IS NULL)",
            name=op.f("dunning_steps_is_of_one_document_check"),
        ),
        sa.CheckConstraint("isfinite(occurred_at)", name=op.f("dunning_steps_occurred_at_is_finite_check")),
        sa.ForeignKeyConstraint(
            ["account_id", "consolidated_invoice_id"],
            ["consolidated_invoices.account_id", "consolidated_invoices.id"],
            name=op.f("dunning_steps_account_id_consolidated_invoice_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id", "invoice_id"],
            ["invoices.account_id", "invoices.id"],
            name=op.f("dunning_steps_account_id_invoice_id_fkey"),
        ),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("dunning_steps_account_id_fkey")),
        sa.PrimaryKeyConstraint("account_id", "id", name=op.f("dunning_steps_pkey")),
        sa.UniqueConstraint(
            "account_id",
            "consolidated_invoice_id",
            "day",
            name=op.f("dunning_steps_account_id_consolidated_invoice_id_day_key"),
        ),
        sa.UniqueConstraint(
            "account_id", "invoice_id", "day", name=op.f("dunning_steps_account_id_invoice_id_day_key")
        ),
    )
    op.create_index("dunning_steps_id_idx", "dunning_steps", ["id"], unique=False)
    op.create_table(
        "invoice_taxes",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("invoice_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("tax_rate_id", sa.Uuid(), nullable=True),
        sa.Column("treatment", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("percent", sa.Numeric(precision=7, scale=4), nullable=False),
        sa.Column("is_inclusive", sa.Boolean(), nullable=False),
        sa.Column("base_minor", sa.BigInteger(), nullable=False),
        sa.Column("tax_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("sentence", sa.Text(), nullable=False),
        sa.CheckConstraint("currency ~ '^[A-Z]{3}$'", name=op.f("invoice_taxes_currency_is_iso_check")),
        sa.CheckConstraint(
            "treatment IN ('STANDARD', 'EXEMPT', 'REVERSE_CHARGE', 'NOT_TAXED')",
            name=op.f("invoice_taxes_treatment_is_known_check"),
        ),
        sa.CheckConstraint("percent BETWEEN 0 AND 100", name=op.f("invoice_taxes_percent_is_a_share_check")),
        sa.ForeignKeyConstraint(
            ["account_id", "invoice_id"],
            ["invoices.account_id", "invoices.id"],
            name=op.f("invoice_taxes_account_id_invoice_id_fkey"),
        ),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("invoice_taxes_account_id_fkey")),
        sa.ForeignKeyConstraint(["tax_rate_id"], ["tax_rates.id"], name=op.f("invoice_taxes_tax_rate_id_fkey")),
        sa.PrimaryKeyConstraint("account_id", "id", name=op.f("invoice_taxes_pkey")),
        sa.UniqueConstraint(
            "account_id", "invoice_id", "position", name=op.f("invoice_taxes_account_id_invoice_id_position_key")
        ),
    )
    op.create_index("invoice_taxes_id_idx", "invoice_taxes", ["id"], unique=False)
    op.create_table(
        "payments",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("invoice_id", sa.Uuid(), nullable=True),
        sa.Column("consolidated_invoice_id", sa.Uuid(), nullable=True),
        sa.Column("payment_method_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("refunded_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=True),
        sa.Column("failure_code", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("poll_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("currency ~ '^[A-Z]{3}$'", name=op.f("payments_currency_is_iso_check")),
        sa.CheckConstraint("kind IN ('METHOD', 'MANUAL')", name=op.f("payments_kind_is_known_check")),
        sa.CheckConstraint(
            "status IN ('PROCESSING', 'REQUIRES_ACTION', 'SUCCEEDED', 'FAILED', 'CANCELLED')",
            name=op.f("payments_status_is_known_check"),
        ),
        sa.CheckConstraint(
            "(invoice_id IS NULL) <> (consolidated_invoice_id IS NULL)", name=op.f("payments_pays_one_document_check")
        ),
        sa.CheckConstraint("amount_minor > 0", name=op.f("payments_amount_minor_has_its_sign_check")),
        sa.CheckConstraint("isfinite(created_at)", name=op.f("payments_created_at_is_finite_check")),
        sa.CheckConstraint("isfinite(poll_at)", name=op.f("payments_poll_at_is_finite_check")),
        sa.CheckConstraint("isfinite(settled_at)", name=op.f("payments_settled_at_is_finite_check")),
        sa.CheckConstraint("refunded_minor <= amount_minor", name=op.f("payments_refund_is_within_payment_check")),
        sa.CheckConstraint("refunded_minor >= 0", name=op.f("payments_refunded_minor_has_its_sign_check")),
        sa.ForeignKeyConstraint(
            ["account_id", "consolidated_invoice_id"],
            ["consolidated_invoices.account_id", "consolidated_invoices.id"],
            name=op.f("payments_account_id_consolidated_invoice_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id", "invoice_id"],
            ["invoices.account_id", "invoices.id"],
            name=op.f("payments_account_id_invoice_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id", "payment_method_id"],
            ["payment_methods.account_id", "payment_methods.id"],
            name=op.f("payments_account_id_payment_method_id_fkey"),
        ),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("payments_account_id_fkey")),
        sa.PrimaryKeyConstraint("account_id", "id", name=op.f("payments_pkey")),
    )
    op.create_index("payments_by_account_idx", "payments", ["account_id", "created_at", "id"], unique=False)
    op.create_index("payments_by_invoice_idx", "payments", ["account_id", "invoice_id"], unique=False)
    op.create_index(
        "payments_by_consolidated_idx",
        "payments",
        ["account_id", "consolidated_invoice_id"],
        unique=False,
        postgresql_where=sa.text("consolidated_invoice_id IS NOT NULL"),
    )
    op.create_index("payments_id_idx", "payments", ["id"], unique=False)
    op.create_index(
        "payments_one_for_consolidated_idx",
        "payments",
        ["account_id", "consolidated_invoice_id"],
        unique=True,
        postgresql_where=sa.text("status IN ('PROCESSING', 'REQUIRES_ACTION')"),
    )
    op.create_index(
        "payments_one_under_way_idx",
        "payments",
        ["account_id", "invoice_id"],
        unique=True,
        postgresql_where=sa.text("status IN ('PROCESSING', 'REQUIRES_ACTION')"),
    )
    op.create_index(
        "payments_poll_idx", "payments", ["poll_at"], unique=False, postgresql_where=sa.text("poll_at IS NOT NULL")
    )
    op.create_table(
        "credit_entries",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("balance_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("grant_id", sa.Uuid(), nullable=True),
        sa.Column("credit_note_id", sa.Uuid(), nullable=True),
        sa.Column("invoice_id", sa.Uuid(), nullable=True),
        sa.Column("memo", sa.Text(), nullable=True),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(kind = 'GRANTED') = (grant_id IS NULL)", name=op.f("credit_entries_draws_on_a_grant_check")
        ),
        sa.CheckConstraint(
            "(kind IN ('GRANTED', 'RESTORED')) = (amount_minor > 0)",
            name=op.f("credit_entries_amount_follows_kind_check"),
        ),
        sa.CheckConstraint("currency ~ '^[A-Z]{3}$'", name=op.f("credit_entries_currency_is_iso_check")),
        sa.CheckConstraint(
            "kind IN ('GRANTED', 'APPLIED', 'RESTORED', 'WITHDRAWN', 'EXPIRED')",
            name=op.f("credit_entries_kind_is_known_check"),
        ),
        sa.CheckConstraint("amount_minor <> 0", name=op.f("credit_entries_amount_minor_has_its_sign_check")),
        sa.CheckConstraint("balance_minor >= 0", name=op.f("credit_entries_balance_minor_has_its_sign_check")),
        sa.CheckConstraint("isfinite(occurred_at)", name=op.f("credit_entries_occurred_at_is_finite_check")),
        sa.ForeignKeyConstraint(
            ["account_id", "credit_note_id"],
            ["credit_notes.account_id", "credit_notes.id"],
            name=op.f("credit_entries_account_id_credit_note_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id", "grant_id"],
            ["credit_entries.account_id", "credit_entries.id"],
            name=op.f("credit_entries_account_id_grant_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id", "invoice_id"],
            ["invoices.account_id", "invoices.id"],
            name=op.f("credit_entries_account_id_invoice_id_fkey"),
        ),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("credit_entries_account_id_fkey")),
        sa.PrimaryKeyConstraint("account_id", "id", name=op.f("credit_entries_pkey")),
        sa.UniqueConstraint("account_id", "sequence", name=op.f("credit_entries_account_id_sequence_key")),
    )
    op.create_index("credit_entries_id_idx", "credit_entries", ["id"], unique=False)
    op.create_table(
        "payment_attempts",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("payment_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.SmallInteger(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=True),
        sa.Column("code", sa.Text(), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "status IN ('SENT', 'TIMED_OUT', 'REQUIRES_ACTION', 'SUCCEEDED', 'DECLINED')",
            name=op.f("payment_attempts_status_is_known_check"),
        ),
        sa.CheckConstraint("isfinite(answered_at)", name=op.f("payment_attempts_answered_at_is_finite_check")),
        sa.CheckConstraint("isfinite(sent_at)", name=op.f("payment_attempts_sent_at_is_finite_check")),
        sa.ForeignKeyConstraint(
            ["account_id", "payment_id"],
            ["payments.account_id", "payments.id"],
            name=op.f("payment_attempts_account_id_payment_id_fkey"),
        ),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("payment_attempts_account_id_fkey")),
        sa.PrimaryKeyConstraint("account_id", "id", name=op.f("payment_attempts_pkey")),
        sa.UniqueConstraint(
            "account_id", "payment_id", "number", name=op.f("payment_attempts_account_id_payment_id_number_key")
        ),
    )
    op.create_index("payment_attempts_id_idx", "payment_attempts", ["id"], unique=False)
    op.create_table(
        "refunds",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("payment_id", sa.Uuid(), nullable=False),
        sa.Column("credit_note_id", sa.Uuid(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("reference", sa.Text(), nullable=True),
        sa.Column("failure_code", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("poll_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("currency ~ '^[A-Z]{3}$'", name=op.f("refunds_currency_is_iso_check")),
        sa.CheckConstraint(
            "status IN ('PROCESSING', 'SUCCEEDED', 'FAILED')", name=op.f("refunds_status_is_known_check")
        ),
        sa.CheckConstraint("amount_minor > 0", name=op.f("refunds_amount_minor_has_its_sign_check")),
        sa.CheckConstraint("isfinite(created_at)", name=op.f("refunds_created_at_is_finite_check")),
        sa.CheckConstraint("isfinite(poll_at)", name=op.f("refunds_poll_at_is_finite_check")),
        sa.CheckConstraint("isfinite(settled_at)", name=op.f("refunds_settled_at_is_finite_check")),
        sa.ForeignKeyConstraint(
            ["account_id", "credit_note_id"],
            ["credit_notes.account_id", "credit_notes.id"],
            name=op.f("refunds_account_id_credit_note_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id", "payment_id"],
            ["payments.account_id", "payments.id"],
            name=op.f("refunds_account_id_payment_id_fkey"),
        ),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("refunds_account_id_fkey")),
        sa.PrimaryKeyConstraint("account_id", "id", name=op.f("refunds_pkey")),
    )
    op.create_index("refunds_by_payment_idx", "refunds", ["account_id", "payment_id"], unique=False)
    op.create_index("refunds_id_idx", "refunds", ["id"], unique=False)
    op.create_index(
        "refunds_poll_idx", "refunds", ["poll_at"], unique=False, postgresql_where=sa.text("poll_at IS NOT NULL")
    )
    op.create_table(
        "charges",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subscription_id", sa.Uuid(), nullable=True),
        sa.Column("line_id", sa.Uuid(), nullable=True),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("invoice_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "(kind = 'ADJUSTMENT') = (line_id IS NOT NULL)", name=op.f("charges_adjustment_names_its_line_check")
        ),
        sa.CheckConstraint("currency ~ '^[A-Z]{3}$'", name=op.f("charges_currency_is_iso_check")),
        sa.CheckConstraint("kind = 'ADJUSTMENT' OR amount_minor > 0", name=op.f("charges_charge_is_positive_check")),
        sa.CheckConstraint("kind IN ('ONE_OFF', 'ADJUSTMENT')", name=op.f("charges_kind_is_known_check")),
        sa.CheckConstraint("amount_minor <> 0", name=op.f("charges_amount_minor_has_its_sign_check")),
        sa.CheckConstraint("isfinite(created_at)", name=op.f("charges_created_at_is_finite_check")),
        sa.ForeignKeyConstraint(
            ["account_id", "invoice_id"],
            ["invoices.account_id", "invoices.id"],
            name=op.f("charges_account_id_invoice_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id", "line_id"],
            ["invoice_lines.account_id", "invoice_lines.id"],
            name=op.f("charges_account_id_line_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id", "subscription_id"],
            ["subscriptions.account_id", "subscriptions.id"],
            name=op.f("charges_account_id_subscription_id_fkey"),
        ),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("charges_account_id_fkey")),
        sa.PrimaryKeyConstraint("account_id", "id", name=op.f("charges_pkey")),
    )
    op.create_index(
        "charges_adjusting_idx",
        "charges",
        ["account_id", "line_id"],
        unique=False,
        postgresql_where=sa.text("line_id IS NOT NULL"),
    )
    op.create_index("charges_id_idx", "charges", ["id"], unique=False)
    op.create_index(
        "charges_waiting_idx",
        "charges",
        ["account_id", "id"],
        unique=False,
        postgresql_where=sa.text("invoice_id IS NULL"),
    )
    op.create_table(
        "credit_note_lines",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("credit_note_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("invoice_line_id", sa.Uuid(), nullable=False),
        sa.Column("cause", sa.Uuid(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("tax_minor", sa.BigInteger(), nullable=False),
        sa.Column("tax_inclusive", sa.Boolean(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("service_start", sa.DateTime(timezone=True), nullable=True),
        sa.Column("service_end", sa.DateTime(timezone=True), nullable=True),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("sentence", sa.Text(), nullable=False),
        sa.Column("basis_minor", sa.Numeric(precision=40, scale=12), nullable=False),
        sa.Column("part_s", sa.BigInteger(), nullable=False),
        sa.Column("whole_s", sa.BigInteger(), nullable=False),
        sa.Column("split_minor", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("basis_minor <> 'NaN'", name=op.f("credit_note_lines_basis_minor_is_a_number_check")),
        sa.CheckConstraint("currency ~ '^[A-Z]{3}$'", name=op.f("credit_note_lines_currency_is_iso_check")),
        sa.CheckConstraint("amount_minor >= 0", name=op.f("credit_note_lines_amount_minor_has_its_sign_check")),
        sa.CheckConstraint("isfinite(service_end)", name=op.f("credit_note_lines_service_end_is_finite_check")),
        sa.CheckConstraint("isfinite(service_start)", name=op.f("credit_note_lines_service_start_is_finite_check")),
        sa.CheckConstraint("tax_minor >= 0", name=op.f("credit_note_lines_tax_minor_has_its_sign_check")),
        sa.CheckConstraint("whole_s > 0", name=op.f("credit_note_lines_whole_is_positive_check")),
        sa.ForeignKeyConstraint(
            ["account_id", "credit_note_id"],
            ["credit_notes.account_id", "credit_notes.id"],
            name=op.f("credit_note_lines_account_id_credit_note_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id", "invoice_line_id"],
            ["invoice_lines.account_id", "invoice_lines.id"],
            name=op.f("credit_note_lines_account_id_invoice_line_id_fkey"),
        ),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("credit_note_lines_account_id_fkey")),
        sa.PrimaryKeyConstraint("account_id", "id", name=op.f("credit_note_lines_pkey")),
        sa.UniqueConstraint(
            "account_id",
            "credit_note_id",
            "position",
            name=op.f("credit_note_lines_account_id_credit_note_id_position_key"),
        ),
        sa.UniqueConstraint(
            "account_id",
            "invoice_line_id",
            "cause",
            name=op.f("credit_note_lines_account_id_invoice_line_id_cause_key"),
        ),
    )
    op.create_index("credit_note_lines_id_idx", "credit_note_lines", ["id"], unique=False)
    for table, name in CHECKS_GONE:
        op.drop_constraint(op.f(name), table, type_="check")
    op.add_column("accounts", sa.Column("region", sa.Text(), nullable=True))
    op.add_column("accounts", sa.Column("address", sa.Text(), nullable=True))
    op.add_column("accounts", sa.Column("tax_id", sa.Text(), nullable=True))
    op.add_column("accounts", sa.Column("tax_exemption", sa.Text(), nullable=False, server_default=sa.text("'NONE'")))
    op.add_column(
        "accounts", sa.Column("is_consolidated", sa.Boolean(), nullable=False, server_default=sa.text("false"))
    )
    op.add_column("accounts", sa.Column("consolidation_day", sa.SmallInteger(), nullable=True))
    op.add_column("accounts", sa.Column("consolidate_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(
        "accounts_consolidate_idx",
        "accounts",
        ["consolidate_at"],
        unique=False,
        postgresql_where=sa.text("consolidate_at IS NOT NULL"),
    )
    op.add_column("invoice_lines", sa.Column("tax_minor", sa.BigInteger(), nullable=False, server_default=sa.text("0")))
    op.add_column(
        "invoice_lines", sa.Column("tax_inclusive", sa.Boolean(), nullable=False, server_default=sa.text("false"))
    )
    op.add_column("invoice_lines", sa.Column("tax_rate_id", sa.Uuid(), nullable=True))
    op.add_column("invoice_lines", sa.Column("discount_id", sa.Uuid(), nullable=True))
    op.add_column("invoice_lines", sa.Column("discounted_line_id", sa.Uuid(), nullable=True))
    op.add_column("invoice_lines", sa.Column("terms", sa.Text(), nullable=True))
    op.alter_column("invoice_lines", "subscription_id", existing_type=sa.UUID(), nullable=True)
    op.alter_column("invoice_lines", "item_id", existing_type=sa.UUID(), nullable=True)
    op.alter_column("invoice_lines", "plan_version_id", existing_type=sa.UUID(), nullable=True)
    op.alter_column("invoice_lines", "price_id", existing_type=sa.UUID(), nullable=True)
    op.alter_column(
        "invoice_lines",
        "quantity",
        existing_type=sa.BIGINT(),
        type_=sa.Numeric(precision=26, scale=6),
        existing_nullable=False,
    )
    op.alter_column(
        "invoice_lines",
        "basis_minor",
        existing_type=sa.NUMERIC(precision=26, scale=6),
        type_=sa.Numeric(precision=40, scale=12),
        existing_nullable=False,
    )
    op.drop_constraint(
        op.f("invoice_lines_account_id_subscription_id_item_id_servic_e524"), "invoice_lines", type_="unique"
    )
    op.create_unique_constraint(
        op.f("invoice_lines_once_key"),
        "invoice_lines",
        ["account_id", "subscription_id", "item_id", "service_start", "kind", "cause", "discount_id"],
        postgresql_nulls_not_distinct=True,
    )
    op.create_index(
        "invoice_lines_discounted_idx",
        "invoice_lines",
        ["account_id", "discounted_line_id"],
        unique=False,
        postgresql_where=sa.text("discounted_line_id IS NOT NULL"),
    )
    op.create_foreign_key(
        op.f("invoice_lines_account_id_discounted_line_id_fkey"),
        "invoice_lines",
        "invoice_lines",
        ["account_id", "discounted_line_id"],
        ["account_id", "id"],
    )
    op.create_foreign_key(
        op.f("invoice_lines_account_id_discount_id_fkey"),
        "invoice_lines",
        "discounts",
        ["account_id", "discount_id"],
        ["account_id", "id"],
    )
    op.create_foreign_key(op.f("invoice_lines_tax_rate_id_fkey"), "invoice_lines", "tax_rates", ["tax_rate_id"], ["id"])
    op.add_column("invoices", sa.Column("payer_account_id", sa.Uuid(), nullable=True))
    op.add_column("invoices", sa.Column("consolidated_invoice_id", sa.Uuid(), nullable=True))
    op.add_column("invoices", sa.Column("consolidated_due_on", sa.Date(), nullable=True))
    op.add_column("invoices", sa.Column("replaces_invoice_id", sa.Uuid(), nullable=True))
    op.add_column("invoices", sa.Column("customer_address", sa.Text(), nullable=True))
    op.add_column("invoices", sa.Column("customer_tax_id", sa.Text(), nullable=True))
    op.add_column("invoices", sa.Column("customer_country", sa.Text(), nullable=False, server_default=sa.text("''")))
    op.add_column("invoices", sa.Column("subtotal_minor", sa.BigInteger(), nullable=False, server_default=sa.text("0")))
    op.add_column("invoices", sa.Column("discount_minor", sa.BigInteger(), nullable=False, server_default=sa.text("0")))
    op.add_column("invoices", sa.Column("tax_minor", sa.BigInteger(), nullable=False, server_default=sa.text("0")))
    op.add_column("invoices", sa.Column("credited_minor", sa.BigInteger(), nullable=False, server_default=sa.text("0")))
    op.add_column("invoices", sa.Column("applied_minor", sa.BigInteger(), nullable=False, server_default=sa.text("0")))
    op.add_column("invoices", sa.Column("returned_minor", sa.BigInteger(), nullable=False, server_default=sa.text("0")))
    op.add_column("invoices", sa.Column("period_start", sa.DateTime(timezone=True), nullable=True))
    op.add_column("invoices", sa.Column("period_end", sa.DateTime(timezone=True), nullable=True))
    op.add_column(
        "invoices",
        sa.Column(
            "drafted_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.text("'2000-01-01 00:00:00+00'")
        ),
    )
    op.add_column("invoices", sa.Column("finalise_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("invoices", sa.Column("voided_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("invoices", sa.Column("written_off_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("invoices", sa.Column("next_step_at", sa.DateTime(timezone=True), nullable=True))
    op.alter_column("invoices", "subscription_id", existing_type=sa.UUID(), nullable=True)
    op.alter_column("invoices", "finalised_at", existing_type=postgresql.TIMESTAMP(timezone=True), nullable=True)
    op.create_unique_constraint(
        op.f("invoices_account_id_replaces_invoice_id_key"), "invoices", ["account_id", "replaces_invoice_id"]
    )
    op.create_index(
        "invoices_by_subscription_idx", "invoices", ["account_id", "subscription_id", "period_start"], unique=False
    )
    op.create_index(
        "invoices_of_consolidated_idx",
        "invoices",
        ["consolidated_invoice_id", "id"],
        unique=False,
        postgresql_where=sa.text("consolidated_invoice_id IS NOT NULL"),
    )
    op.create_index(
        "invoices_consolidated_idx",
        "invoices",
        ["payer_account_id", "consolidated_invoice_id"],
        unique=False,
        postgresql_where=sa.text("payer_account_id IS NOT NULL"),
    )
    op.create_index(
        "invoices_draft_idx",
        "invoices",
        ["finalise_at"],
        unique=False,
        postgresql_where=sa.text("finalise_at IS NOT NULL"),
    )
    op.create_index(
        "invoices_next_step_idx",
        "invoices",
        ["next_step_at"],
        unique=False,
        postgresql_where=sa.text("next_step_at IS NOT NULL"),
    )
    op.create_foreign_key(
        op.f("invoices_account_id_replaces_invoice_id_fkey"),
        "invoices",
        "invoices",
        ["account_id", "replaces_invoice_id"],
        ["account_id", "id"],
    )
    op.add_column("legal_entities", sa.Column("address", sa.Text(), nullable=False, server_default=sa.text("''")))
    op.add_column("legal_entities", sa.Column("tax_id", sa.Text(), nullable=True))
    op.add_column(
        "legal_entities", sa.Column("grace_hours", sa.SmallInteger(), nullable=False, server_default=sa.text("24"))
    )
    op.add_column(
        "plan_components", sa.Column("timing", sa.Text(), nullable=False, server_default=sa.text("'IN_ADVANCE'"))
    )
    op.add_column("plan_components", sa.Column("meter_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(op.f("plan_components_meter_id_fkey"), "plan_components", "meters", ["meter_id"], ["id"])
    op.add_column("prices", sa.Column("tax_inclusive", sa.Boolean(), nullable=False, server_default=sa.text("false")))
    op.add_column("prices", sa.Column("package_size", sa.BigInteger(), nullable=True))
    op.add_column("prices", sa.Column("percent", sa.Numeric(precision=7, scale=4), nullable=True))
    op.add_column("prices", sa.Column("minimum_minor", sa.BigInteger(), nullable=True))
    op.add_column("prices", sa.Column("maximum_minor", sa.BigInteger(), nullable=True))
    op.add_column(
        "subscriptions",
        sa.Column(
            "plan_version_since",
            sa.DateTime(timezone=True),
            nullable=False,
            server_default=sa.text("'2000-01-01 00:00:00+00'"),
        ),
    )
    op.add_column("subscriptions", sa.Column("trial_end_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("subscriptions", sa.Column("cancel_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("subscriptions", sa.Column("paused_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("subscriptions", sa.Column("resumes_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("subscriptions", sa.Column("due_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("subscriptions", sa.Column("notice_at", sa.DateTime(timezone=True), nullable=True))
    op.drop_index(op.f("subscriptions_due_idx"), table_name="subscriptions", postgresql_where="(ended_at IS NULL)")
    op.create_index(
        "subscriptions_due_idx",
        "subscriptions",
        ["due_at"],
        unique=False,
        postgresql_where=sa.text("due_at IS NOT NULL"),
    )
    op.create_index(
        "subscriptions_notice_idx",
        "subscriptions",
        ["notice_at"],
        unique=False,
        postgresql_where=sa.text("notice_at IS NOT NULL"),
    )
    for statement in BACKFILL:
        op.execute(statement)
    for table, column in FILLED:
        op.alter_column(table, column, server_default=None)
    for table, name, check in CHECKS:
        op.create_check_constraint(op.f(name), table, check)


def downgrade() -> None:
    raise NotImplementedError("There is no way back: documents and money recorded since would be lost.")
