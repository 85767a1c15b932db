"""Put a plan on a product's ladder. Nobody can buy it before it has an edition."""

from db.catalog_entries import Deed
from db.queries import publishing
from db.save import catalog
from db.unit_of_work import UnitOfWork
from domain.account_update import country_code
from domain.catalog import Plan
from domain.commands import CreatePlan
from domain.errors import InvalidInput, NotFound
from domain.ids import PlanId
from domain.naming import ensure_code, ensure_name
from operations.asking import KeyReused
from operations.asking_catalog import CatalogDeed, asked_of_catalog

MUTATION = "planCreate"
_MOST_RANK = 32_767
_MOST_DESCRIPTION = 1_000


async def create_plan(unit: UnitOfWork, command: CreatePlan) -> CatalogDeed | KeyReused:
    """Write the plan. Its rank is its own on the ladder: two plans of one rank would be neither up nor down.

    Raises Forbidden, NotFound for an unknown product, InvalidInput with the path of the field at fault.
    """
    request = await asked_of_catalog(unit, MUTATION, command)
    if isinstance(request, KeyReused):
        return request
    if request.done is not None:
        return request.done
    _ensure_sound(command)
    if not await publishing.is_product(unit.session, command.product_id):
        raise NotFound(command.product_id)
    if await publishing.is_plan_code(unit.session, command.code):
        raise InvalidInput(("code",), f"There is a plan “{command.code}” already.", command.code)
    other = await publishing.plan_at(unit.session, command.product_id, command.rank)
    if other is not None:
        raise InvalidInput(("rank",), f"The plan “{other}” has this rank.", command.rank)
    plan = Plan(
        PlanId(unit.ids.new()),
        command.product_id,
        command.code,
        command.name,
        command.rank,
        command.segment,
        countries=None if command.countries is None else frozenset(command.countries),
    )
    await catalog.new_plan(unit, plan, command.description)
    after = {
        "code": plan.code,
        "rank": plan.rank,
        "segment": plan.segment.value if plan.segment else None,
        "countries": None if plan.countries is None else sorted(plan.countries),
    }
    return request.record(unit, Deed("plan.create", "Plan", plan.id, after))


def _ensure_sound(command: CreatePlan) -> None:
    ensure_code(command.code, "code")
    ensure_name(command.name, "name")
    if len(command.description) > _MOST_DESCRIPTION:
        message = f"A description has at most {_MOST_DESCRIPTION} characters."
        raise InvalidInput(("description",), message, len(command.description))
    if command.countries is not None:
        if not command.countries:
            raise InvalidInput(("countries",), "Name one country at least; leave it out for everywhere.", None)
        for at, country in enumerate(command.countries):
            country_code(country, "countries", str(at))
    if not 0 <= command.rank <= _MOST_RANK:
        raise InvalidInput(("rank",), f"A rank is 0 to {_MOST_RANK}.", command.rank)
