"""The steps of a ramp: how they are asked for, and how a preview shows them."""

import strawberry

from domain.commands import Phase
from domain.ids import PlanId
from domain.periods import BillingInterval
from domain.plan_change.verdict import ChangeDirection
from schema.base import stored
from schema.catalog import PlanVersion
from schema.inputs import read_id
from schema.plan_change_node import ComponentQuantity
from schema.plan_change_preview import (
    ComponentQuantityInput,
    EntitlementChange,
    PlanChangePart,
    wanted_quantities,
)
from schema.scalars import Date, DateTime
from schema.upcoming_invoice import UpcomingInvoice


@strawberry.input(
    description=(
        "A later step of a ramp: from when, and what is then; what is left out stays as in the step before. From the "
        'second quarter on 25 seats: {on: "2027-04-01", quantities: [{component: "seats", quantity: 25}]}.'
    )
)
class PlanChangePhaseInput:
    on: Date | None = strawberry.field(
        default=None,
        description="From the first billing boundary on or after this local day, which is after today and after the "
        "day of the step before. Or `afterPeriods`.",
    )
    after_periods: int | None = strawberry.field(
        default=None,
        description="Once the step before has had so many billing periods, the running one counted: 1 to 120.",
    )
    plan_id: strawberry.ID | None = strawberry.field(default=None, description="The plan it is then on, plan_…")
    interval: BillingInterval | None = strawberry.field(default=None, description="How often it is billed then.")
    quantities: list[ComponentQuantityInput] | None = strawberry.field(
        default=None, description="How much of each component there is then, within the plan's bounds. At most ten."
    )

    def phase(self, index: int) -> Phase:
        """The step in the domain's words. Raises InvalidInput with its field's path, as of `input`."""
        path = ("phases", str(index))
        return Phase(
            on=self.on,
            after_periods=self.after_periods,
            plan_id=None if self.plan_id is None else PlanId(read_id("Plan", self.plan_id, *path, "planId")),
            interval=self.interval,
            quantities=wanted_quantities(self.quantities, *path),
        )


@strawberry.type(
    description="One step of a ramp as it is decided today for its own boundary. Its prices are those of today's "
    "version of its plan, also when another is published meanwhile; its taxes and discounts are those known today."
)
class PlanChangePhase:
    step: int = stored("Which step, from 1: what is asked for now, unless that changes nothing.")
    effective_at: DateTime = stored("When it takes effect, or would.")
    plan_version: PlanVersion | None = stored("The edition of the plan that it is on from then.")
    interval: BillingInterval = stored("How often it is billed from then.")
    quantities: list[ComponentQuantity] = stored("How much of each component from then, by component. At most ten.")
    direction: ChangeDirection = stored("Up, down or sideways from the step before.")
    parts: list[PlanChangePart] = stored("What moves, each with its timing rule. At most one for each thing.")
    regular_invoice: UpcomingInvoice = stored(
        "What a whole billing period of it is charged in advance; use, and what is charged in arrears, comes on top."
    )
    entitlement_changes: list[EntitlementChange] = stored(
        "What the account gains and loses with this step. At most one a feature."
    )
