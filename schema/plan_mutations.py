"""`planCreate` and `planVersionPublish`: their inputs and payloads."""

import strawberry

from domain.catalog import ChargeTiming, Segment
from domain.commands import CreatePlan, PublishPlanVersion
from domain.commands.catalog import BoundTerms, ComponentTerms, GrantTerms, PriceTerms, TierTerms
from domain.ids import PlanId, ProductId
from domain.periods import BillingInterval
from domain.pricing.model import PriceModel
from resolvers.mutations.idempotency_key import idempotency_key
from schema.base import stored
from schema.catalog import Plan, PlanVersion
from schema.inputs import IDEMPOTENCY_KEY, read_id
from schema.scalars import BigInt, CurrencyCode, Decimal
from schema.user_errors import UserError

_AMOUNT = "in the currency's main unit, with its digits"


@strawberry.input(
    description=(
        'A plan to put on a ladder: {productId: "prod_…", code: "crm-plus", name: "Plus", description: "", rank: 25, '
        'idempotencyKey: "plus-1"}.'
    )
)
class PlanCreateInput:
    product_id: strawberry.ID = strawberry.field(description="The product, prod_…")
    code: str = strawberry.field(description="Short and stable, lowercase; unique among all plans.")
    name: str = strawberry.field(description="For people.")
    rank: int = strawberry.field(description="Its place on the ladder, its own: a greater rank is an upgrade.")
    idempotency_key: str = strawberry.field(description=IDEMPOTENCY_KEY)
    description: str | None = strawberry.field(default=None, description="Who it is for.")
    segment: Segment | None = strawberry.field(
        default=None, description="Only accounts of this market may choose it by themselves; left out: everyone."
    )
    countries: list[str] | None = strawberry.field(
        default=None, description="Where it is sold, as ISO 3166 codes; left out: everywhere."
    )

    def command(self) -> CreatePlan:
        """The request in the domain's words. Raises InvalidInput with the field's path."""
        return CreatePlan(
            product_id=ProductId(read_id("Product", self.product_id, "productId")),
            code=self.code,
            name=self.name,
            description=self.description or "",
            rank=self.rank,
            idempotency_key=idempotency_key(self.idempotency_key),
            segment=self.segment,
            countries=None if self.countries is None else tuple(self.countries),
        )


@strawberry.type(description="What creating did.")
class PlanCreatePayload:
    plan: Plan | None = stored("The plan, not yet for sale; null when nothing was done.")
    user_errors: list[UserError] = stored("Why nothing was done.")


@strawberry.input(description='A part sold by quantity: {code: "seats", name: "Seats", minimum: 1, maximum: 50}.')
class PlanComponentInput:
    code: str = strawberry.field(description='Short and stable within the plan. "base" is there always, once.')
    name: str = strawberry.field(description="For people.")
    minimum: int = strawberry.field(default=0, description="The least quantity; 0 for what a meter counts.")
    maximum: int | None = strawberry.field(default=None, description="The greatest quantity; left out: no bound.")
    timing: ChargeTiming = strawberry.field(default=ChargeTiming.IN_ADVANCE, description="When it is charged.")
    meter: str | None = strawberry.field(
        default=None, description="The code of the meter whose figure is its quantity, charged in arrears."
    )

    def terms(self) -> ComponentTerms:
        """The component in the domain's words."""
        return ComponentTerms(self.code, self.name, self.minimum, self.maximum, self.timing, self.meter)


@strawberry.input(
    description=(
        'One step of a price: {upTo: 1000, unitPrice: "0.0025"}, {unitPrice: "0.0010", flatAmount: "5.00"}. The last '
        "one has no end."
    )
)
class PriceTierInput:
    up_to: BigInt | None = strawberry.field(
        default=None, description="The last unit of the tier, itself included; left out of the last tier."
    )
    unit_price: Decimal | None = strawberry.field(
        default=None, description=f"For each unit, or each package, {_AMOUNT}; it may be a million times finer."
    )
    flat_amount: Decimal | None = strawberry.field(
        default=None, description=f"Once a unit falls into the tier, {_AMOUNT}. Left out: nothing."
    )

    def terms(self) -> TierTerms:
        """The tier in the domain's words."""
        return TierTerms(self.up_to, self.unit_price, self.flat_amount)


