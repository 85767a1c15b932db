"""The whole edition: every part made, and all of them held together."""

from domain.catalog import Plan, PlanVersion
from domain.commands.catalog import PublishPlanVersion
from domain.errors import InvalidInput
from domain.ids import IdMaker, PlanVersionId
from domain.publishing.bounds import bounds_of
from domain.publishing.components import components_of
from domain.publishing.grants import grants_of
from domain.publishing.known import Known
from domain.publishing.prices import prices_of


def edition(plan: Plan, number: int, asked: PublishPlanVersion, known: Known, ids: IdMaker) -> PlanVersion:
    """The version that was asked for. Raises InvalidInput with the path of the first field at fault.

    A component may lack a price in a currency and interval that others have: the plan is then not sold so, as
    `is_sold_in` says. In one at least every component has its price, or nobody could ever buy it.
    """
    components = components_of(asked.components, known)
    prices = prices_of(asked.prices, components, ids)
    version = PlanVersion(
        id=PlanVersionId(ids.new()),
        plan=plan,
        number=number,
        components=components,
        prices=prices,
        features=grants_of(asked.features, components, known),
    )
    if not any(version.is_sold_in(price.currency, price.interval) for price in prices):
        first = prices[0]
        missing = next(each for each in components if not version.price(each.code, first.currency, first.interval))
        raise InvalidInput(
            ("prices",),
            "Nobody could buy this: there is no currency and interval in which every component has a price. "
            f"“{missing.code}” has none in {first.currency} by the {first.interval.lower()}.",
            missing.code,
        )
    return PlanVersion(version.id, plan, number, components, prices, version.features, bounds_of(asked.bounds, version))
