"""What is charged at the end of a period for what was: quantities by their time in force, and what meters counted.

Owns how item versions cut a closed period into windows. Does not own counting (the caller measures each window), nor
what comes late (late.py).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from domain.catalog import ChargeTiming, Component, PlanVersion
from domain.ids import MeterId
from domain.invoice import LineExplanation, LineKind
from domain.invoicing.draft import BillingSpan, DraftLine, days_of
from domain.invoicing.prorating import charge_served
from domain.invoicing.regular import regular_line
from domain.periods import Period
from domain.pricing.model import Price, increment, rate
from domain.pricing.quantity import quantity_words
from domain.subscription import SubscriptionItem
from domain.usage import Aggregation

SPLIT = frozenset({Aggregation.SUM, Aggregation.COUNT})
"""Aggregations whose figure for a period is the sum of those for its parts; any other belongs to its end."""


@dataclass(frozen=True, slots=True)
class HeldItem:
    """An item version and the plan version it is of."""

    item: SubscriptionItem
    version: PlanVersion

    @property
    def component(self) -> Component | None:
        """What it is a version of."""
        return next((each for each in self.version.components if each.code == self.item.component), None)

    @property
    def price(self) -> Price | None:
        """Its price."""
        return next((each for each in self.version.prices if each.id == self.item.price_id), None)

    def is_within(self, period: Period) -> bool:
        """Whether it is in force at any instant of `period`."""
        until = self.item.valid_until
        return self.item.valid_from < period.end and (until is None or max(period.start, self.item.valid_from) < until)

    def within(self, period: Period) -> Period | None:
        """The part of `period` it is in force for; None for no instant of it."""
        start = max(period.start, self.item.valid_from)
        end = period.end if self.item.valid_until is None else min(period.end, self.item.valid_until)
        return Period(start, end) if start < end else None


@dataclass(frozen=True, slots=True)
class UsageWindow:
    """A span of a closed period whose use is measured and priced by one item version."""

    held: HeldItem
    component: Component
    price: Price
    meter_id: MeterId
    aggregation: Aggregation
    window: Period


@dataclass(frozen=True, slots=True)
class UsageSlice:
    """A window and what its meter counted in it. `before` is what was counted earlier in the period: tiers go on."""

    window: UsageWindow
    quantity: Decimal
    before: Decimal = Decimal(0)


def served_lines(items: Sequence[HeldItem], span: BillingSpan, zone: str) -> tuple[DraftLine, ...]:
    """The components sold by quantity and charged in arrears: each version for its time in force, in their order."""
    served: list[tuple[DraftLine, Period]] = []
    for held in items:
        component = held.component
        if component is None or component.is_metered or component.timing is not ChargeTiming.IN_ARREARS:
            continue
        price, in_force = held.price, held.within(span.window)
        if price is None or in_force is None or price.is_free or held.item.quantity == 0:
            continue
        line = regular_line(held.version, price, held.item.quantity, in_force, zone, held.item.id)
        served.append((line, in_force))
    return charge_served(served, span, zone) if served else ()


def usage_windows(items: Sequence[HeldItem], period: Period) -> tuple[UsageWindow, ...]:
    """What is to be measured to bill a period's use, in the order of time within each component.

    SUM and COUNT are split where one version follows another. A figure that cannot be split is the whole period's, and
    is priced by the version in force at its end (or last in force, where none is).
    """
    windows: list[UsageWindow] = []
    last: dict[str, UsageWindow] = {}
    for held in sorted(items, key=lambda each: (each.item.valid_from, each.item.id)):
        component = held.component
        if component is None or component.meter_id is None or component.aggregation is None:
            continue
        price, in_force = held.price, held.within(period)
        if price is None or in_force is None:
            continue
        window = UsageWindow(held, component, price, component.meter_id, component.aggregation, in_force)
        if component.aggregation in SPLIT:
            windows.append(window)
        else:
            earlier = last.get(component.code)
            start = in_force.start if earlier is None else earlier.window.start
            last[component.code] = UsageWindow(
                held, component, price, component.meter_id, component.aggregation, Period(start, in_force.end)
            )
    return (*windows, *last.values())


def usage_slices(measured: Sequence[tuple[UsageWindow, Decimal]]) -> tuple[UsageSlice, ...]:
    """Windows of one period with what was counted in each, so that the tiers of a later part go on from the earlier.

    The parts of one component are in the order of time, as `usage_windows` gives them.
    """
    counted: dict[tuple[str, MeterId], Decimal] = {}
    slices: list[UsageSlice] = []
    for window, quantity in measured:
        key = (window.component.code, window.meter_id)
        before = counted.get(key, Decimal(0)) if window.aggregation in SPLIT else Decimal(0)
        slices.append(UsageSlice(window, quantity, before))
        counted[key] = before + quantity
    return tuple(slices)


def usage_line(usage: UsageSlice, span: BillingSpan, zone: str) -> DraftLine | None:
    """What was used in a window, priced; a line also for no use, so that late use finds it. None where it is free."""
    window = usage.window
    if window.price.is_free:
        return None
    rated = (
        increment(window.price, usage.before, usage.quantity) if usage.before else rate(window.price, usage.quantity)
    )
    return DraftLine(
        component=window.component.code,
        item_id=window.held.item.id,
        plan_version_id=window.held.version.id,
        price_id=window.price.id,
        kind=LineKind.USAGE,
        description=f"{window.held.version.plan.name}: {quantity_words(rated.quantity)} {window.component.name}",
        quantity=Fraction(usage.quantity),
        unit_minor=rated.unit,
        stated=rated.amount,
        service=window.window,
        explanation=LineExplanation(
            rule=window.price.model.value,
            sentence=f"{days_of(window.window, zone)}: {rated.sentence}",
            basis_minor=rated.product,
            terms=rated.terms,
        ),
        tax_inclusive=window.price.tax_inclusive,
        span=span,
    )
