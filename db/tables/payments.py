"""Money in and out: stored methods, payments and their attempts, refunds, dunning, the sandbox provider's books."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    Index,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)

from db.tables.columns import PERSONAL, currency, enumerated, instant, metadata, minor, tenant_table, within_account
from domain.payment import AttemptStatus, PaymentKind, PaymentMethodStatus, PaymentStatus, RefundStatus

payment_methods = tenant_table(
    "payment_methods",
    Column("provider", Text, nullable=False),
    Column("token", Text, nullable=False, info=PERSONAL),
    Column("brand", Text, nullable=False),
    Column("last4", Text, CheckConstraint("last4 ~ '^[0-9]{4}$'", name="last4_is_four_digits"), nullable=False),
    Column("expires_on", Date, nullable=False),
    Column("is_default", Boolean, nullable=False),
    enumerated("status", PaymentMethodStatus),
    instant("created_at"),
    Index("payment_methods_by_account_idx", "account_id", "created_at", "id"),
    Index("payment_methods_one_default_idx", "account_id", unique=True, postgresql_where=text("is_default")),
    CheckConstraint("NOT is_default OR status = 'ACTIVE'", name="default_is_active"),
)

payments = tenant_table(
    "payments",
    Column("invoice_id", Uuid),
    Column("consolidated_invoice_id", Uuid),
    Column("payment_method_id", Uuid),
    enumerated("kind", PaymentKind),
    enumerated("status", PaymentStatus),
    minor("amount_minor", sign="> 0"),
    minor("refunded_minor"),
    currency(),
    Column("reference", Text),
    Column("failure_code", Text),
    instant("created_at"),
    instant("settled_at", nullable=True),
    instant("poll_at", nullable=True),
    within_account("invoice_id", "invoices"),
    within_account("consolidated_invoice_id", "consolidated_invoices"),
    within_account("payment_method_id", "payment_methods"),
    CheckConstraint("(invoice_id IS NULL) <> (consolidated_invoice_id IS NULL)", name="pays_one_document"),
    CheckConstraint("refunded_minor <= amount_minor", name="refund_is_within_payment"),
    Index("payments_by_account_idx", "account_id", "created_at", "id"),
    Index("payments_by_invoice_idx", "account_id", "invoice_id"),
    Index(
        "payments_by_consolidated_idx",
        "account_id",
        "consolidated_invoice_id",
        postgresql_where=text("consolidated_invoice_id IS NOT NULL"),
    ),
    Index("payments_poll_idx", "poll_at", postgresql_where=text("poll_at IS NOT NULL")),
    Index(
        "payments_one_for_consolidated_idx",
        "account_id",
        "consolidated_invoice_id",
        unique=True,
        postgresql_where=text("status IN ('PROCESSING', 'REQUIRES_ACTION')"),
    ),
    Index(
        "payments_one_under_way_idx",
        "account_id",
        "invoice_id",
        unique=True,
        postgresql_where=text("status IN ('PROCESSING', 'REQUIRES_ACTION')"),
    ),
)

payment_attempts = tenant_table(
    "payment_attempts",
    Column("payment_id", Uuid, nullable=False),
    Column("number", SmallInteger, nullable=False),
    enumerated("status", AttemptStatus),
    Column("reference", Text),
    Column("code", Text),
    instant("sent_at"),
    instant("answered_at", nullable=True),
    within_account("payment_id", "payments"),
    UniqueConstraint("account_id", "payment_id", "number"),
)

refunds = tenant_table(
    "refunds",
    Column("payment_id", Uuid, nullable=False),
    Column("credit_note_id", Uuid),
    enumerated("status", RefundStatus),
    minor("amount_minor", sign="> 0"),
    currency(),
    Column("reason", Text),
    Column("reference", Text),
    Column("failure_code", Text),
    instant("created_at"),
    instant("settled_at", nullable=True),
    instant("poll_at", nullable=True),
    within_account("payment_id", "payments"),
    within_account("credit_note_id", "credit_notes"),
    Index("refunds_by_payment_idx", "account_id", "payment_id"),
    Index("refunds_poll_idx", "poll_at", postgresql_where=text("poll_at IS NOT NULL")),
)

dunning_steps = tenant_table(
    "dunning_steps",
    Column("invoice_id", Uuid),
    Column("consolidated_invoice_id", Uuid),
    Column("day", SmallInteger, nullable=False),
    Column("actions", Text, nullable=False),
    instant("occurred_at"),
    within_account("invoice_id", "invoices"),
    within_account("consolidated_invoice_id", "consolidated_invoices"),
    UniqueConstraint("account_id", "invoice_id", "day"),
    UniqueConstraint("account_id", "consolidated_invoice_id", "day"),
    CheckConstraint("(invoice_id IS NULL) <> (consolidated_invoice_id IS NULL)", name="is_of_one_document"),
)

sandbox_charges = Table(
    "sandbox_charges",
    metadata,
    Column("key", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("token", Text, nullable=False),
    Column("charged_key", Text),
    Column("amount_minor", BigInteger, nullable=False),
    currency(),
    Column("outcome", Text, nullable=False),
    Column("code", Text),
    Column("asked", SmallInteger, nullable=False),
    instant("created_at"),
    info={"not_tenant": "the sandbox provider's own books, as if they were kept elsewhere"},
)
