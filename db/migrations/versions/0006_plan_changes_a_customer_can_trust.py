"""plan changes a customer can trust

Decisions that were made before say what they were for as far as that is known: those of a change were to apply it.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "approval_limits",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("limit_minor", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("granted_by_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("currency ~ '^[A-Z]{3}$'", name=op.f("approval_limits_currency_is_iso_check")),
        sa.CheckConstraint("isfinite(created_at)", name=op.f("approval_limits_created_at_is_finite_check")),
        sa.CheckConstraint("isfinite(until)", name=op.f("approval_limits_until_is_finite_check")),
        sa.CheckConstraint("limit_minor >= 0", name=op.f("approval_limits_limit_minor_has_its_sign_check")),
        sa.PrimaryKeyConstraint("user_id", "currency", name=op.f("approval_limits_pkey")),
        info={"not_tenant": "how much one of us may approve, on any account"},
    )
    op.create_table(
        "policy_rollouts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("policy_version", sa.Text(), nullable=False),
        sa.Column("segment", sa.Text(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("share_percent", sa.SmallInteger(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("set_by_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(stage = 'SHARE') = (share_percent IS NOT NULL)", name=op.f("policy_rollouts_a_share_has_its_size_check")
        ),
        sa.CheckConstraint("segment IN ('SMB', 'ENTERPRISE')", name=op.f("policy_rollouts_segment_is_known_check")),
        sa.CheckConstraint(
            "stage IN ('OFF', 'SHADOW', 'SHARE', 'EVERYONE')", name=op.f("policy_rollouts_stage_is_known_check")
        ),
        sa.CheckConstraint("isfinite(created_at)", name=op.f("policy_rollouts_created_at_is_finite_check")),
        sa.CheckConstraint("share_percent BETWEEN 1 AND 99", name=op.f("policy_rollouts_share_is_a_share_check")),
        sa.PrimaryKeyConstraint("id", name=op.f("policy_rollouts_pkey")),
        info={"catalog": True},
    )
    op.create_index(
        "policy_rollouts_newest_idx", "policy_rollouts", ["policy_version", "segment", "created_at", "id"], unique=False
    )
    op.create_table(
        "account_terms",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("notice_days", sa.SmallInteger(), nullable=False),
        sa.Column("no_downgrade_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("prices_locked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("prices_locked_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("allowed_plan_ids", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("discount_percent", sa.Numeric(precision=7, scale=4), nullable=True),
        sa.Column("spend_cap_minor", sa.BigInteger(), nullable=True),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("currency ~ '^[A-Z]{3}$'", name=op.f("account_terms_currency_is_iso_check")),
        sa.CheckConstraint(
            "(prices_locked_at IS NULL) = (prices_locked_until IS NULL)",
            name=op.f("account_terms_a_price_lock_ends_check"),
        ),
        sa.CheckConstraint(
            "discount_percent BETWEEN 0 AND 100", name=op.f("account_terms_discount_percent_is_a_share_check")
        ),
        sa.CheckConstraint("isfinite(created_at)", name=op.f("account_terms_created_at_is_finite_check")),
        sa.CheckConstraint("isfinite(ended_at)", name=op.f("account_terms_ended_at_is_finite_check")),
        sa.CheckConstraint(
            "isfinite(no_downgrade_until)", name=op.f("account_terms_no_downgrade_until_is_finite_check")
        ),
        sa.CheckConstraint("isfinite(prices_locked_at)", name=op.f("account_terms_prices_locked_at_is_finite_check")),
        sa.CheckConstraint(
            "isfinite(prices_locked_until)", name=op.f("account_terms_prices_locked_until_is_finite_check")
        ),
        sa.CheckConstraint("notice_days >= 0", name=op.f("account_terms_notice_is_not_negative_check")),
        sa.CheckConstraint("spend_cap_minor >= 0", name=op.f("account_terms_spend_cap_minor_has_its_sign_check")),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("account_terms_account_id_fkey")),
        sa.PrimaryKeyConstraint("account_id", "id", name=op.f("account_terms_pkey")),
    )
    op.create_index("account_terms_by_account_idx", "account_terms", ["account_id", "created_at", "id"], unique=False)
    op.create_index("account_terms_id_idx", "account_terms", ["id"], unique=False)
    op.create_index(
        "account_terms_one_live_idx",
        "account_terms",
        ["account_id"],
        unique=True,
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "policy_overrides",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("policy_version", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("isfinite(created_at)", name=op.f("policy_overrides_created_at_is_finite_check")),
        sa.CheckConstraint("isfinite(ended_at)", name=op.f("policy_overrides_ended_at_is_finite_check")),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("policy_overrides_account_id_fkey")),
        sa.PrimaryKeyConstraint("account_id", "id", name=op.f("policy_overrides_pkey")),
    )
    op.create_index("policy_overrides_id_idx", "policy_overrides", ["id"], unique=False)
    op.create_index(
        "policy_overrides_one_live_idx",
        "policy_overrides",
        ["account_id"],
        unique=True,
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "approvals",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("subscription_id", sa.Uuid(), nullable=False),
        sa.Column("decision_id", sa.Uuid(), nullable=False),
        sa.Column("request", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("outcome", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("codes", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("asked_by_kind", sa.Text(), nullable=False),
        sa.Column("asked_by_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_by_id", sa.Uuid(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "asked_by_kind IN ('CUSTOMER', 'STAFF', 'GATEWAY', 'SCHEMA_READER')",
            name=op.f("approvals_asked_by_kind_is_known_check"),
        ),
        sa.CheckConstraint("currency ~ '^[A-Z]{3}$'", name=op.f("approvals_currency_is_iso_check")),
        sa.CheckConstraint(
            "status IN ('REQUESTED', 'APPROVED', 'REJECTED', 'WITHDRAWN', 'EXPIRED', 'USED')",
            name=op.f("approvals_status_is_known_check"),
        ),
        sa.CheckConstraint("amount_minor >= 0", name=op.f("approvals_amount_minor_has_its_sign_check")),
        sa.CheckConstraint("isfinite(answered_at)", name=op.f("approvals_answered_at_is_finite_check")),
        sa.CheckConstraint("isfinite(created_at)", name=op.f("approvals_created_at_is_finite_check")),
        sa.CheckConstraint("isfinite(expires_at)", name=op.f("approvals_expires_at_is_finite_check")),
        sa.ForeignKeyConstraint(
            ["account_id", "decision_id"],
            ["policy_decisions.account_id", "policy_decisions.id"],
            name=op.f("approvals_account_id_decision_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id", "subscription_id"],
            ["subscriptions.account_id", "subscriptions.id"],
            name=op.f("approvals_account_id_subscription_id_fkey"),
        ),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("approvals_account_id_fkey")),
        sa.PrimaryKeyConstraint("account_id", "id", name=op.f("approvals_pkey")),
    )
    op.create_index("approvals_by_account_idx", "approvals", ["account_id", "created_at", "id"], unique=False)
    op.create_index(
        "approvals_by_subscription_idx",
        "approvals",
        ["account_id", "subscription_id", "created_at", "id"],
        unique=False,
    )
    op.create_index(
        "approvals_expiring_idx",
        "approvals",
        ["expires_at"],
        unique=False,
        postgresql_where=sa.text("status IN ('REQUESTED', 'APPROVED')"),
    )
    op.create_index("approvals_id_idx", "approvals", ["id"], unique=False)
    op.create_index(
        "approvals_one_open_idx",
        "approvals",
        ["account_id", "subscription_id"],
        unique=True,
        postgresql_where=sa.text("status IN ('REQUESTED', 'APPROVED')"),
    )
    op.create_index(
        "approvals_queue_idx",
        "approvals",
        ["created_at", "id"],
        unique=False,
        postgresql_where=sa.text("status = 'REQUESTED'"),
    )
    op.create_table(
        "decision_facts",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("decision_id", sa.Uuid(), nullable=False),
        sa.Column("facts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("isfinite(created_at)", name=op.f("decision_facts_created_at_is_finite_check")),
        sa.ForeignKeyConstraint(
            ["account_id", "decision_id"],
            ["policy_decisions.account_id", "policy_decisions.id"],
            name=op.f("decision_facts_account_id_decision_id_fkey"),
        ),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("decision_facts_account_id_fkey")),
        sa.PrimaryKeyConstraint("account_id", "decision_id", name=op.f("decision_facts_pkey")),
    )
    op.create_index("decision_facts_old_idx", "decision_facts", ["created_at"], unique=False)
    op.create_table(
        "shadow_evaluations",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("decision_id", sa.Uuid(), nullable=False),
        sa.Column("live_version", sa.Text(), nullable=False),
        sa.Column("candidate_version", sa.Text(), nullable=False),
        sa.Column("segment", sa.Text(), nullable=False),
        sa.Column("live_verdict", sa.Text(), nullable=False),
        sa.Column("candidate_verdict", sa.Text(), nullable=False),
        sa.Column("differs", sa.Boolean(), nullable=False),
        sa.Column("difference", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "candidate_verdict IN ('ALLOW', 'ASK_CONFIRMATION', 'ASK_APPROVAL', 'REFUSE')",
            name=op.f("shadow_evaluations_candidate_verdict_is_known_check"),
        ),
        sa.CheckConstraint(
            "live_verdict IN ('ALLOW', 'ASK_CONFIRMATION', 'ASK_APPROVAL', 'REFUSE')",
            name=op.f("shadow_evaluations_live_verdict_is_known_check"),
        ),
        sa.CheckConstraint("segment IN ('SMB', 'ENTERPRISE')", name=op.f("shadow_evaluations_segment_is_known_check")),
        sa.CheckConstraint(
            "differs = (difference IS NOT NULL)", name=op.f("shadow_evaluations_a_difference_says_what_check")
        ),
        sa.CheckConstraint("isfinite(created_at)", name=op.f("shadow_evaluations_created_at_is_finite_check")),
        sa.ForeignKeyConstraint(
            ["account_id", "decision_id"],
            ["policy_decisions.account_id", "policy_decisions.id"],
            name=op.f("shadow_evaluations_account_id_decision_id_fkey"),
        ),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("shadow_evaluations_account_id_fkey")),
        sa.PrimaryKeyConstraint("account_id", "id", name=op.f("shadow_evaluations_pkey")),
        sa.UniqueConstraint(
            "account_id",
            "decision_id",
            "candidate_version",
            name=op.f("shadow_evaluations_account_id_decision_id_candidate_version_key"),
        ),
    )
    op.create_index(
        "shadow_evaluations_differing_idx",
        "shadow_evaluations",
        ["candidate_version", "created_at", "id"],
        unique=False,
        postgresql_where=sa.text("differs"),
    )
    op.create_index("shadow_evaluations_id_idx", "shadow_evaluations", ["id"], unique=False)
    op.create_index(
        "shadow_evaluations_newest_idx", "shadow_evaluations", ["candidate_version", "created_at", "id"], unique=False
    )
    op.add_column("discounts", sa.Column("terms_id", sa.Uuid(), nullable=True))
    op.alter_column("discounts", "coupon_id", existing_type=sa.UUID(), nullable=True)
    op.create_foreign_key(
        op.f("discounts_account_id_terms_id_fkey"),
        "discounts",
        "account_terms",
        ["account_id", "terms_id"],
        ["account_id", "id"],
    )
    op.add_column("plan_changes", sa.Column("approval_id", sa.Uuid(), nullable=True))
    op.add_column("plan_changes", sa.Column("kind", sa.Text(), nullable=False, server_default="SWITCH"))
    op.alter_column("plan_changes", "kind", server_default=None)
    op.add_column("plan_changes", sa.Column("ramp_id", sa.Uuid(), nullable=True))
    op.add_column("plan_changes", sa.Column("step", sa.SmallInteger(), nullable=False, server_default="1"))
    op.alter_column("plan_changes", "step", server_default=None)
    op.add_column("plan_changes", sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index("plan_changes_by_invoice_idx", "plan_changes", ["account_id", "invoice_id"], unique=False)
    op.create_index("plan_changes_by_approval_idx", "plan_changes", ["account_id", "approval_id"], unique=True)
    op.create_index(
        "plan_changes_expiring_idx",
        "plan_changes",
        ["expires_at"],
        unique=False,
        postgresql_where=sa.text("status = 'AWAITING_PAYMENT'"),
    )
    op.create_foreign_key(
        op.f("plan_changes_account_id_approval_id_fkey"),
        "plan_changes",
        "approvals",
        ["account_id", "approval_id"],
        ["account_id", "id"],
    )
    op.create_foreign_key(
        op.f("plan_changes_account_id_ramp_id_fkey"),
        "plan_changes",
        "plan_changes",
        ["account_id", "ramp_id"],
        ["account_id", "id"],
    )
    op.drop_index("plan_changes_one_pending_idx", table_name="plan_changes")
    op.create_index(
        "plan_changes_one_pending_idx",
        "plan_changes",
        ["account_id", "subscription_id"],
        unique=True,
        postgresql_where=sa.text("status IN ('SCHEDULED', 'AWAITING_PAYMENT')"),
    )
    op.drop_constraint(op.f("plan_changes_status_is_known_check"), "plan_changes", type_="check")
    op.create_check_constraint(
        op.f("plan_changes_status_is_known_check"),
        "plan_changes",
        "status IN ('SCHEDULED', 'AWAITING_PAYMENT', 'APPLIED', 'CANCELLED', 'REFUSED', 'EXPIRED')",
    )
    op.create_check_constraint(
        op.f("plan_changes_kind_is_known_check"),
        "plan_changes",
        "kind IN ('SWITCH', 'END_TRIAL', 'CANCEL', 'PAUSE', 'RESUME')",
    )
    op.create_check_constraint(op.f("plan_changes_step_is_positive_check"), "plan_changes", "step > 0")
    op.create_check_constraint(op.f("plan_changes_expires_at_is_finite_check"), "plan_changes", "isfinite(expires_at)")
    op.create_check_constraint(
        op.f("plan_changes_awaiting_ends_check"),
        "plan_changes",
        "(status <> 'AWAITING_PAYMENT') OR (expires_at IS NOT NULL)",
    )
    op.create_check_constraint(
        op.f("discounts_comes_from_a_coupon_or_from_terms_check"),
        "discounts",
        "(coupon_id IS NULL) <> (terms_id IS NULL)",
    )
    op.add_column("plans", sa.Column("countries", postgresql.JSONB(astext_type=sa.Text()), nullable=True))
    op.add_column("policy_decisions", sa.Column("purpose", sa.Text(), nullable=False, server_default="PREVIEW"))
    op.alter_column("policy_decisions", "purpose", server_default=None)
    op.add_column("policy_decisions", sa.Column("change_kind", sa.Text(), nullable=False, server_default="SWITCH"))
    op.alter_column("policy_decisions", "change_kind", server_default=None)
    op.add_column("policy_decisions", sa.Column("request", postgresql.JSONB(astext_type=sa.Text()), nullable=True))
    op.add_column("policy_decisions", sa.Column("to_plan_version_id", sa.Uuid(), nullable=True))
    op.execute("""
        UPDATE policy_decisions AS decision SET purpose = 'APPLY', to_plan_version_id = change.to_plan_version_id
        FROM plan_changes AS change
        WHERE change.account_id = decision.account_id AND change.decision_id = decision.id
    """)
    op.execute("""
        UPDATE policy_decisions AS decision SET to_plan_version_id = subscription.plan_version_id
        FROM subscriptions AS subscription
        WHERE subscription.account_id = decision.account_id AND subscription.id = decision.subscription_id
        AND decision.to_plan_version_id IS NULL
    """)
    op.alter_column("policy_decisions", "to_plan_version_id", nullable=False)
    op.create_check_constraint(
        op.f("policy_decisions_purpose_is_known_check"),
        "policy_decisions",
        "purpose IN ('PREVIEW', 'APPLY', 'BOUNDARY', 'APPROVAL')",
    )
    op.create_check_constraint(
        op.f("policy_decisions_change_kind_is_known_check"),
        "policy_decisions",
        "change_kind IN ('SWITCH', 'END_TRIAL', 'CANCEL', 'PAUSE', 'RESUME')",
    )
    op.create_index("policy_decisions_recent_idx", "policy_decisions", ["created_at", "id"], unique=False)
    op.create_foreign_key(
        op.f("policy_decisions_to_plan_version_id_fkey"),
        "policy_decisions",
        "plan_versions",
        ["to_plan_version_id"],
        ["id"],
    )


def downgrade() -> None:
    op.drop_constraint(op.f("plan_changes_awaiting_ends_check"), "plan_changes", type_="check")
    op.drop_index("plan_changes_one_pending_idx", table_name="plan_changes")
    op.execute("UPDATE plan_changes SET status = 'CANCELLED' WHERE status IN ('AWAITING_PAYMENT', 'EXPIRED')")
    op.create_index(
        "plan_changes_one_pending_idx",
        "plan_changes",
        ["account_id", "subscription_id"],
        unique=True,
        postgresql_where=sa.text("status = 'SCHEDULED'"),
    )
    op.drop_constraint(op.f("plan_changes_status_is_known_check"), "plan_changes", type_="check")
    op.create_check_constraint(
        op.f("plan_changes_status_is_known_check"),
        "plan_changes",
        "status IN ('SCHEDULED', 'APPLIED', 'CANCELLED', 'REFUSED')",
    )
    op.drop_constraint(op.f("discounts_comes_from_a_coupon_or_from_terms_check"), "discounts", type_="check")
    op.drop_constraint(op.f("policy_decisions_to_plan_version_id_fkey"), "policy_decisions", type_="foreignkey")
    op.drop_index("policy_decisions_recent_idx", table_name="policy_decisions")
    op.drop_column("policy_decisions", "request")
    op.drop_column("policy_decisions", "to_plan_version_id")
    op.drop_column("policy_decisions", "change_kind")
    op.drop_column("policy_decisions", "purpose")
    op.drop_column("plans", "countries")
    op.drop_constraint(op.f("plan_changes_account_id_ramp_id_fkey"), "plan_changes", type_="foreignkey")
    op.drop_constraint(op.f("plan_changes_account_id_approval_id_fkey"), "plan_changes", type_="foreignkey")
    op.drop_index(
        "plan_changes_expiring_idx", table_name="plan_changes", postgresql_where=sa.text("status = 'AWAITING_PAYMENT'")
    )
    op.drop_index("plan_changes_by_approval_idx", table_name="plan_changes")
    op.drop_index("plan_changes_by_invoice_idx", table_name="plan_changes")
    op.drop_column("plan_changes", "expires_at")
    op.drop_column("plan_changes", "step")
    op.drop_column("plan_changes", "ramp_id")
    op.drop_column("plan_changes", "kind")
    op.drop_column("plan_changes", "approval_id")
    op.drop_constraint(op.f("discounts_account_id_terms_id_fkey"), "discounts", type_="foreignkey")
    op.alter_column("discounts", "coupon_id", existing_type=sa.UUID(), nullable=False)
    op.drop_column("discounts", "terms_id")
    op.drop_index("shadow_evaluations_newest_idx", table_name="shadow_evaluations")
    op.drop_index("shadow_evaluations_id_idx", table_name="shadow_evaluations")
    op.drop_index(
        "shadow_evaluations_differing_idx", table_name="shadow_evaluations", postgresql_where=sa.text("differs")
    )
    op.drop_table("shadow_evaluations")
    op.drop_index("decision_facts_old_idx", table_name="decision_facts")
    op.drop_table("decision_facts")
    op.drop_index("approvals_queue_idx", table_name="approvals", postgresql_where=sa.text("status = 'REQUESTED'"))
    op.drop_index(
        "approvals_one_open_idx",
        table_name="approvals",
        postgresql_where=sa.text("status IN ('REQUESTED', 'APPROVED')"),
    )
    op.drop_index("approvals_id_idx", table_name="approvals")
    op.drop_index(
        "approvals_expiring_idx",
        table_name="approvals",
        postgresql_where=sa.text("status IN ('REQUESTED', 'APPROVED')"),
    )
    op.drop_index("approvals_by_subscription_idx", table_name="approvals")
    op.drop_index("approvals_by_account_idx", table_name="approvals")
    op.drop_table("approvals")
    op.drop_index(
        "policy_overrides_one_live_idx", table_name="policy_overrides", postgresql_where=sa.text("ended_at IS NULL")
    )
    op.drop_index("policy_overrides_id_idx", table_name="policy_overrides")
    op.drop_table("policy_overrides")
    op.drop_index(
        "account_terms_one_live_idx", table_name="account_terms", postgresql_where=sa.text("ended_at IS NULL")
    )
    op.drop_index("account_terms_id_idx", table_name="account_terms")
    op.drop_index("account_terms_by_account_idx", table_name="account_terms")
    op.drop_table("account_terms")
    op.drop_index("policy_rollouts_newest_idx", table_name="policy_rollouts")
    op.drop_table("policy_rollouts")
    op.drop_table("approval_limits")
