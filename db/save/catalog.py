"""The catalog as it is written: who sells, hubs, meters, features, plans, versions that never change again, and the
tax tables and coupons beside them.

Owns that a plan has one current version at a time. Does not own whose decision a publication is.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import insert, null, update

from db import rows
from db.queries.catalog import forget
from db.tables import (
    coupons,
    features,
    legal_entities,
    meters,
    plan_bounds,
    plan_components,
    plan_features,
    plan_versions,
    plans,
    price_tiers,
    prices,
    products,
    tax_rates,
)
from db.unit_of_work import UnitOfWork
from domain.account import LegalEntity
from domain.catalog import Feature, Plan, PlanVersion
from domain.discount import CouponTerms
from domain.entitlement import FeatureValue
from domain.ids import CouponId, MeterId, PlanId, ProductId
from domain.tax import TaxRate
from domain.usage import Aggregation


@dataclass(frozen=True, slots=True)
class Product:
    """A thing with a ladder of plans; `position` is its place in a list."""

    id: ProductId
    code: str
    name: str
    description: str
    position: int


@dataclass(frozen=True, slots=True)
class Meter:
    """What usage is counted by. `event_type` None: events of its own code. `value_property`: where such an event has
    its value; `dimensions` are the properties it is told apart by.
    """

    id: MeterId
    code: str
    name: str
    unit: str
    aggregation: Aggregation
    event_type: str | None = None
    value_property: str | None = None
    dimensions: tuple[str, ...] = ()


async def new_legal_entity(unit: UnitOfWork, entity: LegalEntity) -> None:
    """One who invoices."""
    await unit.session.execute(
        insert(legal_entities).values(
            id=entity.id,
            code=entity.code,
            name=entity.name,
            country=entity.country,
            address=entity.address,
            tax_id=entity.tax_id,
            grace_hours=entity.grace // timedelta(hours=1),
        )
    )


async def new_product(unit: UnitOfWork, product: Product) -> None:
    """A product, as yet without plans."""
    await unit.session.execute(
        insert(products).values(
            id=product.id,
            code=product.code,
            name=product.name,
            description=product.description,
            position=product.position,
        )
    )


async def new_meter(unit: UnitOfWork, meter: Meter) -> None:
    """A meter."""
    await unit.session.execute(
        insert(meters).values(
            id=meter.id,
            code=meter.code,
            name=meter.name,
            unit=meter.unit,
            aggregation=meter.aggregation.value,
            event_type=meter.event_type or meter.code,
            value_property=meter.value_property,
            dimensions=list(meter.dimensions),
        )
    )


async def new_feature(unit: UnitOfWork, feature: Feature, description: str) -> None:
    """A feature plans may grant."""
    await unit.session.execute(
        insert(features).values(
            id=feature.id,
            code=feature.code,
            name=feature.name,
            description=description,
            kind=feature.kind.value,
            meter_id=feature.meter_id,
        )
    )


async def new_plan(unit: UnitOfWork, plan: Plan, description: str) -> None:
    """A rung of a product's ladder; it can be bought once a version is published."""
    await unit.session.execute(
        insert(plans).values(
            id=plan.id,
            product_id=plan.product_id,
            code=plan.code,
            name=plan.name,
            description=description,
            rank=plan.rank,
            segment=plan.segment.value if plan.segment else None,
            withdrawn_at=plan.withdrawn_at,
            countries=null() if plan.countries is None else sorted(plan.countries),
        )
    )


