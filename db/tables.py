"""Every table, once. The scale-out contract: a tenant table has `account_id` first in each key, the catalog has none.

`info` marks what the checks read: {"catalog": True} for account-free reference tables, {"not_tenant": why} for the
few exceptions, and {"personal": True} on each column that holds personal data. Enum columns are text under their
GraphQL name with a CHECK, so that a row reads the same in psql, in Python and on the wire.
"""

# check: allow file-length because every table stands in one file, a list that is read by its headings

from enum import StrEnum
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    Numeric,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB, ExcludeConstraint

from domain.account import AccountStatus
from domain.actor import ActorKind, Role
from domain.catalog import FeatureKind, Segment
from domain.entitlement import EntitlementSource
from domain.invoice import InvoiceReason, InvoiceStatus, LineKind
from domain.periods import BillingInterval
from domain.plan_change.verdict import ChangeDirection, PlanChangeStatus, Verdict
from domain.pricing.model import PriceModel
from domain.subscription import SubscriptionStatus
from domain.usage import Aggregation

metadata = MetaData(
    naming_convention={
        "pk": "%(table_name)s_pkey",
        "fk": "%(table_name)s_%(column_0_N_name)s_fkey",
        "uq": "%(table_name)s_%(column_0_N_name)s_key",
        "ck": "%(table_name)s_%(constraint_name)s_check",
        "ix": "%(table_name)s_%(column_0_N_name)s_idx",
    }
)

CATALOG: Final = {"catalog": True}
PERSONAL: Final = {"personal": True}
QUANTITY: Final = Numeric(26, 6)
"""Measured amounts and unit prices finer than a minor unit: exact, six decimals."""
INSTANT: Final = DateTime(timezone=True)


def _id() -> Column[Any]:
    return Column("id", Uuid, nullable=False)


def _account() -> Column[Any]:
    return Column("account_id", Uuid, nullable=False)


def _instant(name: str, *, nullable: bool = False) -> Column[Any]:
    return Column(name, INSTANT, CheckConstraint(f"isfinite({name})", name=f"{name}_is_finite"), nullable=nullable)


def _enum(name: str, kind: type[StrEnum], *, nullable: bool = False) -> Column[Any]:
    values = ", ".join(f"'{member.value}'" for member in kind)
    return Column(name, Text, CheckConstraint(f"{name} IN ({values})", name=f"{name}_is_known"), nullable=nullable)


def _currency() -> Column[Any]:
    return Column("currency", Text, CheckConstraint("currency ~ '^[A-Z]{3}$'", name="currency_is_iso"), nullable=False)


def _tenant(name: str, *columns: Any) -> Table:
    """A table of one account's rows: keyed (account_id, id), its account named, its id findable alone."""
    return Table(
        name,
        metadata,
        _account(),
        _id(),
        *columns,
        PrimaryKeyConstraint("account_id", "id"),
        ForeignKeyConstraint(["account_id"], ["accounts.id"]),
        Index(f"{name}_id_idx", "id"),
    )


def _catalog(name: str, *columns: Any) -> Table:
    """A reference table that every account reads."""
    return Table(name, metadata, Column("id", Uuid, primary_key=True), *columns, info=CATALOG)


def _within(column: str, target: str, *, key: str = "id") -> ForeignKeyConstraint:
    """A reference that cannot leave the account."""
    return ForeignKeyConstraint(["account_id", column], [f"{target}.account_id", f"{target}.{key}"])


def _no_overlap(name: str, *same: str, start: str = "valid_from", end: str = "valid_until") -> ExcludeConstraint:
    """Half-open spans of the rows that share `same` never overlap (a null end is for ever)."""
    return ExcludeConstraint(
        ("account_id", "="),
        *((column, "=") for column in same),
        (func.tstzrange(text(start), text(end)), "&&"),
        name=name,
        using="gist",
    )


def _measure(name: str, *, nullable: bool = False) -> Column[Any]:
    return Column(name, QUANTITY, CheckConstraint(f"{name} <> 'NaN'", name=f"{name}_is_a_number"), nullable=nullable)


def _value_columns() -> tuple[Column[Any], ...]:
    """The value of a feature; which one speaks is told by `kind`. A null limit is unlimited."""
    return (
        _enum("kind", FeatureKind),
        Column("is_enabled", Boolean, nullable=False),
        Column("limit_value", BigInteger, CheckConstraint("limit_value >= 0", name="limit_is_not_negative")),
        Column("setting", Text),
    )