@strawberry.input(
    description=(
        'What a component costs: {component: "base", currency: USD, interval: MONTH, model: FLAT, '
        'tiers: [{flatAmount: "49.00"}]}.'
    )
)
class PriceInput:
    component: str = strawberry.field(description="The code of the component.")
    currency: CurrencyCode = strawberry.field(description="The currency.")
    interval: BillingInterval = strawberry.field(description="How often it is billed.")
    model: PriceModel = strawberry.field(description="How a quantity becomes an amount.")
    tiers: list[PriceTierInput] = strawberry.field(description="Its steps, the lowest first; most models have one.")
    tax_inclusive: bool = strawberry.field(default=False, description="Whether its amounts contain tax.")
    package_size: BigInt | None = strawberry.field(default=None, description="Units in a package, for packages.")
    percent: Decimal | None = strawberry.field(default=None, description="The share in percent, for a percentage.")
    minimum: Decimal | None = strawberry.field(default=None, description=f"The least a percentage charges, {_AMOUNT}.")
    maximum: Decimal | None = strawberry.field(default=None, description=f"The most a percentage charges, {_AMOUNT}.")

    def terms(self) -> PriceTerms:
        """The price in the domain's words."""
        return PriceTerms(
            component=self.component,
            currency=self.currency,
            interval=self.interval,
            model=self.model,
            tiers=tuple(each.terms() for each in self.tiers),
            tax_inclusive=self.tax_inclusive,
            package_size=self.package_size,
            percent=self.percent,
            minimum=self.minimum,
            maximum=self.maximum,
        )


@strawberry.input(
    description=(
        'What is granted of a feature: {feature: "seats", limit: 0, limitPerUnit: 1, component: "seats"}, '
        '{feature: "sso"}, {feature: "support", setting: "chat"}.'
    )
)
class PlanFeatureInput:
    feature: str = strawberry.field(description="The code of the feature.")
    is_enabled: bool = strawberry.field(default=True, description="Whether it is granted at all.")
    limit: BigInt | None = strawberry.field(
        default=None, description="So many, before units bought are added; left out of a limit: unlimited."
    )
    limit_per_unit: BigInt = strawberry.field(default=0, description="Added to the limit for each unit of `component`.")
    component: str | None = strawberry.field(
        default=None, description="The component whose units add to the limit, where one does."
    )
    setting: str | None = strawberry.field(default=None, description="What a setting is set to.")

    def terms(self) -> GrantTerms:
        """The grant in the domain's words."""
        return GrantTerms(self.feature, self.is_enabled, self.limit, self.limit_per_unit, self.component, self.setting)


@strawberry.input(description='What a billing period comes to: {currency: EUR, interval: MONTH, minimum: "500.00"}.')
class PlanBoundInput:
    currency: CurrencyCode = strawberry.field(description="The currency.")
    interval: BillingInterval = strawberry.field(description="How often it is billed.")
    minimum: Decimal | None = strawberry.field(default=None, description=f"At least, {_AMOUNT}.")
    maximum: Decimal | None = strawberry.field(default=None, description=f"At most, {_AMOUNT}.")

    def terms(self) -> BoundTerms:
        """The bound in the domain's words."""
        return BoundTerms(self.currency, self.interval, self.minimum, self.maximum)


@strawberry.input(
    description=(
        'An edition of a plan, whole: {planId: "plan_…", components: […], prices: […], features: […], '
        'idempotencyKey: "spring-prices"}. A component without a price in a currency and interval that others have '
        "keeps the plan from being sold so."
    )
)
class PlanVersionPublishInput:
    plan_id: strawberry.ID = strawberry.field(description="The plan, plan_…")
    components: list[PlanComponentInput] = strawberry.field(description="What it is made of. At most ten.")
    prices: list[PriceInput] = strawberry.field(description="What its components cost. At most two hundred.")
    idempotency_key: str = strawberry.field(description=IDEMPOTENCY_KEY)
    features: list[PlanFeatureInput] | None = strawberry.field(
        default=None, description="What it grants. At most a hundred."
    )
    bounds: list[PlanBoundInput] | None = strawberry.field(
        default=None, description="What a billing period comes to at least and at most. At most twenty."
    )

    def command(self) -> PublishPlanVersion:
        """The request in the domain's words. Raises InvalidInput with the field's path."""
        return PublishPlanVersion(
            plan_id=PlanId(read_id("Plan", self.plan_id, "planId")),
            components=tuple(each.terms() for each in self.components),
            prices=tuple(each.terms() for each in self.prices),
            idempotency_key=idempotency_key(self.idempotency_key),
            features=tuple(each.terms() for each in self.features or ()),
            bounds=tuple(each.terms() for each in self.bounds or ()),
        )


@strawberry.type(description="What publishing did.")
class PlanVersionPublishPayload:
    plan_version: PlanVersion | None = stored("The edition that is sold from now on; null when nothing was done.")
    user_errors: list[UserError] = stored("Why nothing was done.")