async def publish(unit: UnitOfWork, version: PlanVersion, at: datetime) -> None:
    """A version with all its parts, from now on the one that is sold; who has an earlier one keeps it."""
    of_plan = plan_versions.c.plan_id == version.plan.id
    await unit.session.execute(
        update(plan_versions).where(of_plan, plan_versions.c.is_current).values(is_current=False)
    )
    await unit.session.execute(
        insert(plan_versions).values(
            id=version.id, plan_id=version.plan.id, number=version.number, published_at=at, is_current=True
        )
    )
    await unit.session.execute(
        insert(plan_components),
        [
            {
                "id": unit.ids.new(),
                "plan_version_id": version.id,
                "position": position,
                "code": component.code,
                "name": component.name,
                "minimum": component.minimum,
                "maximum": component.maximum,
                "timing": component.timing.value,
                "meter_id": component.meter_id,
            }
            for position, component in enumerate(version.components, start=1)
        ],
    )
    await _new_prices(unit, version)
    if version.bounds:
        await unit.session.execute(
            insert(plan_bounds),
            [
                {
                    "id": unit.ids.new(),
                    "plan_version_id": version.id,
                    "currency": bound.currency,
                    "interval": bound.interval.value,
                    "minimum_minor": bound.minimum_minor,
                    "maximum_minor": bound.maximum_minor,
                }
                for bound in version.bounds
            ],
        )
    if version.features:
        await unit.session.execute(
            insert(plan_features),
            [
                {
                    "id": unit.ids.new(),
                    "plan_version_id": version.id,
                    "feature_id": granted.feature.id,
                    **rows.value_columns(
                        granted.feature.kind, FeatureValue(granted.is_enabled, granted.limit, granted.setting)
                    ),
                    "limit_per_unit": granted.limit_per_unit,
                    "component": granted.component,
                }
                for granted in version.features
            ],
        )


async def _new_prices(unit: UnitOfWork, version: PlanVersion) -> None:
    await unit.session.execute(
        insert(prices),
        [
            {
                "id": price.id,
                "plan_version_id": version.id,
                "component": price.component,
                "currency": price.currency,
                "interval": price.interval.value,
                "model": price.model.value,
                "tax_inclusive": price.tax_inclusive,
                "package_size": price.package_size,
                "percent": price.percent,
                "minimum_minor": price.minimum_minor,
                "maximum_minor": price.maximum_minor,
            }
            for price in version.prices
        ],
    )
    await unit.session.execute(
        insert(price_tiers),
        [
            {
                "id": unit.ids.new(),
                "price_id": price.id,
                "position": position,
                "up_to": tier.up_to,
                "unit_minor": tier.unit,
                "flat_minor": tier.flat,
                "currency": price.currency,
            }
            for price in version.prices
            for position, tier in enumerate(price.tiers, start=1)
        ],
    )


async def withdraw(unit: UnitOfWork, plan_id: PlanId, at: datetime) -> None:
    """Take a plan off sale; who has it keeps it."""
    await unit.session.execute(update(plans).where(plans.c.id == plan_id).values(withdrawn_at=at))
    forget(unit.session)


async def new_tax_rate(unit: UnitOfWork, rate: TaxRate) -> None:
    """A rate on the tables."""
    await unit.session.execute(
        insert(tax_rates).values(
            id=rate.id,
            country=rate.country,
            region=rate.region,
            name=rate.name,
            percent=rate.percent,
            valid_from=rate.valid_from,
            valid_until=rate.valid_until,
        )
    )


async def closed_tax_rate(unit: UnitOfWork, rate: TaxRate) -> None:
    """The end of a rate that ran; nothing else of it ever changes."""
    await unit.session.execute(update(tax_rates).where(tax_rates.c.id == rate.id).values(valid_until=rate.valid_until))


async def new_coupon(
    unit: UnitOfWork,
    coupon_id: CouponId,
    terms: CouponTerms,
    at: datetime,
    redeem_by: datetime | None = None,
    max_redemptions: int | None = None,
) -> None:
    """A coupon that nobody has redeemed yet."""
    await unit.session.execute(
        insert(coupons).values(
            id=coupon_id,
            code=terms.code,
            name=terms.name,
            percent=terms.percent,
            amount_minor=terms.amount.minor if terms.amount else None,
            cap_minor=terms.cap.minor if terms.cap else None,
            currency=terms.currency,
            periods=terms.periods,
            product_id=terms.product_id,
            component=terms.component,
            redeem_by=redeem_by,
            max_redemptions=max_redemptions,
            redemptions=0,
            created_at=at,
        )
    )
