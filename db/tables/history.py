"""What happened: events, audit entries, idempotency keys; and what happened to the catalog, which has no account."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Index,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
)
from sqlalchemy.dialects.postgresql import JSONB

from db.tables.columns import account_column, catalog_table, enumerated, instant, json_text, metadata, tenant_table
from domain.actor import ActorKind, StaffRole

outbox_events = tenant_table(
    "outbox_events",
    Column("sequence", BigInteger, nullable=False),
    Column("aggregate_type", Text, nullable=False),
    Column("aggregate_id", Uuid, nullable=False),
    Column("aggregate_sequence", BigInteger, nullable=False),
    Column("type", Text, nullable=False),
    Column("data", Text, CheckConstraint("data::jsonb IS NOT NULL", name="data_is_json"), nullable=False),
    instant("occurred_at"),
    instant("recorded_at"),
    UniqueConstraint("account_id", "sequence"),
    UniqueConstraint("account_id", "aggregate_id", "aggregate_sequence"),
)

audit_entries = tenant_table(
    "audit_entries",
    enumerated("actor_kind", ActorKind),
    enumerated("staff_role", StaffRole, nullable=True),
    Column("actor_id", Uuid),
    Column("action", Text, nullable=False),
    Column("subject_type", Text, nullable=False),
    Column("subject_id", Uuid, nullable=False),
    Column("reason", Text),
    Column("before", Text, CheckConstraint("before IS NULL OR before::jsonb IS NOT NULL", name="before_is_json")),
    Column("after", Text, CheckConstraint("after IS NULL OR after::jsonb IS NOT NULL", name="after_is_json")),
    instant("occurred_at"),
    instant("recorded_at"),
    Index("audit_entries_by_account_idx", "account_id", "recorded_at", "id"),
)

idempotency_keys = Table(
    "idempotency_keys",
    metadata,
    account_column(),
    Column("key", Text, nullable=False),
    Column("mutation", Text, nullable=False),
    Column("input_hash", Text, nullable=False),
    Column("outcome", JSONB, nullable=False),
    instant("created_at"),
    PrimaryKeyConstraint("account_id", "key"),
    ForeignKeyConstraint(["account_id"], ["accounts.id"]),
)

# a deed of the catalog is rare and its entry is kept for ever, so the key it was asked under stands in it
catalog_entries = catalog_table(
    "catalog_entries",
    enumerated("actor_kind", ActorKind),
    enumerated("staff_role", StaffRole, nullable=True),
    Column("actor_id", Uuid),
    Column("action", Text, nullable=False),
    Column("subject_type", Text, nullable=False),
    Column("subject_id", Uuid, nullable=False),
    json_text("before", nullable=True),
    json_text("after", nullable=True),
    Column("idempotency_key", Text, unique=True),
    Column("input_hash", Text),
    instant("recorded_at"),
    Index("catalog_entries_by_instant_idx", "recorded_at", "id"),
    CheckConstraint("(idempotency_key IS NULL) = (input_hash IS NULL)", name="key_has_its_input"),
)
