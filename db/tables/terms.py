"""What was agreed with one account beyond the catalog: a row an agreement, the live one has no end."""

from sqlalchemy import CheckConstraint, Column, Index, SmallInteger, Text, text
from sqlalchemy.dialects.postgresql import JSONB

from db.tables.columns import currency, instant, minor, percent, tenant_table

account_terms = tenant_table(
    "account_terms",
    Column(
        "notice_days", SmallInteger, CheckConstraint("notice_days >= 0", name="notice_is_not_negative"), nullable=False
    ),
    instant("no_downgrade_until", nullable=True),
    instant("prices_locked_at", nullable=True),
    instant("prices_locked_until", nullable=True),
    Column("allowed_plan_ids", JSONB),
    percent("discount_percent", nullable=True),
    minor("spend_cap_minor", nullable=True),
    currency(),
    Column("reason", Text, nullable=False),
    instant("created_at"),
    instant("ended_at", nullable=True),
    CheckConstraint("(prices_locked_at IS NULL) = (prices_locked_until IS NULL)", name="a_price_lock_ends"),
    Index("account_terms_one_live_idx", "account_id", unique=True, postgresql_where=text("ended_at IS NULL")),
    Index("account_terms_by_account_idx", "account_id", "created_at", "id"),
)
