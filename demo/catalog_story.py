"""How the demo's catalog came to be: everything there is from the start, later versions, a withdrawal, a hub sold by
use, tax rates and coupons; each by whom it was done, on its day.

Owns the order. Does not own what is sold (catalog.py, connect.py) nor the offers beside it (offers.py).
"""

from collections.abc import Awaitable, Callable, Iterator
from datetime import datetime
from functools import partial
from typing import Any

from db import catalog_entries
from db.save import catalog as save
from db.unit_of_work import UnitOfWork
from demo import catalog, connect, offers
from demo.customer import JOBS, StoryError, UnitMaker
from demo.features import FEATURES
from demo.identity import SeededIds
from demo.timeline import Due
from domain.actor import StaffRole, staff
from domain.ids import PlanId
from operations.asking_catalog import CatalogDeed
from operations.catalog.create_coupon import create_coupon
from operations.catalog.publish_plan_version import publish_plan_version
from operations.catalog.set_tax_rate import set_tax_rate

FINANCE = staff(StaffRole.FINANCE)
Deed = Callable[[UnitOfWork, Any], Awaitable[Any]]


def catalog_story(unit_of: UnitMaker) -> Iterator[Due]:
    """Everything that was done to the catalog, each at its instant."""
    yield Due(catalog.FIRST_PUBLISHED_AT, partial(_found, unit_of))
    for published in catalog.published():
        yield Due(published.at, partial(_publish, unit_of, published))
    for plan in catalog.PLANS:
        if plan.withdrawn_at is not None:
            yield Due(plan.withdrawn_at, partial(_withdraw, unit_of, catalog.plan_id(plan.code)))
    for at, rate in offers.rates():
        yield Due(at, partial(_do, unit_of, set_tax_rate, rate))
    for coupon in offers.COUPONS:
        yield Due(offers.COUPONS_MADE_AT, partial(_do, unit_of, create_coupon, coupon))
    yield Due(connect.LAUNCHED_AT, partial(_launch, unit_of))
    for edition in connect.EDITIONS:
        yield Due(connect.LAUNCHED_AT, partial(_do, unit_of, publish_plan_version, connect.published(edition)))


async def _found(unit_of: UnitMaker, at: datetime) -> list[Due]:
    unit = unit_of(JOBS, SeededIds("catalog", at), at)
    for entity in catalog.LEGAL_ENTITIES:
        await save.new_legal_entity(unit, entity)
    for product in catalog.PRODUCTS:
        await save.new_product(unit, product)
    for meter in catalog.meters():
        await save.new_meter(unit, meter)
    known = catalog.features()
    for feature in FEATURES:
        await save.new_feature(unit, known[feature.code], feature.description)
    for plan in catalog.PLANS:
        await save.new_plan(unit, catalog.plan_of(plan), plan.description)
    return []


async def _publish(unit_of: UnitMaker, published: catalog.Published, at: datetime) -> list[Due]:
    version = published.version
    unit = unit_of(JOBS, SeededIds(f"catalog/parts/{version.plan.code}@{version.number}", at), at)
    await save.publish(unit, version, at)
    after = {"plan": version.plan.code, "number": version.number}
    catalog_entries.record(unit, catalog_entries.Deed("plan_version.publish", "PlanVersion", version.id, after))
    await unit.flush()
    return []


async def _withdraw(unit_of: UnitMaker, plan_id: PlanId, at: datetime) -> list[Due]:
    unit = unit_of(JOBS, SeededIds("catalog/withdraw", at), at)
    await save.withdraw(unit, plan_id, at)
    after = {"withdrawnAt": at.isoformat()}
    catalog_entries.record(unit, catalog_entries.Deed("plan.withdraw", "Plan", plan_id, after))
    await unit.flush()
    return []


async def _launch(unit_of: UnitMaker, at: datetime) -> list[Due]:
    """The hub sold by use, and the meter it needs beside those there are."""
    unit = unit_of(JOBS, SeededIds("connect", at), at)
    await save.new_product(unit, connect.PRODUCT)
    await save.new_meter(unit, connect.PAYMENTS)
    for edition in connect.EDITIONS:
        await save.new_plan(unit, connect.plan_of(edition), edition.description)
    await unit.flush()
    return []


async def _do(unit_of: UnitMaker, deed: Deed, command: Any, at: datetime) -> list[Due]:
    """What finance does over the wire, done here by the same operation."""
    unit = unit_of(FINANCE, SeededIds(f"catalog/{command.idempotency_key}", at), at)
    outcome = await deed(unit, command)
    if not isinstance(outcome, CatalogDeed):
        raise StoryError(f"{command.idempotency_key}: {outcome}")
    await unit.flush()
    return []
