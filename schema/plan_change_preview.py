"""`planChangePreview`: everything a customer should know before changing a plan."""

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, assert_never

import strawberry

from domain.commands import Cancel, ChangePlan, EndTrial, Pause, Resume, Turn
from domain.dunning import Standing
from domain.errors import InvalidInput
from domain.ids import PlanId, SubscriptionId
from domain.periods import BillingInterval
from domain.plan_change.parts import Axis
from domain.plan_change.verdict import ChangeDirection, ChangeKind, EffectiveTiming, Verdict
from schema.base import stored
from schema.catalog import Feature, PlanVersion, Price
from schema.decision import Reason
from schema.enums import described
from schema.feature_value import FeatureValue
from schema.inputs import read_id
from schema.plan_change_node import PlanChange
from schema.scalars import BigInt, DateTime, Decimal
from schema.upcoming_invoice import PreviewCreditNote, PreviewLine, PreviewTax, UpcomingInvoice
from schema.values import Money, Period

if TYPE_CHECKING:
    from schema.plan_change_phase import PlanChangePhase, PlanChangePhaseInput

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


def wanted_quantities(given: list[ComponentQuantityInput] | None, *path: str) -> tuple[tuple[str, int], ...]:
    """(component, units) by component, of what stands at a path within `input`. Raises InvalidInput naming a component
    that stands twice.
    """
    wanted: dict[str, int] = {}
    for at, each in enumerate(given or []):
        if each.component in wanted:
            raise InvalidInput(("input", *path, "quantities", str(at), "component"), "A component stands once.", None)
        wanted[each.component] = each.quantity
    return tuple(sorted(wanted.items()))


KIND = "What is asked for; other terms unless said. With END_TRIAL they may come too."
QUANTITIES = "How much of each component; one left out keeps its quantity within the plan's bounds."


@strawberry.input(description="How a subscription is to end: with its period, or `isImmediate`.")
class EndInput:
    is_immediate: bool = strawberry.field(
        default=False, description="Now, instead of with its period (inside a commitment: with that)."
    )
    credit_unused: bool = strawberry.field(
        default=False, description="Give back what was charged for time after the end. For finance, and only at once."
    )
    reason: str | None = strawberry.field(default=None, description="Why.")


@strawberry.input(description='How long a subscription is to rest: {resumesAt: "2027-01-01T00:00:00Z"}.')
class RestInput:
    resumes_at: DateTime | None = strawberry.field(
        default=None, description="When it goes on by itself; left out: when somebody resumes it."
    )
    reason: str | None = strawberry.field(default=None, description="Why.")


@strawberry.input(
    description=(
        "A change to compare with others; what is left out stays. To another plan: "
        '{planId: "plan_…"}. To its end with the period: {kind: CANCEL}.'
    )
)
class PlanChangeCandidateInput:
    kind: ChangeKind = strawberry.field(default=ChangeKind.SWITCH, description=KIND)
    plan_id: strawberry.ID | None = strawberry.field(default=None, description="The plan to move to, plan_…")
    interval: BillingInterval | None = strawberry.field(default=None, description="How often to be billed.")
    quantities: list[ComponentQuantityInput] | None = strawberry.field(default=None, description=QUANTITIES)
    cancel: EndInput | None = strawberry.field(default=None, description="How it is to end, with kind CANCEL.")
    pause: RestInput | None = strawberry.field(default=None, description="How long it is to rest, with kind PAUSE.")
    replace_pending: bool = strawberry.field(
        default=False, description="Take the place of a change that is already scheduled."
    )

    def command(self, subscription_id: SubscriptionId) -> ChangePlan:
        """The request in the domain's words. Raises InvalidInput with the field's path, as of `input`."""
        return wanted_change(self, subscription_id)


@strawberry.input(
    description=(
        'A change to preview; what is left out stays. To another plan: {subscriptionId: "sub_…", planId: "plan_…"}. '
        'To yearly billing with five seats: {subscriptionId: "sub_…", interval: YEAR, '
        'quantities: [{component: "seats", quantity: 5}]}. To its end now: {subscriptionId: "sub_…", kind: CANCEL, '
        "cancel: {isImmediate: true}}."
    )
)
class PlanChangeInput:
    subscription_id: strawberry.ID = strawberry.field(description="The subscription to change, sub_…")
    kind: ChangeKind = strawberry.field(default=ChangeKind.SWITCH, description=KIND)
    plan_id: strawberry.ID | None = strawberry.field(default=None, description="The plan to move to, plan_…")
    interval: BillingInterval | None = strawberry.field(default=None, description="How often to be billed.")
    quantities: list[ComponentQuantityInput] | None = strawberry.field(default=None, description=QUANTITIES)
    cancel: EndInput | None = strawberry.field(default=None, description="How it is to end, with kind CANCEL.")
    pause: RestInput | None = strawberry.field(default=None, description="How long it is to rest, with kind PAUSE.")
    replace_pending: bool = strawberry.field(
        default=False, description="Take the place of a change that is already scheduled."
    )

    phases: list[Annotated["PlanChangePhaseInput", strawberry.lazy("schema.plan_change_phase")]] | None = (
        strawberry.field(
            default=None,
            description="Later steps of a ramp, in order: other terms from later boundaries on, decided, priced and "
            "accepted with what is asked for now as one. What is asked for now may then be nothing. At most twelve.",
        )
    )

    def command(self) -> ChangePlan:
        """The request in the domain's words. Raises InvalidInput with the field's path."""
        of = SubscriptionId(read_id("BillingSubscription", self.subscription_id, "subscriptionId"))
        change = wanted_change(self, of)
        if self.phases and self.kind is not ChangeKind.SWITCH:
            raise InvalidInput(("input", "phases"), f"{self.kind} has no later steps.", None)
        return replace(change, phases=tuple(each.phase(index) for index, each in enumerate(self.phases or ())))


