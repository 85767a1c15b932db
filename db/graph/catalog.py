"""What the graph reads from the catalog: products, plans, their versions, what they cost and what they grant.

Catalog rows belong to no account and everyone may read them, also what has been withdrawn: an old invoice names it.
"""

from sqlalchemy import or_, select

from db.graph.clock import operation_now
from db.graph.declare import Entity, FineMoney, Money, columns, many, one, pages
from db.graph.entitlement import feature_value
from db.graph.filters import by, equals, holds, named, satisfying
from db.tables import (
    features,
    meters,
    plan_bounds,
    plan_components,
    plan_features,
    plan_versions,
    plans,
    price_tiers,
    prices,
    products,
)

PRODUCT = Entity(
    "Product",
    products,
    prefix="prod",
    keys={"code": by(products.c.code)},
    fields=columns(products, "code name description"),
    relations={"plans": many("Plan", plans.c.product_id, order=[plans.c.rank], most=20)},
)
PRODUCTS = many("Product", None, order=[products.c.position, products.c.id], most=20)

PLAN = Entity(
    "Plan",
    plans,
    prefix="plan",
    keys={"code": by(plans.c.code)},
    fields=columns(plans, "code name description rank segment withdrawn_at"),
    relations={
        "product": one("Product", products.c.id, via="product_id"),
        "current_version": one("PlanVersion", plan_versions.c.plan_id, where=plan_versions.c.is_current),
        "versions": pages("PlanVersion", plan_versions.c.plan_id, order=[plan_versions.c.number.desc()]),
    },
)
PLANS = pages(
    "Plan",
    None,
    orders={"RANK": [plans.c.product_id, plans.c.rank], "CODE": [plans.c.code]},
    filters={
        "product": satisfying(lambda code: plans.c.product_id == named(products.c.id, products.c.code)(code)),
        "currency": satisfying(
            lambda code: plans.c.id.in_(
                select(plan_versions.c.plan_id)
                .join(prices, prices.c.plan_version_id == plan_versions.c.id)
                .where(plan_versions.c.is_current, prices.c.currency == code)
            )
        ),
        "segment": satisfying(lambda segment: or_(plans.c.segment.is_(None), plans.c.segment == segment)),
        "is_on_sale": holds(or_(plans.c.withdrawn_at.is_(None), plans.c.withdrawn_at > operation_now())),
    },
)

PLAN_VERSION = Entity(
    "PlanVersion",
    plan_versions,
    prefix="plnv",
    fields=columns(plan_versions, "number published_at is_current"),
    relations={
        "plan": one("Plan", plans.c.id, via="plan_id"),
        "components": many(
            "PlanComponent",
            plan_components.c.plan_version_id,
            order=[plan_components.c.position, plan_components.c.code],
            most=10,
        ),
        "prices": many(
            "Price",
            prices.c.plan_version_id,
            order=[prices.c.component, prices.c.currency, prices.c.interval],
            filters={"currency": equals(prices.c.currency), "interval": equals(prices.c.interval)},
            most=200,
        ),
        "bounds": many(
            "PlanBound",
            plan_bounds.c.plan_version_id,
            order=[plan_bounds.c.currency, plan_bounds.c.interval],
            most=20,
        ),
        "features": many("PlanFeature", plan_features.c.plan_version_id, order=[plan_features.c.feature_id], most=100),
    },
)

PLAN_COMPONENT = Entity(
    "PlanComponent",
    plan_components,
    fields=columns(plan_components, "code name minimum maximum timing"),
    relations={"meter": one("Meter", meters.c.id, via="meter_id")},
)

PLAN_BOUND = Entity(
    "PlanBound",
    plan_bounds,
    fields={
        **columns(plan_bounds, "currency interval"),
        "minimum": Money(plan_bounds.c.minimum_minor, plan_bounds.c.currency),
        "maximum": Money(plan_bounds.c.maximum_minor, plan_bounds.c.currency),
    },
)

PRICE = Entity(
    "Price",
    prices,
    prefix="prce",
    fields={
        **columns(prices, "component currency interval model tax_inclusive package_size percent"),
        "minimum": Money(prices.c.minimum_minor, prices.c.currency),
        "maximum": Money(prices.c.maximum_minor, prices.c.currency),
    },
    relations={
        "plan_version": one("PlanVersion", plan_versions.c.id, via="plan_version_id"),
        "tiers": many("PriceTier", price_tiers.c.price_id, order=[price_tiers.c.position], most=20),
    },
)

PRICE_TIER = Entity(
    "PriceTier",
    price_tiers,
    fields={
        **columns(price_tiers, "up_to"),
        "unit_price": FineMoney(price_tiers.c.unit_minor, price_tiers.c.currency),
        "flat_amount": Money(price_tiers.c.flat_minor, price_tiers.c.currency),
    },
)

FEATURE = Entity(
    "Feature",
    features,
    prefix="feat",
    keys={"code": by(features.c.code)},
    fields=columns(features, "code name description kind"),
    relations={"meter": one("Meter", meters.c.id, via="meter_id")},
)
FEATURES = many("Feature", None, order=[features.c.code], most=200)

METER = Entity(
    "Meter",
    meters,
    prefix="metr",
    keys={"code": by(meters.c.code)},
    fields=columns(meters, "code name unit aggregation"),
)
METERS = many("Meter", None, order=[meters.c.code], most=100)

PLAN_FEATURE = Entity(
    "PlanFeature",
    plan_features,
    fields={
        **columns(plan_features, "limit_per_unit component"),
        "value": feature_value(plan_features),
    },
    relations={"feature": one("Feature", features.c.id, via="feature_id")},
)
