"""Who sells and what is sold: account-free, read by everyone."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    SmallInteger,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from db.tables.columns import catalog_table, currency, enumerated, instant, measure, minor, percent, value_columns
from domain.catalog import ChargeTiming, FeatureKind, Segment
from domain.periods import BillingInterval
from domain.pricing.model import PriceModel
from domain.usage import Aggregation

legal_entities = catalog_table(
    "legal_entities",
    Column("code", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("country", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("tax_id", Text),
    Column("grace_hours", SmallInteger, nullable=False),
    CheckConstraint("grace_hours >= 0", name="grace_is_not_negative"),
)

products = catalog_table(
    "products",
    Column("code", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("description", Text, nullable=False),
    Column("position", SmallInteger, nullable=False),
)

plans = catalog_table(
    "plans",
    Column("product_id", Uuid, ForeignKey("products.id"), nullable=False),
    Column("code", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("description", Text, nullable=False),
    Column("rank", SmallInteger, nullable=False),
    enumerated("segment", Segment, nullable=True),
    instant("withdrawn_at", nullable=True),
    Column("countries", JSONB),
    UniqueConstraint("product_id", "rank"),
)

plan_versions = catalog_table(
    "plan_versions",
    Column("plan_id", Uuid, ForeignKey("plans.id"), nullable=False),
    Column("number", Integer, nullable=False),
    instant("published_at"),
    Column("is_current", Boolean, nullable=False),
    UniqueConstraint("plan_id", "number"),
    Index("plan_versions_one_current_idx", "plan_id", unique=True, postgresql_where=text("is_current")),
)

plan_components = catalog_table(
    "plan_components",
    Column("plan_version_id", Uuid, ForeignKey("plan_versions.id"), nullable=False),
    Column("position", SmallInteger, nullable=False),
    Column("code", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("minimum", Integer, nullable=False),
    Column("maximum", Integer),
    enumerated("timing", ChargeTiming),
    Column("meter_id", Uuid, ForeignKey("meters.id")),
    UniqueConstraint("plan_version_id", "code"),
    CheckConstraint("meter_id IS NULL OR timing = 'IN_ARREARS'", name="use_is_charged_in_arrears"),
    CheckConstraint("minimum >= 0 AND (maximum IS NULL OR maximum >= minimum)", name="bounds_are_ordered"),
)

prices = catalog_table(
    "prices",
    Column("plan_version_id", Uuid, ForeignKey("plan_versions.id"), nullable=False),
    Column("component", Text, nullable=False),
    currency(),
    enumerated("interval", BillingInterval),
    enumerated("model", PriceModel),
    Column("tax_inclusive", Boolean, nullable=False),
    Column("package_size", BigInteger, CheckConstraint("package_size > 0", name="package_size_is_positive")),
    percent(nullable=True),
    minor("minimum_minor", nullable=True),
    minor("maximum_minor", nullable=True),
    UniqueConstraint("plan_version_id", "component", "currency", "interval"),
    ForeignKeyConstraint(["plan_version_id", "component"], ["plan_components.plan_version_id", "plan_components.code"]),
)

price_tiers = catalog_table(
    "price_tiers",
    Column("price_id", Uuid, ForeignKey("prices.id"), nullable=False),
    Column("position", SmallInteger, nullable=False),
    Column("up_to", BigInteger, CheckConstraint("up_to > 0", name="up_to_is_positive")),
    measure("unit_minor", nullable=True),
    Column("flat_minor", BigInteger, nullable=False),
    currency(),
    UniqueConstraint("price_id", "position"),
    CheckConstraint("flat_minor >= 0 AND (unit_minor IS NULL OR unit_minor >= 0)", name="is_not_negative"),
)

plan_bounds = catalog_table(
    "plan_bounds",
    Column("plan_version_id", Uuid, ForeignKey("plan_versions.id"), nullable=False),
    currency(),
    enumerated("interval", BillingInterval),
    minor("minimum_minor", nullable=True),
    minor("maximum_minor", nullable=True),
    UniqueConstraint("plan_version_id", "currency", "interval"),
    CheckConstraint("minimum_minor <= maximum_minor", name="bounds_are_ordered"),
)

tax_rates = catalog_table(
    "tax_rates",
    Column("country", Text, nullable=False),
    Column("region", Text),
    Column("name", Text, nullable=False),
    percent(),
    Column("valid_from", Date, nullable=False),
    Column("valid_until", Date),
    UniqueConstraint("country", "region", "valid_from", postgresql_nulls_not_distinct=True),
    Index("tax_rates_by_country_idx", "country", "valid_from", "id"),
    CheckConstraint("valid_from < valid_until", name="validity_is_ordered"),
)

coupons = catalog_table(
    "coupons",
    Column("code", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    percent(nullable=True),
    minor("amount_minor", nullable=True, sign="> 0"),
    minor("cap_minor", nullable=True, sign="> 0"),
    Column("currency", Text, CheckConstraint("currency ~ '^[A-Z]{3}$'", name="currency_is_iso")),
    Column("periods", SmallInteger, CheckConstraint("periods > 0", name="periods_is_positive")),
    Column("product_id", Uuid, ForeignKey("products.id")),
    Column("component", Text),
    instant("redeem_by", nullable=True),
    Column("max_redemptions", Integer, CheckConstraint("max_redemptions > 0", name="max_redemptions_is_positive")),
    Column("redemptions", Integer, nullable=False),
    instant("created_at"),
    CheckConstraint("(percent IS NULL) <> (amount_minor IS NULL)", name="is_a_share_or_an_amount"),
    CheckConstraint("redemptions BETWEEN 0 AND max_redemptions", name="redemptions_are_within_bounds"),
)

plan_version_migrations = catalog_table(
    "plan_version_migrations",
    Column("plan_id", Uuid, ForeignKey("plans.id"), nullable=False),
    Column("to_plan_version_id", Uuid, ForeignKey("plan_versions.id"), nullable=False),
    enumerated("segment", Segment, nullable=True),
    Column("notice_days", SmallInteger, nullable=False),
    Column("reason", Text, nullable=False),
    instant("created_at"),
)

meters = catalog_table(
    "meters",
    Column("code", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("unit", Text, nullable=False),
    enumerated("aggregation", Aggregation),
    Column("event_type", Text, nullable=False),
    Column("value_property", Text),
    Column("dimensions", ARRAY(Text), nullable=False),
    Index("meters_by_event_type_idx", "event_type"),
)

features = catalog_table(
    "features",
    Column("code", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("description", Text, nullable=False),
    enumerated("kind", FeatureKind),
    Column("meter_id", Uuid, ForeignKey("meters.id")),
)

plan_features = catalog_table(
    "plan_features",
    Column("plan_version_id", Uuid, ForeignKey("plan_versions.id"), nullable=False),
    Column("feature_id", Uuid, ForeignKey("features.id"), nullable=False),
    *value_columns(),
    Column("limit_per_unit", BigInteger, nullable=False),
    Column("component", Text),
    UniqueConstraint("plan_version_id", "feature_id"),
)
