"""What a period charges in advance: each component that is sold by quantity, for one whole period.

Owns the regular line. Does not own parts of a period (prorating.py) nor what is charged at its end (arrears.py).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from domain.catalog import ChargeTiming, Component, PlanVersion
from domain.ids import ItemId
from domain.invoice import LineExplanation, LineKind
from domain.invoicing.draft import BillingSpan, DraftLine, days_of, describe
from domain.money import Money
from domain.periods import BillingInterval, Period
from domain.pricing.model import Price, rate
from domain.subscription import BillingSubscription


def regular_line(
    version: PlanVersion, price: Price, quantity: int, service: Period, zone: str, item_id: ItemId | None = None
) -> DraftLine:
    """One component for one whole period."""
    priced = _priced(price, quantity, service, zone)
    return DraftLine(
        component=price.component,
        item_id=item_id,
        plan_version_id=version.id,
        price_id=price.id,
        kind=LineKind.CHARGE,
        description=describe(version, price.component, quantity),
        quantity=quantity,
        unit_minor=priced.unit_minor,
        stated=priced.stated,
        service=service,
        explanation=priced.explanation,
        tax_inclusive=price.tax_inclusive,
        span=BillingSpan.of(service),
    )


@dataclass(frozen=True, slots=True)
class _Priced:
    """What a quantity costs, and why."""

    unit_minor: Fraction | None
    stated: Money
    explanation: LineExplanation


@lru_cache(maxsize=16_384)  # pure, and thousands of accounts buy the same quantities for the same days
def _priced(price: Price, quantity: int, service: Period, zone: str) -> _Priced:
    rated = rate(price, quantity)
    explanation = LineExplanation(
        rule=price.model.value,
        sentence=f"{days_of(service, zone)}: {rated.sentence}",
        basis_minor=rated.product,
        terms=rated.terms,
    )
    return _Priced(rated.unit, rated.amount, explanation)


def regular_lines(
    version: PlanVersion,
    currency: str,
    interval: BillingInterval,
    quantities: Mapping[str, int],
    service: Period,
    zone: str,
    items: Mapping[str, ItemId] | None = None,
) -> tuple[DraftLine, ...]:
    """The lines of one whole period in advance, in the plan's order of components.

    A price that can never charge and a quantity of nothing leave no line; nor does what is charged in arrears. `items`
    are the ids of items already open, by component. A component without a price in this currency and interval is not
    sold so and leaves none either; whoever lets a customer choose checks `PlanVersion.is_sold_in` first.
    """
    lines: list[DraftLine] = []
    for component in version.components:
        price = version.price(component.code, currency, interval)
        quantity = quantities.get(component.code, 0)
        if not is_in_advance(component) or price is None or price.is_free or quantity == 0:
            continue
        item_id = (items or {}).get(component.code)
        lines.append(regular_line(version, price, quantity, service, zone, item_id))
    return tuple(lines)


def lines_in_advance(subscription: BillingSubscription, currency: str, service: Period) -> tuple[DraftLine, ...]:
    """What a subscription's open items charge in advance for one whole period."""
    items = {item.component: item.id for item in subscription.items}
    return regular_lines(
        subscription.version,
        currency,
        subscription.interval,
        subscription.quantities,
        service,
        subscription.anchor.zone,
        items,
    )


def is_in_advance(component: Component) -> bool:
    """Whether it is charged at the start of a period for the time ahead."""
    return component.timing is ChargeTiming.IN_ADVANCE and not component.is_metered
