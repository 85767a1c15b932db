"""The catalog: products, plans and their versions, what they cost and what they grant."""

from enum import Enum
from typing import Annotated

import strawberry

from domain.catalog import ChargeTiming, FeatureKind, Segment
from domain.periods import BillingInterval
from domain.pricing.model import PriceModel
from domain.usage import Aggregation
from schema.base import Connection, Node, optional, paged, related, stored
from schema.feature_value import FeatureValue
from schema.scalars import BigInt, CurrencyCode, DateTime, Decimal
from schema.values import Money, UnitPrice


@strawberry.federation.type(keys=["id"], description="What is measured, and how events become one figure.")
class Meter(Node):
    code: str = stored("Short and stable.")
    name: str = stored("For people.")
    unit: str = stored("What one of it is called.")
    aggregation: Aggregation = stored("How events become one figure.")


@strawberry.federation.type(keys=["id"], description="Something a plan may grant.")
class Feature(Node):
    code: str = stored("Short and stable.")
    name: str = stored("For people.")
    description: str = stored("What it is good for.")
    kind: FeatureKind = stored("How it is granted.")
    meter: Meter | None = related("What is measured against it, where anything is.")


@strawberry.type(description="What a plan version grants of one feature.")
class PlanFeature:
    feature: Feature = related("The feature.")
    value: FeatureValue = stored("What is granted, before units bought are added.")
    limit_per_unit: BigInt = stored("Added to the limit for each unit of `component`.")
    component: str | None = stored("The component whose units add to the limit, where one does.")


@strawberry.type(description="A part of a plan sold by quantity, and the bounds a customer may choose within.")
class PlanComponent:
    code: str = stored("Short and stable within the plan.")
    name: str = stored("For people.")
    minimum: int = stored("The least quantity.")
    maximum: int | None = stored("The greatest quantity; null when there is no bound.")
    timing: ChargeTiming = stored("When it is charged.")
    meter: Meter | None = related("What is measured, for a component sold by use.")


@strawberry.type(description="What a plan version asks for at least and at most in a billing period, before discounts.")
class PlanBound:
    currency: CurrencyCode = stored("The currency.")
    interval: BillingInterval = stored("How often it is billed.")
    minimum: Money | None = stored("The least that is charged; what is missing is a true-up.")
    maximum: Money | None = stored("The most that is charged; what goes beyond is taken off.")


@strawberry.type(description="One step of a price.")
class PriceTier:
    up_to: BigInt | None = stored("The last unit of the tier, itself included; null for the last tier.")
    unit_price: UnitPrice | None = stored("For each unit.")
    flat_amount: Money = stored("Once a unit falls into the tier.")


@strawberry.federation.type(keys=["id"], description="What one component costs in one currency and interval.")
class Price(Node):
    component: str = stored("The code of the component it is for.")
    currency: CurrencyCode = stored("The currency.")
    interval: BillingInterval = stored("How often it is billed.")
    model: PriceModel = stored("How a quantity becomes an amount.")
    tax_inclusive: bool = stored("Whether its amounts contain tax.")
    package_size: BigInt | None = stored("Units in a package, for packages.")
    percent: Decimal | None = stored("The share in percent, for a percentage.")
    minimum: Money | None = stored("The least a percentage charges.")
    maximum: Money | None = stored("The most a percentage charges.")
    tiers: list[PriceTier] = related("Its steps, the lowest first; a flat price has one. At most twenty.")
    plan_version: Annotated["PlanVersion", strawberry.lazy("schema.catalog")] = related(
        "The plan version it is part of."
    )


@strawberry.federation.type(keys=["id"], description="An edition of a plan. Once published it never changes.")
class PlanVersion(Node):
    number: int = stored("1 for the first edition.")
    published_at: DateTime = stored("Since when it can be chosen.")
    is_current: bool = stored("Whether it is the edition new customers get.")
    plan: Annotated["Plan", strawberry.lazy("schema.catalog")] = related("The plan it is an edition of.")
    components: list[PlanComponent] = related("What it is made of. At most ten.")
    prices: list[Price] = related(
        "What its components cost. At most two hundred.",
        currency=optional(CurrencyCode, "Only in this currency."),
        interval=optional(BillingInterval, "Only for this interval."),
    )
    bounds: list[PlanBound] = related("What it asks for at least and at most in all. At most twenty.")
    features: list[PlanFeature] = related("What it grants. Bounded by the number of features, about a hundred.")


@strawberry.federation.type(keys=["id"], description="A rung of a product's ladder.")
class Plan(Node):
    code: str = stored("Short and stable.")
    name: str = stored("For people.")
    description: str = stored("Who it is for.")
    rank: int = stored("Its place on the ladder: a greater rank is an upgrade, whatever it costs.")
    segment: Segment | None = stored("Only accounts of this market may choose it by themselves; null: everyone.")
    withdrawn_at: DateTime | None = stored("Since when it is no longer sold.")
    product: Annotated["Product", strawberry.lazy("schema.catalog")] = related("The product it is a plan of.")
    current_version: PlanVersion | None = related("The edition new customers get.")
    versions: Connection[PlanVersion] = paged("Its editions, the newest first.")


@strawberry.federation.type(keys=["id"], description="A hub that is sold in plans.")
class Product(Node):
    code: str = stored("Short and stable.")
    name: str = stored("For people.")
    description: str = stored("What it is good for.")
    plans: list[Plan] = related("Its ladder, the lowest plan first. At most twenty.")


@strawberry.input(description="Narrows the plans.")
class PlanFilter:
    product: str | None = strawberry.field(default=strawberry.UNSET, description="Of the product with this code.")
    currency: CurrencyCode | None = strawberry.field(default=strawberry.UNSET, description="Sold in this currency.")
    segment: Segment | None = strawberry.field(default=strawberry.UNSET, description="For accounts of this market.")
    is_on_sale: bool | None = strawberry.field(
        default=strawberry.UNSET, description="On sale now (true) or withdrawn (false)."
    )


@strawberry.enum(description="The order of plans.")
class PlanOrder(Enum):
    RANK = strawberry.enum_value("RANK", description="Product by product, the lowest plan first.")
    CODE = strawberry.enum_value("CODE", description="By code.")