# --- catalog: who sells, what is sold ---------------------------------------------------------------------------

legal_entities = _catalog(
    "legal_entities",
    Column("code", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("country", Text, nullable=False),
)

products = _catalog(
    "products",
    Column("code", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("description", Text, nullable=False),
    Column("position", SmallInteger, nullable=False),
)

plans = _catalog(
    "plans",
    Column("product_id", Uuid, ForeignKey("products.id"), nullable=False),
    Column("code", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("description", Text, nullable=False),
    Column("rank", SmallInteger, nullable=False),
    _enum("segment", Segment, nullable=True),
    _instant("withdrawn_at", nullable=True),
    UniqueConstraint("product_id", "rank"),
)

plan_versions = _catalog(
    "plan_versions",
    Column("plan_id", Uuid, ForeignKey("plans.id"), nullable=False),
    Column("number", Integer, nullable=False),
    _instant("published_at"),
    Column("is_current", Boolean, nullable=False),
    UniqueConstraint("plan_id", "number"),
    Index("plan_versions_one_current_idx", "plan_id", unique=True, postgresql_where=text("is_current")),
)

plan_components = _catalog(
    "plan_components",
    Column("plan_version_id", Uuid, ForeignKey("plan_versions.id"), nullable=False),
    Column("position", SmallInteger, nullable=False),
    Column("code", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("minimum", Integer, nullable=False),
    Column("maximum", Integer),
    UniqueConstraint("plan_version_id", "code"),
    CheckConstraint("minimum >= 0 AND (maximum IS NULL OR maximum >= minimum)", name="bounds_are_ordered"),
)

prices = _catalog(
    "prices",
    Column("plan_version_id", Uuid, ForeignKey("plan_versions.id"), nullable=False),
    Column("component", Text, nullable=False),
    _currency(),
    _enum("interval", BillingInterval),
    _enum("model", PriceModel),
    UniqueConstraint("plan_version_id", "component", "currency", "interval"),
    ForeignKeyConstraint(["plan_version_id", "component"], ["plan_components.plan_version_id", "plan_components.code"]),
)

price_tiers = _catalog(
    "price_tiers",
    Column("price_id", Uuid, ForeignKey("prices.id"), nullable=False),
    Column("position", SmallInteger, nullable=False),
    Column("up_to", BigInteger, CheckConstraint("up_to > 0", name="up_to_is_positive")),
    _measure("unit_minor", nullable=True),
    Column("flat_minor", BigInteger, nullable=False),
    _currency(),
    UniqueConstraint("price_id", "position"),
    CheckConstraint("flat_minor >= 0 AND (unit_minor IS NULL OR unit_minor >= 0)", name="is_not_negative"),
)

meters = _catalog(
    "meters",
    Column("code", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("unit", Text, nullable=False),
    _enum("aggregation", Aggregation),
)

features = _catalog(
    "features",
    Column("code", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("description", Text, nullable=False),
    _enum("kind", FeatureKind),
    Column("meter_id", Uuid, ForeignKey("meters.id")),
)

plan_features = _catalog(
    "plan_features",
    Column("plan_version_id", Uuid, ForeignKey("plan_versions.id"), nullable=False),
    Column("feature_id", Uuid, ForeignKey("features.id"), nullable=False),
    *_value_columns(),
    Column("limit_per_unit", BigInteger, nullable=False),
    Column("component", Text),
    UniqueConstraint("plan_version_id", "feature_id"),
)

# --- people and global look-ups ---------------------------------------------------------------------------------

users = Table(
    "users",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("name", Text, nullable=False, info=PERSONAL),
    Column("email", Text, nullable=False, unique=True, info=PERSONAL),
    _instant("created_at"),
    info={"not_tenant": "a person may belong to several accounts"},
)

account_external_ids = Table(
    "account_external_ids",
    metadata,
    Column("external_id", Text, primary_key=True),
    Column("account_id", Uuid, nullable=False, unique=True),
    info={"not_tenant": "global look-up: external id to account"},
)

number_series = Table(
    "number_series",
    metadata,
    Column("legal_entity_id", Uuid, ForeignKey("legal_entities.id"), primary_key=True),
    Column("series", Text, primary_key=True),
    Column("last_number", BigInteger, nullable=False),
    info={"not_tenant": "document numbers run through a legal entity's accounts"},
)

document_numbers = Table(
    "document_numbers",
    metadata,
    Column("legal_entity_id", Uuid, ForeignKey("legal_entities.id"), primary_key=True),
    Column("series", Text, primary_key=True),
    Column("number", BigInteger, primary_key=True),
    Column("account_id", Uuid, nullable=False),
    Column("document_id", Uuid, nullable=False, unique=True),
    info={"not_tenant": "document numbers: (legal entity, series, number) to account and document"},
)

# --- accounts ---------------------------------------------------------------------------------------------------

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
    _currency(),
    Column("zone", Text, nullable=False),
    _enum("segment", Segment),
    _enum("status", AccountStatus),
    Column("net_days", SmallInteger, nullable=False),
    Column("is_sandbox", Boolean, nullable=False),
    _instant("clock_at", nullable=True),
    _instant("created_at"),
    Column("event_sequence", BigInteger, nullable=False),
    CheckConstraint("clock_at IS NULL OR is_sandbox", name="clock_is_for_sandbox"),
    Index("accounts_created_idx", "created_at", "id"),
    Index("accounts_name_idx", "name", "id"),
    Index("accounts_parent_idx", "parent_account_id"),
)

memberships = _tenant(
    "memberships",
    Column("user_id", Uuid, ForeignKey("users.id"), nullable=False),
    _enum("role", Role),
    _instant("created_at"),
    UniqueConstraint("account_id", "user_id"),
    Index("memberships_user_idx", "user_id", "account_id"),
)

# --- subscriptions ----------------------------------------------------------------------------------------------

subscriptions = _tenant(
    "subscriptions",
    Column("product_id", Uuid, ForeignKey("products.id"), nullable=False),
    Column("plan_id", Uuid, ForeignKey("plans.id"), nullable=False),
    Column("plan_version_id", Uuid, ForeignKey("plan_versions.id"), nullable=False),
    _enum("status", SubscriptionStatus),
    _enum("interval", BillingInterval),
    Column("anchor_on", Date, nullable=False),
    _instant("current_period_start"),
    _instant("current_period_end"),
    _instant("started_at"),
    _instant("ended_at", nullable=True),
    Column("version", Integer, nullable=False),
    CheckConstraint("current_period_start < current_period_end", name="period_is_not_empty"),
    _no_overlap("subscriptions_one_live_excl", "product_id", start="started_at", end="ended_at"),
    Index("subscriptions_by_account_idx", "account_id", "started_at", "id"),
    Index("subscriptions_due_idx", "current_period_end", postgresql_where=text("ended_at IS NULL")),
)

subscription_items = _tenant(
    "subscription_items",
    Column("subscription_id", Uuid, nullable=False),
    Column("plan_version_id", Uuid, ForeignKey("plan_versions.id"), nullable=False),
    Column("component", Text, nullable=False),
    Column("price_id", Uuid, ForeignKey("prices.id"), nullable=False),
    Column("quantity", BigInteger, CheckConstraint("quantity >= 0", name="quantity_is_not_negative"), nullable=False),
    _instant("valid_from"),
    _instant("valid_until", nullable=True),
    _within("subscription_id", "subscriptions"),
    _no_overlap("subscription_items_no_overlap_excl", "subscription_id", "component"),
    Index("subscription_items_by_subscription_idx", "account_id", "subscription_id", "component", "id"),
)

commitment_terms = _tenant(
    "commitment_terms",
    Column("subscription_id", Uuid, nullable=False),
    _instant("start_at"),
    _instant("end_at"),
    Column("months", SmallInteger, nullable=False),
    Column("notice_days", SmallInteger, nullable=False),
    _within("subscription_id", "subscriptions"),
    _no_overlap("commitment_terms_no_overlap_excl", "subscription_id", start="start_at", end="end_at"),
)

# --- entitlements and usage -------------------------------------------------------------------------------------

entitlement_overrides = _tenant(
    "entitlement_overrides",
    Column("feature_id", Uuid, ForeignKey("features.id"), nullable=False),
    *_value_columns(),
    Column("priority", SmallInteger, nullable=False),
    Column("reason", Text, nullable=False),
    _instant("starts_at"),
    _instant("ends_at", nullable=True),
    _instant("created_at"),
    Index("entitlement_overrides_by_account_idx", "account_id", "created_at", "id"),
)

entitlements = Table(
    "entitlements",
    metadata,
    _account(),
    _id(),
    Column("feature_id", Uuid, ForeignKey("features.id"), nullable=False),
    Column("feature_code", Text, nullable=False),
    *_value_columns(),
    _enum("source", EntitlementSource),
    Column("subscription_id", Uuid),
    Column("override_id", Uuid),
    Column("meter_id", Uuid, ForeignKey("meters.id")),
    Column("window_start", Date),
    Column("window_end", Date),
    _instant("valid_from"),
    _instant("valid_until", nullable=True),
    PrimaryKeyConstraint("account_id", "id", "valid_from"),
    ForeignKeyConstraint(["account_id"], ["accounts.id"]),
    _within("subscription_id", "subscriptions"),
    _within("override_id", "entitlement_overrides"),
    _no_overlap("entitlements_no_overlap_excl", "feature_id"),
    Index("entitlements_id_idx", "id"),
    Index("entitlements_by_account_idx", "account_id", "feature_code", "id"),
)

usage_events = Table(
    "usage_events",
    metadata,
    _account(),
    Column("source", Text, nullable=False),
    Column("event_id", Text, nullable=False),
    Column("meter_id", Uuid, ForeignKey("meters.id"), nullable=False),
    _measure("value"),
    _instant("occurred_at"),
    _instant("received_at"),
    PrimaryKeyConstraint("account_id", "source", "event_id"),
    ForeignKeyConstraint(["account_id"], ["accounts.id"]),
)

usage_counters = Table(
    "usage_counters",
    metadata,
    _account(),
    Column("meter_id", Uuid, ForeignKey("meters.id"), nullable=False),
    Column("day", Date, nullable=False),
    Column("count", BigInteger, nullable=False),
    _measure("sum"),
    _measure("max"),
    _measure("latest"),
    _instant("latest_at"),
    Column("latest_source", Text, nullable=False),
    Column("latest_event_id", Text, nullable=False),
    PrimaryKeyConstraint("account_id", "meter_id", "day"),
    ForeignKeyConstraint(["account_id"], ["accounts.id"]),
)

# --- decisions and changes --------------------------------------------------------------------------------------

quotes = _tenant(
    "quotes",
    Column("subscription_id", Uuid, nullable=False),
    Column("request", JSONB, nullable=False),
    Column("outcome", JSONB, nullable=False),
    _instant("priced_at"),
    _instant("expires_at"),
    _instant("created_at"),
    _within("subscription_id", "subscriptions"),
)

policy_decisions = _tenant(
    "policy_decisions",
    Column("subscription_id", Uuid, nullable=False),
    Column("quote_id", Uuid),
    _enum("verdict", Verdict),
    _instant("effective_at"),
    Column("policy_version", Text, nullable=False),
    Column("reasons", JSONB, nullable=False),
    _enum("actor_kind", ActorKind),
    Column("actor_id", Uuid),
    _instant("created_at"),
    _within("subscription_id", "subscriptions"),
    _within("quote_id", "quotes"),
)

plan_changes = _tenant(
    "plan_changes",
    Column("subscription_id", Uuid, nullable=False),
    Column("quote_id", Uuid),
    Column("decision_id", Uuid, nullable=False),
    Column("invoice_id", Uuid),
    Column("from_plan_version_id", Uuid, ForeignKey("plan_versions.id"), nullable=False),
    Column("to_plan_version_id", Uuid, ForeignKey("plan_versions.id"), nullable=False),
    _enum("from_interval", BillingInterval),
    _enum("to_interval", BillingInterval),
    _enum("direction", ChangeDirection),
    _enum("status", PlanChangeStatus),
    Column("request", JSONB, nullable=False),
    _instant("effective_at"),
    _instant("created_at"),
    _instant("applied_at", nullable=True),
    _within("subscription_id", "subscriptions"),
    _within("quote_id", "quotes"),
    _within("decision_id", "policy_decisions"),
    _within("invoice_id", "invoices"),
    Index(
        "plan_changes_one_pending_idx",
        "account_id",
        "subscription_id",
        unique=True,
        postgresql_where=text("status = 'SCHEDULED'"),
    ),
    Index("plan_changes_by_account_idx", "account_id", "created_at", "id"),
    Index("plan_changes_by_subscription_idx", "account_id", "subscription_id", "created_at", "id"),
)

# --- invoices ---------------------------------------------------------------------------------------------------

invoices = _tenant(
    "invoices",
    Column("legal_entity_id", Uuid, ForeignKey("legal_entities.id"), nullable=False),
    Column("subscription_id", Uuid, nullable=False),
    Column("number", Text),
    _enum("reason", InvoiceReason),
    _enum("status", InvoiceStatus),
    _currency(),
    Column("customer_name", Text, nullable=False, info=PERSONAL),
    Column(
        "total_minor", BigInteger, CheckConstraint("total_minor >= 0", name="total_is_not_negative"), nullable=False
    ),
    Column("paid_minor", BigInteger, nullable=False),
    Column("issued_on", Date, nullable=False),
    Column("due_on", Date, nullable=False),
    _instant("finalized_at"),
    _instant("paid_at", nullable=True),
    _within("subscription_id", "subscriptions"),
    UniqueConstraint("account_id", "number"),
    CheckConstraint("paid_minor BETWEEN 0 AND total_minor", name="paid_is_within_total"),
    CheckConstraint("due_on >= issued_on", name="due_is_after_issue"),
    Index("invoices_by_account_idx", "account_id", "issued_on", "id"),
    Index("invoices_unpaid_idx", "account_id", "due_on", postgresql_where=text("status = 'OPEN'")),
)

invoice_lines = _tenant(
    "invoice_lines",
    Column("invoice_id", Uuid, nullable=False),
    Column("position", SmallInteger, nullable=False),
    Column("subscription_id", Uuid, nullable=False),
    Column("item_id", Uuid, nullable=False),
    Column("plan_version_id", Uuid, ForeignKey("plan_versions.id"), nullable=False),
    Column("price_id", Uuid, ForeignKey("prices.id"), nullable=False),
    _enum("kind", LineKind),
    Column("cause", Uuid, nullable=False),
    Column("description", Text, nullable=False),
    Column("quantity", BigInteger, nullable=False),
    _measure("unit_minor", nullable=True),
    Column("amount_minor", BigInteger, nullable=False),
    _currency(),
    _instant("service_start"),
    _instant("service_end"),
    Column("rule", Text, nullable=False),
    Column("sentence", Text, nullable=False),
    _measure("basis_minor"),
    Column("part_s", BigInteger, nullable=False),
    Column("whole_s", BigInteger, CheckConstraint("whole_s > 0", name="whole_is_positive"), nullable=False),
    Column("split_minor", BigInteger),
    Column("credited_line_id", Uuid),
    _within("invoice_id", "invoices"),
    _within("subscription_id", "subscriptions"),
    _within("item_id", "subscription_items"),
    _within("credited_line_id", "invoice_lines"),
    UniqueConstraint("account_id", "subscription_id", "item_id", "service_start", "kind", "cause"),
    UniqueConstraint("account_id", "invoice_id", "position"),
    CheckConstraint("service_start < service_end", name="service_is_not_empty"),
)

# --- what happened ----------------------------------------------------------------------------------------------

outbox_events = _tenant(
    "outbox_events",
    Column("sequence", BigInteger, nullable=False),
    Column("aggregate_type", Text, nullable=False),
    Column("aggregate_id", Uuid, nullable=False),
    Column("aggregate_sequence", BigInteger, nullable=False),
    Column("type", Text, nullable=False),
    Column("data", Text, CheckConstraint("data::jsonb IS NOT NULL", name="data_is_json"), nullable=False),
    _instant("occurred_at"),
    _instant("recorded_at"),
    UniqueConstraint("account_id", "sequence"),
    UniqueConstraint("account_id", "aggregate_id", "aggregate_sequence"),
)

audit_entries = _tenant(
    "audit_entries",
    _enum("actor_kind", ActorKind),
    Column("actor_id", Uuid),
    Column("action", Text, nullable=False),
    Column("subject_type", Text, nullable=False),
    Column("subject_id", Uuid, nullable=False),
    Column("reason", Text),
    Column("before", Text, CheckConstraint("before IS NULL OR before::jsonb IS NOT NULL", name="before_is_json")),
    Column("after", Text, CheckConstraint("after IS NULL OR after::jsonb IS NOT NULL", name="after_is_json")),
    _instant("occurred_at"),
    _instant("recorded_at"),
    Index("audit_entries_by_account_idx", "account_id", "recorded_at", "id"),
)

idempotency_keys = Table(
    "idempotency_keys",
    metadata,
    _account(),
    Column("key", Text, nullable=False),
    Column("mutation", Text, nullable=False),
    Column("input_hash", Text, nullable=False),
    Column("outcome", JSONB, nullable=False),
    _instant("created_at"),
    PrimaryKeyConstraint("account_id", "key"),
    ForeignKeyConstraint(["account_id"], ["accounts.id"]),
)
