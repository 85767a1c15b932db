"""use after an end

What is used is sent late also where the subscription has ended: `late_use_at` says when that is billed.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("subscriptions", sa.Column("late_use_at", sa.DateTime(timezone=True), nullable=True))
    op.create_check_constraint(
        op.f("subscriptions_late_use_at_is_finite_check"), "subscriptions", "isfinite(late_use_at)"
    )
    op.create_index(
        "subscriptions_late_use_idx",
        "subscriptions",
        ["late_use_at"],
        unique=False,
        postgresql_where=sa.text("late_use_at IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_index("subscriptions_late_use_idx", table_name="subscriptions")
    op.drop_column("subscriptions", "late_use_at")
