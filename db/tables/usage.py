"""What an account has used: events, the keys that make each count once, and counters by local day.

The rows of events and keys are many, and their accounts and meters are looked up in the transaction that writes them:
they have no foreign keys, which would cost more than all the rest of the write.
"""

from sqlalchemy import (
    DDL,
    BigInteger,
    Column,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    PrimaryKeyConstraint,
    Table,
    Text,
    Uuid,
    event,
)
from sqlalchemy.dialects.postgresql import JSONB

from db.tables.columns import account_column, instant, measure, metadata

usage_keys = Table(
    "usage_keys",
    metadata,
    account_column(),
    Column("source", Text, nullable=False),
    Column("event_id", Text, nullable=False),
    instant("occurred_at"),
    PrimaryKeyConstraint("account_id", "source", "event_id"),
)
"""Which events are known. A table of its own, because a partitioned one is unique within a partition only."""

usage_events = Table(
    "usage_events",
    metadata,
    account_column(),
    Column("meter_id", Uuid, nullable=False),
    instant("occurred_at"),
    Column("source", Text, nullable=False),
    Column("event_id", Text, nullable=False),
    measure("value"),
    Column("text_value", Text),
    Column("dimensions", JSONB),
    instant("received_at"),
    PrimaryKeyConstraint("account_id", "meter_id", "occurred_at", "source", "event_id"),
    postgresql_partition_by="RANGE (occurred_at)",
)
"""A row for each meter of an event, by the month it occurred in; the default partition has what has no month yet."""
event.listen(
    usage_events,
    "after_create",
    DDL("CREATE TABLE usage_events_default PARTITION OF usage_events DEFAULT"),  # type: ignore[no-untyped-call]
)

usage_late = Table(
    "usage_late",
    metadata,
    account_column(),
    instant("received_at"),
    instant("occurred_at"),
    PrimaryKeyConstraint("account_id", "received_at", "occurred_at"),
)
"""When use came in that had occurred on an earlier local day: what a boundary asks for, and events have no index of."""

usage_counters = Table(
    "usage_counters",
    metadata,
    account_column(),
    Column("meter_id", Uuid, ForeignKey("meters.id"), nullable=False),
    Column("day", Date, nullable=False),
    Column("count", BigInteger, nullable=False),
    measure("sum"),
    measure("max"),
    measure("latest"),
    instant("latest_at"),
    Column("latest_source", Text, nullable=False),
    Column("latest_event_id", Text, nullable=False),
    PrimaryKeyConstraint("account_id", "meter_id", "day"),
    ForeignKeyConstraint(["account_id"], ["accounts.id"]),
)

usage_texts = Table(
    "usage_texts",
    metadata,
    account_column(),
    Column("meter_id", Uuid, ForeignKey("meters.id"), nullable=False),
    Column("day", Date, nullable=False),
    Column("text_value", Text, nullable=False),
    PrimaryKeyConstraint("account_id", "meter_id", "day", "text_value"),
    ForeignKeyConstraint(["account_id"], ["accounts.id"]),
)
"""What UNIQUE meters have seen on a day, once."""

usage_dimension_days = Table(
    "usage_dimension_days",
    metadata,
    account_column(),
    Column("meter_id", Uuid, ForeignKey("meters.id"), nullable=False),
    Column("day", Date, nullable=False),
    Column("dimension", Text, nullable=False),
    Column("value", Text, nullable=False),
    Column("count", BigInteger, nullable=False),
    measure("sum"),
    measure("max"),
    PrimaryKeyConstraint("account_id", "meter_id", "day", "dimension", "value"),
    ForeignKeyConstraint(["account_id"], ["accounts.id"]),
)
"""The counters of a day told apart by one dimension."""
