"""credit does not expire

Nothing ever wrote an entry that does.
"""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

NAME = "credit_entries_kind_is_known_check"


def upgrade() -> None:
    op.drop_constraint(op.f(NAME), "credit_entries", type_="check")
    op.create_check_constraint(op.f(NAME), "credit_entries", "kind IN ('GRANTED', 'APPLIED', 'RESTORED', 'WITHDRAWN')")


def downgrade() -> None:
    op.drop_constraint(op.f(NAME), "credit_entries", type_="check")
    op.create_check_constraint(
        op.f(NAME), "credit_entries", "kind IN ('GRANTED', 'APPLIED', 'RESTORED', 'WITHDRAWN', 'EXPIRED')"
    )
