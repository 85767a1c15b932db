"""Invoices and the lines that explain themselves."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    SmallInteger,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)

from db.tables.columns import PERSONAL, currency, enumerated, instant, measure, tenant_table, within_account
from domain.invoice import InvoiceReason, InvoiceStatus, LineKind

invoices = tenant_table(
    "invoices",
    Column("legal_entity_id", Uuid, ForeignKey("legal_entities.id"), nullable=False),
    Column("subscription_id", Uuid, nullable=False),
    Column("number", Text),
    enumerated("reason", InvoiceReason),
    enumerated("status", InvoiceStatus),
    currency(),
    Column("customer_name", Text, nullable=False, info=PERSONAL),
    Column(
        "total_minor", BigInteger, CheckConstraint("total_minor >= 0", name="total_is_not_negative"), nullable=False
    ),
    Column("paid_minor", BigInteger, nullable=False),
    Column("issued_on", Date, nullable=False),
    Column("due_on", Date, nullable=False),
    instant("finalised_at"),
    instant("paid_at", nullable=True),
    within_account("subscription_id", "subscriptions"),
    UniqueConstraint("account_id", "number"),
    CheckConstraint("paid_minor BETWEEN 0 AND total_minor", name="paid_is_within_total"),
    CheckConstraint("due_on >= issued_on", name="due_is_after_issue"),
    Index("invoices_by_account_idx", "account_id", "issued_on", "id"),
    Index("invoices_unpaid_idx", "account_id", "due_on", postgresql_where=text("status = 'OPEN'")),
)

invoice_lines = tenant_table(
    "invoice_lines",
    Column("invoice_id", Uuid, nullable=False),
    Column("position", SmallInteger, nullable=False),
    Column("subscription_id", Uuid, nullable=False),
    Column("item_id", Uuid, nullable=False),
    Column("plan_version_id", Uuid, ForeignKey("plan_versions.id"), nullable=False),
    Column("price_id", Uuid, ForeignKey("prices.id"), nullable=False),
    enumerated("kind", LineKind),
    Column("cause", Uuid, nullable=False),
    Column("description", Text, nullable=False),
    Column("quantity", BigInteger, nullable=False),
    measure("unit_minor", nullable=True),
    Column("amount_minor", BigInteger, nullable=False),
    currency(),
    instant("service_start"),
    instant("service_end"),
    Column("rule", Text, nullable=False),
    Column("sentence", Text, nullable=False),
    measure("basis_minor"),
    Column("part_s", BigInteger, nullable=False),
    Column("whole_s", BigInteger, CheckConstraint("whole_s > 0", name="whole_is_positive"), nullable=False),
    Column("split_minor", BigInteger),
    Column("credited_line_id", Uuid),
    within_account("invoice_id", "invoices"),
    within_account("subscription_id", "subscriptions"),
    within_account("item_id", "subscription_items"),
    within_account("credited_line_id", "invoice_lines"),
    UniqueConstraint("account_id", "subscription_id", "item_id", "service_start", "kind", "cause"),
    UniqueConstraint("account_id", "invoice_id", "position"),
    CheckConstraint("service_start < service_end", name="service_is_not_empty"),
    Index("invoice_lines_by_subscription_idx", "account_id", "subscription_id", "service_end"),
    Index(
        "invoice_lines_credited_idx",
        "account_id",
        "credited_line_id",
        postgresql_where=text("credited_line_id IS NOT NULL"),
    ),
)
