"""Publish an edition of a plan: from now on the one that is sold. Who has an earlier one keeps it."""

from collections.abc import Mapping
from typing import Any

from db.catalog_entries import Deed
from db.queries import publishing
from db.save import catalog
from db.unit_of_work import UnitOfWork
from domain.catalog import PlanVersion
from domain.commands import PublishPlanVersion
from domain.errors import InvalidInput, NotFound
from domain.publishing.edition import edition
from operations.asking import KeyReused
from operations.asking_catalog import CatalogDeed, asked_of_catalog

MUTATION = "planVersionPublish"


async def publish_plan_version(unit: UnitOfWork, command: PublishPlanVersion) -> CatalogDeed | KeyReused:
    """Write the edition, whole, with the next number of its plan; the former one is no longer sold.

    Subscriptions keep theirs until they are moved (product rule), so nothing of theirs changes. Publishing is an
    instant of real time: an edition has no account whose clock it could go by. The same terms under another key are
    another edition: whoever says so twice means it. Raises Forbidden, NotFound for an unknown plan, InvalidInput with
    the path of the field at fault.
    """
    request = await asked_of_catalog(unit, MUTATION, command)
    if isinstance(request, KeyReused):
        return request
    if request.done is not None:
        return request.done
    on_file = await publishing.plan_on_file(unit.session, command.plan_id)
    if on_file is None:
        raise NotFound(command.plan_id)
    plan, number = on_file.plan, on_file.newest_number
    if plan.withdrawn_at is not None and plan.withdrawn_at <= unit.recorded_at:
        raise InvalidInput(("planId",), f"{plan.name} is no longer for sale.", command.plan_id)
    known = await publishing.known_names(unit.session)
    version = edition(plan, number + 1, command, known, unit.ids)
    await catalog.publish(unit, version, unit.recorded_at)
    before = {"plan": plan.code, "number": number} if number else None
    return request.record(unit, Deed("plan_version.publish", "PlanVersion", version.id, _summary(version), before))


def _summary(version: PlanVersion) -> Mapping[str, Any]:
    """What the trail says of an edition; the edition itself says the rest for ever."""
    sold = {(price.currency, price.interval.value) for price in version.prices}
    return {
        "plan": version.plan.code,
        "number": version.number,
        "components": [component.code for component in version.components],
        "pricedIn": [f"{currency} by the {interval.lower()}" for currency, interval in sorted(sold)],
        "features": [granted.feature.code for granted in version.features],
        "bounds": len(version.bounds),
    }
