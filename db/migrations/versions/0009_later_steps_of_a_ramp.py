"""later steps of a ramp

A change may be planned: it waits for the step before it. Those of a ramp are found by their first step.
"""

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_BEFORE = "'SCHEDULED', 'AWAITING_PAYMENT', 'APPLIED', 'CANCELLED', 'REFUSED', 'EXPIRED'"


def upgrade() -> None:
    op.drop_constraint(op.f("plan_changes_status_is_known_check"), "plan_changes", type_="check")
    op.create_check_constraint(
        op.f("plan_changes_status_is_known_check"), "plan_changes", f"status IN ('PLANNED', {_BEFORE})"
    )
    op.create_index("plan_changes_by_ramp_idx", "plan_changes", ["account_id", "ramp_id", "step"])


def downgrade() -> None:
    op.drop_index("plan_changes_by_ramp_idx", "plan_changes")
    op.execute("UPDATE plan_changes SET status = 'CANCELLED' WHERE status = 'PLANNED'")
    op.drop_constraint(op.f("plan_changes_status_is_known_check"), "plan_changes", type_="check")
    op.create_check_constraint(op.f("plan_changes_status_is_known_check"), "plan_changes", f"status IN ({_BEFORE})")
