"""Plan versions for decisions: four statements, whatever the number of versions, once a transaction.

Versions never change once published, and what does change, whether a plan is withdrawn, had better be one answer
within a transaction: so what was loaded is kept in the session, and a decision that asks again asks for nothing.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from itertools import groupby

from sqlalchemy import or_, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession

from db import rows
from db.among import among
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
)
from domain.catalog import Feature, PlanFeature, PlanVersion
from domain.ids import PlanId, PlanVersionId
from domain.pricing.model import Price

_KNOWN = "plan versions"
"""Where a session keeps the versions its transaction has loaded."""
_OF_PLAN = ("product_id", "code", "name", "rank", "segment", "countries")
_BOUND = ("currency", "interval", "minimum_minor", "maximum_minor")


async def current_version_id(session: AsyncSession, plan_id: PlanId) -> PlanVersionId | None:
    """The version of a plan that is sold today; None for an unknown plan."""
    found = await session.scalar(
        select(plan_versions.c.id).where(plan_versions.c.plan_id == plan_id, plan_versions.c.is_current)
    )
    return PlanVersionId(found) if found else None


async def version_ids_on_sale(
    session: AsyncSession, plan_ids: Collection[PlanId], as_of: datetime | None = None
) -> dict[PlanId, PlanVersionId]:
    """The versions of these plans that are sold, without unknown plans; one statement.

    `as_of`: those that were on sale then, and today's of a plan that was not yet. None: today's.
    """
    version = plan_versions.c
    wanted = select(version.plan_id, version.id).where(among(version.plan_id, plan_ids))
    if as_of is None:
        wanted = wanted.where(version.is_current)
    else:
        was_on_sale = version.published_at <= as_of
        wanted = (
            wanted.where(or_(was_on_sale, version.is_current))
            .ext(distinct_on(version.plan_id))
            .order_by(version.plan_id, was_on_sale.desc(), version.number.desc())
        )
    return {PlanId(row.plan_id): PlanVersionId(row.id) for row in await session.execute(wanted)}


async def plan_id_of_code(session: AsyncSession, code: str) -> PlanId | None:
    """The plan called `code`."""
    found = await session.scalar(select(plans.c.id).where(plans.c.code == code))
    return PlanId(found) if found else None


async def versions(session: AsyncSession, ids: Collection[PlanVersionId]) -> dict[PlanVersionId, PlanVersion]:
    """The plan versions asked for, whole, by id."""
    known: dict[PlanVersionId, PlanVersion] = session.info.setdefault(_KNOWN, {})
    if missing := set(ids) - known.keys():
        known.update(await _load(session, missing))
    return {each: known[each] for each in ids if each in known}


def forget(session: AsyncSession) -> None:
    """For whoever writes the catalog: what this transaction has loaded is no longer so."""
    session.info.pop(_KNOWN, None)


async def _load(session: AsyncSession, wanted: set[PlanVersionId]) -> dict[PlanVersionId, PlanVersion]:
    version, bound = plan_versions.c, plan_bounds.c
    heads = await session.execute(
        select(
            version.id,
            version.number,
            version.plan_id,
            *(plans.c[name].label(f"plan_{name}") for name in _OF_PLAN),
            plans.c.withdrawn_at.label("plan_withdrawn_at"),
            *(bound[name].label(f"bound_{name}") for name in _BOUND),
        )
        .join(plans, plans.c.id == version.plan_id)
        # most versions have no bounds and the rest a few, so they come with the heads
        .outerjoin(plan_bounds, bound.plan_version_id == version.id)
        .where(among(version.id, wanted))
        .order_by(version.id, bound.currency, bound.interval)
    )
    components = await session.execute(
        select(plan_components, meters.c.aggregation)
        .outerjoin(meters, meters.c.id == plan_components.c.meter_id)
        .where(among(plan_components.c.plan_version_id, wanted))
        .order_by(plan_components.c.position)
    )
    components_by = _grouped(components.all())
    prices_by = await _prices(session, wanted)
    features_by = await _features(session, wanted)
    found: dict[PlanVersionId, PlanVersion] = {}
    for id_, with_bounds in groupby(heads.all(), key=lambda row: row.id):
        head, *more = with_bounds
        found[PlanVersionId(id_)] = rows.plan_version(
            head,
            components_by.get(id_, []),
            prices_by.get(id_, []),
            features_by.get(id_, []),
            [rows.plan_bound(row) for row in (head, *more) if row.bound_currency is not None],
        )
    return found


def _grouped(found: Sequence[rows.AnyRow]) -> dict[object, list[rows.AnyRow]]:
    grouped: dict[object, list[rows.AnyRow]] = {}
    for row in found:
        grouped.setdefault(row.plan_version_id, []).append(row)
    return grouped


async def _prices(session: AsyncSession, wanted: set[PlanVersionId]) -> dict[object, list[Price]]:
    tier = price_tiers.c
    found = await session.execute(
        select(prices, tier.up_to, tier.unit_minor, tier.flat_minor)
        .join(price_tiers, tier.price_id == prices.c.id)
        .where(among(prices.c.plan_version_id, wanted))
        .order_by(prices.c.id, tier.position)
    )
    by_version: dict[object, list[Price]] = {}
    for _, tiers in groupby(found.all(), key=lambda row: row.id):
        own = list(tiers)
        by_version.setdefault(own[0].plan_version_id, []).append(rows.price(own))
    return by_version


async def _features(session: AsyncSession, wanted: set[PlanVersionId]) -> dict[object, list[PlanFeature]]:
    granted = plan_features.c
    found = await session.execute(
        select(
            features.c.id,
            features.c.code,
            features.c.name,
            features.c.kind,
            features.c.meter_id,
            granted.plan_version_id,
            granted.is_enabled,
            granted.limit_value,
            granted.limit_per_unit,
            granted.component,
            granted.setting,
        )
        .join(features, features.c.id == granted.feature_id)
        .where(among(granted.plan_version_id, wanted))
        .order_by(features.c.code)
    )
    by_version: dict[object, list[PlanFeature]] = {}
    for row in found:
        by_version.setdefault(row.plan_version_id, []).append(
            PlanFeature(
                rows.feature(row), row.is_enabled, row.limit_value, row.limit_per_unit, row.component, row.setting
            )
        )
    return by_version


async def all_features(session: AsyncSession) -> dict[object, Feature]:
    """Every feature of the catalog by id; the catalog is small and the same for all."""
    return {row.id: rows.feature(row) for row in await session.execute(select(features))}
