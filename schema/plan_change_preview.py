"""`planChangePreview`: everything a customer should know before changing a plan."""

import strawberry

from domain.commands import ChangePlan
from domain.errors import InvalidInput
from domain.ids import PlanId, SubscriptionId
from domain.periods import BillingInterval
from domain.plan_change.parts import Axis
from domain.plan_change.verdict import ChangeDirection, EffectiveTiming, Verdict
from schema.base import stored
from schema.catalog import Feature
from schema.decision import Reason
from schema.enums import described
from schema.feature_value import FeatureValue
from schema.inputs import read_id
from schema.scalars import DateTime, Decimal
from schema.upcoming_invoice import PreviewCreditNote, PreviewLine, PreviewTax, UpcomingInvoice
from schema.values import Money

described(
    Axis,
    "What part of a subscription moves.",
    STATUS="Whether it runs: the end of its trial, its pause, its end.",
    PLAN="The plan.",
    INTERVAL="How often it is billed; an upgrade is a longer interval.",
    QUANTITY="How much of a component is bought.",
)
described(
    EffectiveTiming,
    "When a change takes effect.",
    IMMEDIATE="At once.",
    END_OF_PERIOD="At the end of the billing period already paid.",
    END_OF_NOTICE="At the first boundary once the notice that was agreed has been given.",
    END_OF_TERM="At the end of the commitment.",
)


@strawberry.input(description="How much of a component is wanted.")
class ComponentQuantityInput:
    component: str = strawberry.field(description="The component's code, such as seats.")
    quantity: int = strawberry.field(description="Units, within the plan's bounds.")


def wanted_quantities(given: list[ComponentQuantityInput] | None) -> tuple[tuple[str, int], ...]:
    """(component, units) by component. Raises InvalidInput naming a component that stands twice."""
    wanted: dict[str, int] = {}
    for at, each in enumerate(given or []):
        if each.component in wanted:
            raise InvalidInput(("input", "quantities", str(at), "component"), "A component stands once.", None)
        wanted[each.component] = each.quantity
    return tuple(sorted(wanted.items()))


@strawberry.input(
    description=(
        'A change to preview; what is left out stays. To another plan: {subscriptionId: "sub_…", planId: "plan_…"}. '
        'To yearly billing with five seats: {subscriptionId: "sub_…", interval: YEAR, '
        'quantities: [{component: "seats", quantity: 5}]}.'
    )
)
class PlanChangeInput:
    subscription_id: strawberry.ID = strawberry.field(description="The subscription to change, sub_…")
    plan_id: strawberry.ID | None = strawberry.field(default=None, description="The plan to move to, plan_…")
    interval: BillingInterval | None = strawberry.field(default=None, description="How often to be billed.")
    quantities: list[ComponentQuantityInput] | None = strawberry.field(
        default=None,
        description="How much of each component; one left out keeps its quantity within the plan's bounds.",
    )
    replace_pending: bool = strawberry.field(
        default=False, description="Take the place of a change that is already scheduled."
    )

    def command(self) -> ChangePlan:
        """The request in the domain's words. Raises InvalidInput with the field's path."""
        return ChangePlan(
            subscription_id=SubscriptionId(read_id("BillingSubscription", self.subscription_id, "subscriptionId")),
            plan_id=None if self.plan_id is None else PlanId(read_id("Plan", self.plan_id, "planId")),
            interval=self.interval,
            quantities=wanted_quantities(self.quantities),
            replace_pending=self.replace_pending,
        )


@strawberry.type(
    description="The answer of the policy to a request: the strictest verdict, the latest date, every reason."
)
class Decision:
    verdict: Verdict = stored("The strictest of all reasons.")
    effective_at: DateTime = stored("When the change takes effect, or would.")
    policy_version: str = stored("The edition of the policy that decided.")
    reasons: list[Reason] = stored("Every finding, the timing first, the rest by code.")


@strawberry.type(description="One part of a request and when it would take effect alone, so that parts can be split.")
class PlanChangePart:
    axis: Axis = stored("What moves.")
    component: str | None = stored("Which component, for a quantity.")
    direction: ChangeDirection = stored("Up, down or sideways.")
    timing: EffectiveTiming = stored("When it takes effect.")
    effective_at: DateTime = stored("The instant that means.")
    rule: str = stored("The timing rule's code.")
    sentence: str = stored("The timing rule.")


@strawberry.type(description="The money of a change taken at once; all zero and no lines for one that waits.")
class DeltaCharge:
    credit: Money = stored("Given back for what is not used any more, zero or negative, as its prices state it.")
    charge: Money = stored("Charged for what comes, less discounts, until the period ends, as its prices state it.")
    net: Money = stored("Both together: what the change costs today, before tax where prices are without.")
    tax: Money = stored("The tax of both; negative where more is given back.")
    total: Money = stored("What the change costs today with all tax; negative goes to the credit balance.")
    lines: list[PreviewLine] = stored("Line by line, what is given back negative. At most a few for each component.")
    taxes: list[PreviewTax] = stored("The taxes of what is charged. At most five.")
    credit_notes: list[PreviewCreditNote] = stored(
        "What would be given back by credit notes, where that is more than is charged. At most one an invoice."
    )


@strawberry.type(description="One feature before and after the change.")
class EntitlementChange:
    feature: Feature | None = stored("The feature.")
    before: FeatureValue | None = stored("What the account has now; null when it has not this feature.")
    after: FeatureValue | None = stored("What it would have; null when it would not have this feature.")
    is_gained: bool = stored("The feature is new.")
    is_lost: bool = stored("The feature goes.")
    used: Decimal | None = stored("Usage so far; null for a feature without a meter or without usage.")
    fits: bool = stored("Whether what is stored is within the new limit.")
    excess: Decimal = stored("By how much it is not; 0 when it fits.")


@strawberry.type(
    description="A promise: this change at this price, until it expires. `subscriptionChangePlan` keeps it."
)
class Quote:
    token: strawberry.ID = stored("What to apply, quot_…")
    priced_at: DateTime = stored("The instant the change is priced at, whenever it is applied.")
    expires_at: DateTime = stored("Until when it may be applied; never beyond the period.")


@strawberry.type(description="What a change would mean. Previewing changes no billing state.")
class PlanChangePreview:
    direction: ChangeDirection = stored("Up, down or sideways as a whole.")
    is_immediate: bool = stored("Whether it would take effect at once.")
    decision: Decision = stored("Whether it is allowed, when, and every reason.")
    parts: list[PlanChangePart] = stored("Each part of the request with its own date. At most one for each thing.")
    delta: DeltaCharge = stored("What is credited and charged at once.")
    next_invoice: UpcomingInvoice = stored("The next regular invoice, as it would be.")
    entitlement_changes: list[EntitlementChange] = stored("What the account gains and loses. At most one a feature.")
    quote: Quote | None = stored("What to apply; null when the answer is no, or needs approval.")
