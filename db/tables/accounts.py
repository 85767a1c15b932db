"""Accounts and who may act for them."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)

from db.tables.columns import PERSONAL, currency, enumerated, instant, metadata, tenant_table
from domain.account import AccountStatus
from domain.actor import Role
from domain.catalog import Segment
from domain.tax import TaxExemption

accounts = Table(
    "accounts",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("external_id", Text, nullable=False),
    Column("legal_entity_id", Uuid, ForeignKey("legal_entities.id"), nullable=False),
    Column("parent_account_id", Uuid),
    Column("name", Text, nullable=False, info=PERSONAL),
    Column("email", Text, info=PERSONAL),
    Column("country", Text, nullable=False),
    Column("region", Text),
    Column("address", Text, info=PERSONAL),
    Column("tax_id", Text, info=PERSONAL),
    enumerated("tax_exemption", TaxExemption),
    currency(),
    Column("zone", Text, nullable=False),
    enumerated("segment", Segment),
    enumerated("status", AccountStatus),
    Column("net_days", SmallInteger, nullable=False),
    Column("is_sandbox", Boolean, nullable=False),
    instant("clock_at", nullable=True),
    instant("created_at"),
    Column("event_sequence", BigInteger, nullable=False),
    Column("is_consolidated", Boolean, nullable=False),
    Column("consolidation_day", SmallInteger),
    instant("consolidate_at", nullable=True),
    CheckConstraint("clock_at IS NULL OR is_sandbox", name="clock_is_for_sandbox"),
    CheckConstraint("consolidation_day BETWEEN 1 AND 28", name="consolidation_day_exists"),
    CheckConstraint("NOT is_consolidated OR parent_account_id IS NOT NULL", name="consolidation_has_a_payer"),
    Index("accounts_consolidate_idx", "consolidate_at", postgresql_where=text("consolidate_at IS NOT NULL")),
    Index("accounts_created_idx", "created_at", "id"),
    Index("accounts_name_idx", "name", "id"),
    Index("accounts_children_idx", "parent_account_id", "id"),
)

memberships = tenant_table(
    "memberships",
    Column("user_id", Uuid, ForeignKey("users.id"), nullable=False),
    enumerated("role", Role),
    instant("created_at"),
    UniqueConstraint("account_id", "user_id"),
    Index("memberships_user_idx", "user_id", "account_id"),
)
