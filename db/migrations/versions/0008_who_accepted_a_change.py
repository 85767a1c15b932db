"""who accepted a change

The decision by which a change was accepted stays with it, also once its day has brought another. Indexes for what
staff count: changes and approvals of some weeks, changes by their quote, approvals by their decision.
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("plan_changes", sa.Column("accepted_decision_id", sa.Uuid(), nullable=True))
    # the decision of a change's day has taken the place of the one that accepted it, which has the same quote
    op.execute(
        "UPDATE plan_changes c SET accepted_decision_id = coalesce((SELECT d.id FROM policy_decisions d "
        "WHERE d.account_id = c.account_id AND d.subscription_id = c.subscription_id AND d.quote_id = c.quote_id "
        "AND d.purpose = 'APPLY' ORDER BY d.created_at, d.id LIMIT 1), c.decision_id)"
    )
    op.alter_column("plan_changes", "accepted_decision_id", nullable=False)
    op.create_foreign_key(
        op.f("plan_changes_account_id_accepted_decision_id_fkey"),
        "plan_changes",
        "policy_decisions",
        ["account_id", "accepted_decision_id"],
        ["account_id", "id"],
    )
    op.create_index("plan_changes_recent_idx", "plan_changes", ["created_at", "id"])
    op.create_index(
        "plan_changes_by_quote_idx",
        "plan_changes",
        ["account_id", "quote_id"],
        postgresql_where=sa.text("quote_id IS NOT NULL"),
    )
    op.create_index("approvals_recent_idx", "approvals", ["created_at", "id"])
    op.create_index("approvals_by_decision_idx", "approvals", ["account_id", "decision_id"])


def downgrade() -> None:
    op.drop_index("approvals_by_decision_idx", "approvals")
    op.drop_index("approvals_recent_idx", "approvals")
    op.drop_index("plan_changes_by_quote_idx", "plan_changes", postgresql_where=sa.text("quote_id IS NOT NULL"))
    op.drop_index("plan_changes_recent_idx", "plan_changes")
    op.drop_constraint(op.f("plan_changes_account_id_accepted_decision_id_fkey"), "plan_changes", type_="foreignkey")
    op.drop_column("plan_changes", "accepted_decision_id")
