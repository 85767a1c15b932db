"""What is for sale: products, plans, their immutable versions, components, features.

Owns the shape of the catalog as a decision needs it. Does not own prices' arithmetic (pricing/) or what one
customer has (subscription.py, entitlement.py). A published PlanVersion never changes: a new price is a new version.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from domain.errors import InvalidInput
from domain.ids import FeatureId, MeterId, PlanId, PlanVersionId, ProductId
from domain.periods import BillingInterval
from domain.pricing.model import Price
from domain.usage import Aggregation


class Segment(StrEnum):
    """The market an account belongs to; policy and rollout differ by it."""

    SMB = "SMB"
    ENTERPRISE = "ENTERPRISE"


class FeatureKind(StrEnum):
    """How a feature is granted: a yes, a bound on what is stored, an allowance per period, or a setting."""

    BOOLEAN = "BOOLEAN"
    LIMIT = "LIMIT"
    METERED = "METERED"
    CONFIG = "CONFIG"


class ChargeTiming(StrEnum):
    """When a component is charged: at the start of a period for the time ahead, or at its end for what was."""

    IN_ADVANCE = "IN_ADVANCE"
    IN_ARREARS = "IN_ARREARS"


BASE = "base"
"""The component every plan has: quantity 1, the plan's own fee."""


@dataclass(frozen=True, slots=True)
class Feature:
    """Something a plan may grant. `meter_id` names what is measured against a LIMIT or METERED value."""

    id: FeatureId
    code: str
    name: str
    kind: FeatureKind
    meter_id: MeterId | None = None


@dataclass(frozen=True, slots=True)
class PlanFeature:
    """What a plan version grants of one feature.

    `limit` None means unlimited (LIMIT and METERED only); each unit of `component` bought adds `limit_per_unit`.
    """

    feature: Feature
    is_enabled: bool = True
    limit: int | None = None
    limit_per_unit: int = 0
    component: str | None = None
    setting: str | None = None


@dataclass(frozen=True, slots=True)
class Component:
    """A part of a plan sold by quantity, with the bounds a customer may choose within (`maximum` None: no bound).

    One with a `meter_id` is sold by use: its quantity is what the meter counted, charged in arrears.
    """

    code: str
    name: str
    minimum: int
    maximum: int | None = None
    timing: ChargeTiming = ChargeTiming.IN_ADVANCE
    meter_id: MeterId | None = None
    aggregation: Aggregation | None = None

    @property
    def is_metered(self) -> bool:
        """Whether use decides its quantity."""
        return self.meter_id is not None


@dataclass(frozen=True, slots=True)
class PlanBound:
    """What a plan version asks for at least, and at most, per interval in one currency, in minor units."""

    currency: str
    interval: BillingInterval
    minimum_minor: int | None
    maximum_minor: int | None


@dataclass(frozen=True, slots=True)
class Plan:
    """A named rung of one product's ladder. `rank` alone says what is up and what is down, never a price."""

    id: PlanId
    product_id: ProductId
    code: str
    name: str
    rank: int
    segment: Segment | None = None
    """Only accounts of this segment may choose it by themselves; None: everyone."""
    withdrawn_at: datetime | None = None
    countries: frozenset[str] | None = None
    """Where it is sold, as ISO 3166 codes; None: everywhere."""

    def is_sold_to(self, country: str) -> bool:
        """Whether an account of this country may choose it."""
        return self.countries is None or country in self.countries


@dataclass(frozen=True, slots=True)
class PlanVersion:
    """An immutable edition of a plan: its components, prices and features."""

    id: PlanVersionId
    plan: Plan
    number: int
    components: tuple[Component, ...]
    prices: tuple[Price, ...] = field(repr=False)
    features: tuple[PlanFeature, ...] = field(repr=False)
    bounds: tuple[PlanBound, ...] = ()

    def price(self, component: str, currency: str, interval: BillingInterval) -> Price | None:
        """The price of one component in one currency for one interval, or None where it is not sold so."""
        for price in self.prices:
            if (price.component, price.currency, price.interval) == (component, currency, interval):
                return price
        return None

    def is_sold_in(self, currency: str, interval: BillingInterval) -> bool:
        """True when every component has a price in this currency and interval."""
        return all(self.price(component.code, currency, interval) for component in self.components)

    @property
    def is_free(self) -> bool:
        """True when no price of this version can ever charge anything."""
        return all(price.is_free for price in self.prices)

    def quantities(self, wanted: Mapping[str, int]) -> dict[str, int]:
        """The quantity of every component: what is wanted, else its minimum.

        Raises InvalidInput naming the component when it is not part of this plan or out of its bounds.
        """
        known = {component.code: component for component in self.components}
        for code in wanted:
            if code not in known:
                raise InvalidInput(("quantities", code), f"{self.plan.name} has no component “{code}”.", code)
        chosen: dict[str, int] = {}
        for code, component in known.items():
            quantity = wanted.get(code, component.minimum)
            if quantity < component.minimum or (component.maximum is not None and quantity > component.maximum):
                most = "any number" if component.maximum is None else f"{component.maximum}"
                raise InvalidInput(
                    ("quantities", code),
                    f"{component.name} must be between {component.minimum} and {most}, not {quantity}.",
                    quantity,
                )
            chosen[code] = quantity
        return chosen
