"""The later steps of a change as the graph's types read them."""

from collections.abc import Awaitable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from domain.ids import PlanVersionId
from domain.periods import BillingInterval
from domain.plan_change.prepare import PreparedStep
from domain.plan_change.verdict import ChangeDirection
from resolvers.context import RequestContext
from resolvers.previews.bill_view import (
    BillView,
    bill_view,
)
from resolvers.previews.entitlement_change_view import EntitlementChangeView
from resolvers.previews.part_view import PartView, part_view


@dataclass(frozen=True, slots=True)
class QuantityView:
    """How much of a component."""

    component: str
    quantity: int


@dataclass(frozen=True, slots=True)
class PhaseView:
    """One step of a ramp with what it brings."""

    context: RequestContext
    step: int
    effective_at: datetime
    version_id: PlanVersionId
    interval: BillingInterval
    quantities: list[QuantityView]
    direction: ChangeDirection
    parts: list[PartView]
    regular_invoice: BillView
    entitlement_changes: list[EntitlementChangeView]

    @property
    def plan_version(self) -> Awaitable[Any]:
        """The version it is on then, by the loader."""
        return self.context.by_id("PlanVersion", self.version_id)


def phase_view(context: RequestContext, prepared: PreparedStep) -> PhaseView:
    """A step with what it brings on its day."""
    step, facts = prepared.step, prepared.step.facts
    return PhaseView(
        context=context,
        step=step.number,
        effective_at=step.effective_at,
        version_id=facts.target.id,
        interval=facts.interval,
        quantities=[QuantityView(*each) for each in sorted(facts.quantities.items())],
        direction=prepared.direction,
        parts=[part_view(timing) for timing in prepared.timings],
        regular_invoice=bill_view(context, prepared.regular_invoice),
        entitlement_changes=[EntitlementChangeView(context, change) for change in prepared.entitlements],
    )
