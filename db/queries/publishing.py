"""What whoever writes the catalog must know first: the plan and its editions, the names there are, what is taken."""

from dataclasses import dataclass

from sqlalchemy import exists, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from db import rows
from db.tables import coupons, features, meters, plan_components, plan_versions, plans, products
from domain.catalog import Plan, Segment
from domain.ids import MeterId, PlanId, ProductId
from domain.publishing.known import Known, KnownMeter
from domain.usage import Aggregation


@dataclass(frozen=True, slots=True)
class PlanOnFile:
    """A plan and the number of its newest edition, 0 for none."""

    plan: Plan
    newest_number: int


async def plan_on_file(session: AsyncSession, plan_id: PlanId) -> PlanOnFile | None:
    """The plan with this id; None for an unknown one."""
    newest = select(func.max(plan_versions.c.number)).where(plan_versions.c.plan_id == plans.c.id).scalar_subquery()
    row = (
        await session.execute(select(plans, newest.label("newest_number")).where(plans.c.id == plan_id))
    ).one_or_none()
    if row is None:
        return None
    plan = Plan(
        id=PlanId(row.id),
        product_id=ProductId(row.product_id),
        code=row.code,
        name=row.name,
        rank=row.rank,
        segment=Segment(row.segment) if row.segment else None,
        withdrawn_at=rows.maybe_utc(row.withdrawn_at),
    )
    return PlanOnFile(plan, row.newest_number or 0)


async def known_names(session: AsyncSession) -> Known:
    """Every meter and feature by code; two statements. The catalog is small."""
    counted = await session.execute(select(meters.c.id, meters.c.code, meters.c.aggregation))
    granted = await session.execute(select(features))
    return Known(
        {row.code: KnownMeter(MeterId(row.id), Aggregation(row.aggregation)) for row in counted},
        {row.code: rows.feature(row) for row in granted},
    )


async def is_product(session: AsyncSession, product_id: ProductId) -> bool:
    """Whether there is a product with this id."""
    return bool(await session.scalar(select(exists().where(products.c.id == product_id))))


async def plan_at(session: AsyncSession, product_id: ProductId, rank: int) -> str | None:
    """The code of the plan that has this place on a product's ladder."""
    code: str | None = await session.scalar(
        select(plans.c.code).where(plans.c.product_id == product_id, plans.c.rank == rank)
    )
    return code


async def is_plan_code(session: AsyncSession, code: str) -> bool:
    """Whether a plan of any product has this code."""
    return bool(await session.scalar(select(exists().where(plans.c.code == code))))


async def is_coupon_code(session: AsyncSession, code: str) -> bool:
    """Whether there is or was a coupon with this code."""
    return bool(await session.scalar(select(exists().where(coupons.c.code == code))))


async def is_component(session: AsyncSession, code: str, product_id: ProductId | None) -> bool:
    """Whether an edition that is sold, of this product or of any, has a component with this code."""
    found = (
        select(plan_components.c.id)
        .join(plan_versions, plan_versions.c.id == plan_components.c.plan_version_id)
        .join(plans, plans.c.id == plan_versions.c.plan_id)
        .where(plan_components.c.code == code, plan_versions.c.is_current)
    )
    if product_id is not None:
        found = found.where(plans.c.product_id == product_id)
    return await session.scalar(found.limit(1)) is not None