def wanted_change(given: PlanChangeCandidateInput | PlanChangeInput, of: SubscriptionId) -> ChangePlan:
    """The change of a subscription that an input asks for. Raises InvalidInput with its field's path, as of `input`.

    Other terms come with other terms only, and with the end of a trial; how an end or a pause is to be comes with it.
    """
    turn = _turn(given)
    asked = {
        "planId": given.plan_id,
        "interval": given.interval,
        "quantities": given.quantities,
    }
    if given.kind not in (ChangeKind.SWITCH, ChangeKind.END_TRIAL):
        for name, value in asked.items():
            if value:
                raise InvalidInput(("input", name), f"{given.kind} leaves the terms as they are.", None)
    return ChangePlan(
        subscription_id=of,
        plan_id=None if given.plan_id is None else PlanId(read_id("Plan", given.plan_id, "planId")),
        interval=given.interval,
        quantities=wanted_quantities(given.quantities),
        replace_pending=given.replace_pending,
        turn=turn,
    )


def _turn(given: PlanChangeCandidateInput | PlanChangeInput) -> Turn | None:
    if given.cancel is not None and given.kind is not ChangeKind.CANCEL:
        raise InvalidInput(("input", "cancel"), "Only what is to end ends somehow: with kind CANCEL.", None)
    if given.pause is not None and given.kind is not ChangeKind.PAUSE:
        raise InvalidInput(("input", "pause"), "Only what is to rest rests for some time: with kind PAUSE.", None)
    match given.kind:
        case ChangeKind.SWITCH:
            return None
        case ChangeKind.END_TRIAL:
            return EndTrial()
        case ChangeKind.CANCEL:
            end = given.cancel or EndInput()
            return Cancel(end.is_immediate, end.credit_unused, end.reason)
        case ChangeKind.PAUSE:
            rest = given.pause or RestInput()
            return Pause(rest.resumes_at, rest.reason)
        case ChangeKind.RESUME:
            return Resume()
        case _:
            assert_never(given.kind)


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


@strawberry.type(
    description=(
        "The money of a change taken at once: also the last bill of an end, what a pause gives back, what a resume "
        "charges. All zero and no lines for one that waits."
    )
)
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


@strawberry.type(description="The price of one component that a quote was computed from.")
class QuotedPrice:
    component: str = stored("The component's code.")
    quantity: BigInt = stored("How many units.")
    price: Price | None = stored("Its price, as the plan version has it.")


@strawberry.type(description="Something in use that a quote was computed from.")
class QuotedUsage:
    feature: Feature | None = stored("The feature whose limit it counts against.")
    used: Decimal = stored("How much was in use.")


@strawberry.type(description="What a quote was computed from. Once any of it gives another answer, the quote is stale.")
class QuoteFacts:
    plan_version: PlanVersion | None = stored("The plan version the change leads to; a newer one changes nothing.")
    prices: list[QuotedPrice] = stored("The prices it is charged by from then on. At most one a component.")
    period: Period = stored("The billing period it falls in.")
    standing: Standing = stored("How the account stood.")
    usage: list[QuotedUsage] = stored("What was in use of the features that change. At most one a feature.")
    pending_change: PlanChange | None = stored("The change that waited; null when none did.")


@strawberry.type(
    description="A promise: this change at this price, until it expires. `subscriptionChangePlan` keeps it."
)
class Quote:
    token: strawberry.ID = stored("What to apply, quot_…")
    priced_at: DateTime = stored("The instant the change is priced at, whenever it is applied.")
    expires_at: DateTime = stored("Until when it may be applied; never beyond the period.")
    facts: QuoteFacts = stored("What it was computed from.")


@strawberry.type(description="What a change would mean. Previewing changes no billing state.")
class PlanChangePreview:
    kind: ChangeKind = stored("What was asked for.")
    direction: ChangeDirection = stored("Up, down or sideways as a whole.")
    is_immediate: bool = stored("Whether it would take effect at once.")
    decision: Decision = stored("Whether it is allowed, when, and every reason.")
    parts: list[PlanChangePart] = stored("Each part of the request with its own date. At most one for each thing.")
    delta: DeltaCharge = stored("What is credited and charged at once.")
    next_invoice: UpcomingInvoice = stored(
        "The next regular invoice, as it would be; over nothing where none follows: once it has ended, or rests."
    )
    entitlement_changes: list[EntitlementChange] = stored("What the account gains and loses. At most one a feature.")
    phases: list[Annotated["PlanChangePhase", strawberry.lazy("schema.plan_change_phase")]] = stored(
        "The steps of a ramp in order, what is asked for now first; empty for a request without later steps. One "
        "decision and one quote are of all of them. At most thirteen."
    )
    quote: Quote | None = stored("What to apply; null when the answer is no, or needs approval.")
