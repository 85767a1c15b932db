"""usage by month

Events lie in partitions by the month they occurred in, one row for each meter that counts them; what makes an event
count once is a key of its own. Meters say which events they count and what tells their figure apart.

Months are made by `db.usage_months`; until then everything lies in the default partition.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_BEFORE = "'COUNT', 'SUM', 'MAX', 'LATEST'"


def _finite(name: str, table: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(f"isfinite({name})", name=op.f(f"{table}_{name}_is_finite_check"))


def _number(name: str, table: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(f"{name} <> 'NaN'", name=op.f(f"{table}_{name}_is_a_number_check"))


def upgrade() -> None:
    op.add_column("meters", sa.Column("event_type", sa.Text(), nullable=True))
    op.add_column("meters", sa.Column("value_property", sa.Text(), nullable=True))
    op.add_column("meters", sa.Column("dimensions", postgresql.ARRAY(sa.Text()), nullable=True))
    op.execute("UPDATE meters SET event_type = code, dimensions = '{}'")
    op.alter_column("meters", "event_type", nullable=False)
    op.alter_column("meters", "dimensions", nullable=False)
    op.create_index("meters_by_event_type_idx", "meters", ["event_type"])
    op.drop_constraint(op.f("meters_aggregation_is_known_check"), "meters", type_="check")
    op.create_check_constraint(
        op.f("meters_aggregation_is_known_check"),
        "meters",
        "aggregation IN ('COUNT', 'SUM', 'MAX', 'UNIQUE', 'LATEST')",
    )
    op.create_table(
        "usage_keys",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("event_id", sa.Text(), nullable=False),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        _finite("occurred_at", "usage_keys"),
        sa.PrimaryKeyConstraint("account_id", "source", "event_id", name=op.f("usage_keys_pkey")),
    )
    op.execute(
        "INSERT INTO usage_keys (account_id, source, event_id, occurred_at) "
        "SELECT account_id, source, event_id, occurred_at FROM usage_events"
    )
    # a copy, so that the names of its constraints are free
    op.execute("CREATE TABLE usage_events_before AS TABLE usage_events")
    op.drop_table("usage_events")
    op.create_table(
        "usage_events",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("meter_id", sa.Uuid(), nullable=False),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("event_id", sa.Text(), nullable=False),
        sa.Column("value", sa.Numeric(26, 6), nullable=False),
        sa.Column("text_value", sa.Text(), nullable=True),
        sa.Column("dimensions", postgresql.JSONB(), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        _finite("occurred_at", "usage_events"),
        _finite("received_at", "usage_events"),
        _number("value", "usage_events"),
        sa.PrimaryKeyConstraint(
            "account_id", "meter_id", "occurred_at", "source", "event_id", name=op.f("usage_events_pkey")
        ),
        postgresql_partition_by="RANGE (occurred_at)",
    )
    op.execute("CREATE TABLE usage_events_default PARTITION OF usage_events DEFAULT")
    op.execute(
        "INSERT INTO usage_events (account_id, meter_id, occurred_at, source, event_id, value, received_at) "
        "SELECT account_id, meter_id, occurred_at, source, event_id, value, received_at FROM usage_events_before"
    )
    op.create_table(
        "usage_late",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        _finite("received_at", "usage_late"),
        _finite("occurred_at", "usage_late"),
        sa.PrimaryKeyConstraint("account_id", "received_at", "occurred_at", name=op.f("usage_late_pkey")),
    )
    # more than came in late by the day, which does no harm
    op.execute(
        "INSERT INTO usage_late (account_id, received_at, occurred_at) "
        "SELECT DISTINCT account_id, received_at, occurred_at FROM usage_events_before WHERE received_at > occurred_at"
    )
    op.drop_table("usage_events_before")
    op.create_table(
        "usage_texts",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("meter_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("text_value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("account_id", "meter_id", "day", "text_value", name=op.f("usage_texts_pkey")),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("usage_texts_account_id_fkey")),
        sa.ForeignKeyConstraint(["meter_id"], ["meters.id"], name=op.f("usage_texts_meter_id_fkey")),
    )
    op.create_table(
        "usage_dimension_days",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("meter_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("dimension", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.Column("sum", sa.Numeric(26, 6), nullable=False),
        sa.Column("max", sa.Numeric(26, 6), nullable=False),
        _number("sum", "usage_dimension_days"),
        _number("max", "usage_dimension_days"),
        sa.PrimaryKeyConstraint(
            "account_id", "meter_id", "day", "dimension", "value", name=op.f("usage_dimension_days_pkey")
        ),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("usage_dimension_days_account_id_fkey")),
        sa.ForeignKeyConstraint(["meter_id"], ["meters.id"], name=op.f("usage_dimension_days_meter_id_fkey")),
    )


def downgrade() -> None:
    """Back to one table; what only the new form can say (texts, dimensions, a second meter of an event) is lost."""
    op.drop_table("usage_dimension_days")
    op.drop_table("usage_texts")
    op.drop_table("usage_late")
    op.execute("CREATE TABLE usage_events_by_month AS TABLE usage_events")
    op.drop_table("usage_events")
    op.create_table(
        "usage_events",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("event_id", sa.Text(), nullable=False),
        sa.Column("meter_id", sa.Uuid(), nullable=False),
        sa.Column("value", sa.Numeric(26, 6), nullable=False),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("account_id", "source", "event_id", name=op.f("usage_events_pkey")),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("usage_events_account_id_fkey")),
        sa.ForeignKeyConstraint(["meter_id"], ["meters.id"], name=op.f("usage_events_meter_id_fkey")),
    )
    op.execute(
        "INSERT INTO usage_events SELECT DISTINCT ON (account_id, source, event_id) account_id, source, event_id, "
        "meter_id, value, occurred_at, received_at FROM usage_events_by_month "
        "ORDER BY account_id, source, event_id, meter_id"
    )
    op.execute("DROP TABLE usage_events_by_month")
    for name in ("occurred_at", "received_at"):
        op.create_check_constraint(op.f(f"usage_events_{name}_is_finite_check"), "usage_events", f"isfinite({name})")
    op.create_check_constraint(op.f("usage_events_value_is_a_number_check"), "usage_events", "value <> 'NaN'")
    op.create_index("usage_events_by_meter_idx", "usage_events", ["account_id", "meter_id", "occurred_at"])
    op.create_index("usage_events_by_receipt_idx", "usage_events", ["account_id", "received_at"])
    op.drop_table("usage_keys")
    op.execute("DELETE FROM usage_counters USING meters WHERE meters.id = meter_id AND aggregation = 'UNIQUE'")
    op.drop_constraint(op.f("meters_aggregation_is_known_check"), "meters", type_="check")
    op.execute("UPDATE meters SET aggregation = 'COUNT' WHERE aggregation = 'UNIQUE'")
    op.create_check_constraint(op.f("meters_aggregation_is_known_check"), "meters", f"aggregation IN ({_BEFORE})")
    op.drop_index("meters_by_event_type_idx", "meters")
    for column in ("dimensions", "value_property", "event_type"):
        op.drop_column("meters", column)
