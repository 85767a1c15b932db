"""Who sells and what is sold: account-free, read by everyone."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
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

from db.tables.columns import catalog_table, currency, enumerated, instant, measure, value_columns
from domain.catalog import FeatureKind, Segment
from domain.periods import BillingInterval
from domain.pricing.model import PriceModel
from domain.usage import Aggregation

legal_entities = catalog_table(
    "legal_entities",
    Column("code", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("country", Text, nullable=False),
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
    UniqueConstraint("plan_version_id", "code"),
    CheckConstraint("minimum >= 0 AND (maximum IS NULL OR maximum >= minimum)", name="bounds_are_ordered"),
)

prices = catalog_table(
    "prices",
    Column("plan_version_id", Uuid, ForeignKey("plan_versions.id"), nullable=False),
    Column("component", Text, nullable=False),
    currency(),
    enumerated("interval", BillingInterval),
    enumerated("model", PriceModel),
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

meters = catalog_table(
    "meters",
    Column("code", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("unit", Text, nullable=False),
    enumerated("aggregation", Aggregation),
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
