"""A prepared plan change as the graph's types read it: each view has the attributes of its GraphQL type.

Owns the layout; money is written here, features come by the loader. Does not own the decision or the numbers.
"""

from collections.abc import Awaitable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from domain.catalog import FeatureKind
from domain.dunning import Standing
from domain.entitlement import FeatureValue
from domain.ids import PREFIXES, FeatureId, PlanChangeId, PlanVersionId, PriceId, public_id
from domain.periods import BillingInterval
from domain.plan_change.entitlement_change import EntitlementChange
from domain.plan_change.parts import Axis
from domain.plan_change.prepare import Prepared, PreparedStep
from domain.plan_change.timing import PartTiming
from domain.plan_change.verdict import ChangeDirection, ChangeKind, Decision, EffectiveTiming
from operations.quote_change import PlanChangePreview
from resolvers.amounts import Amount, amount
from resolvers.context import RequestContext
from resolvers.previews.bill_view import (
    BillView,
    CreditNoteView,
    LineView,
    PeriodView,
    TaxView,
    bill_view,
    every_line,
)


@dataclass(frozen=True, slots=True)
class ValueView:
    """A member of the union EntitlementValue; `__graphql__` names it."""

    __graphql__: str
    is_enabled: bool
    limit: int | None
    setting: str | None


_VALUE_TYPES: dict[FeatureKind, str] = {
    FeatureKind.BOOLEAN: "BooleanValue",
    FeatureKind.LIMIT: "LimitValue",
    FeatureKind.METERED: "MeteredValue",
    FeatureKind.CONFIG: "ConfigValue",
}


@dataclass(frozen=True, slots=True)
class EntitlementChangeView:
    """One row of the entitlement diff."""

    context: RequestContext
    change: EntitlementChange

    @property
    def feature(self) -> Awaitable[Any]:
        """The feature, by the loader."""
        return self.context.by_id("Feature", self.change.feature.id)

    @property
    def before(self) -> ValueView | None:
        """What the account has now; None when nothing."""
        return self._value(self.change.before)

    @property
    def after(self) -> ValueView | None:
        """What it would have; None when nothing."""
        return self._value(self.change.after)

    def _value(self, value: FeatureValue) -> ValueView | None:
        kind = self.change.feature.kind
        if not value.is_enabled and kind is not FeatureKind.BOOLEAN:
            return None
        return ValueView(_VALUE_TYPES[kind], value.is_enabled, value.limit, value.setting)

    @property
    def is_gained(self) -> bool:
        """The feature is new."""
        return self.change.is_gained

    @property
    def is_lost(self) -> bool:
        """The feature goes."""
        return self.change.is_lost

    @property
    def used(self) -> Decimal | None:
        """Usage so far."""
        return self.change.used

    @property
    def fits(self) -> bool:
        """What is stored is within the new limit."""
        return self.change.fits

    @property
    def excess(self) -> Decimal:
        """By how much it is not."""
        return self.change.excess


@dataclass(frozen=True, slots=True)
class DeltaView:
    """Credit and charge of the change, and the documents they are billed by."""

    credit: Amount
    charge: Amount
    net: Amount
    tax: Amount
    total: Amount
    lines: list[LineView]
    taxes: list[TaxView]
    credit_notes: list[CreditNoteView]


@dataclass(frozen=True, slots=True)
class PartView:
    """One thing that moves, and when it would move alone."""

    axis: Axis
    component: str | None
    direction: ChangeDirection
    timing: EffectiveTiming
    effective_at: datetime
    rule: str
    sentence: str


@dataclass(frozen=True, slots=True)
class QuotedPriceView:
    """One component with its price, by the loader."""

    context: RequestContext
    component: str
    quantity: int
    price_id: PriceId

    @property
    def price(self) -> Awaitable[Any]:
        """The price, as it stands in the catalog for ever."""
        return self.context.by_id("Price", self.price_id)


@dataclass(frozen=True, slots=True)
class QuotedUsageView:
    """What was in use of one feature."""

    context: RequestContext
    feature_id: FeatureId
    used: Decimal

    @property
    def feature(self) -> Awaitable[Any]:
        """The feature, by the loader."""
        return self.context.by_id("Feature", self.feature_id)


@dataclass(frozen=True, slots=True)
class QuoteFactsView:
    """What the promise was computed from."""

    context: RequestContext
    version_id: PlanVersionId
    pending_id: PlanChangeId | None
    prices: list[QuotedPriceView]
    period: PeriodView
    standing: Standing
    usage: list[QuotedUsageView]

    @property
    def plan_version(self) -> Awaitable[Any]:
        """The target, by the loader."""
        return self.context.by_id("PlanVersion", self.version_id)

    @property
    def pending_change(self) -> Awaitable[Any] | None:
        """The change that waits, by the loader."""
        return None if self.pending_id is None else self.context.by_id("PlanChange", self.pending_id)


@dataclass(frozen=True, slots=True)
class QuoteView:
    """The promise to apply."""

    token: str
    priced_at: datetime
    expires_at: datetime
    facts: QuoteFactsView


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


@dataclass(frozen=True, slots=True)
class PreviewView:
    """The whole answer."""

    kind: ChangeKind
    direction: ChangeDirection
    is_immediate: bool
    decision: Decision
    parts: list[PartView]
    delta: DeltaView
    next_invoice: BillView
    entitlement_changes: list[EntitlementChangeView]
    phases: list[PhaseView]
    quote: QuoteView | None


def preview_view(context: RequestContext, answer: PlanChangePreview) -> PreviewView:
    """A preview as the graph reads it."""
    prepared: Prepared = answer.prepared
    quote = answer.quote
    return PreviewView(
        kind=prepared.facts.request.kind,
        direction=prepared.direction,
        is_immediate=prepared.is_immediate,
        decision=prepared.decision,
        parts=[_part(timing) for timing in prepared.timings],
        delta=_delta(context, prepared),
        next_invoice=bill_view(context, prepared.next_invoice),
        entitlement_changes=[EntitlementChangeView(context, change) for change in prepared.entitlements],
        phases=[_phase(context, each) for each in prepared.steps],
        quote=None
        if quote is None
        else QuoteView(
            public_id(PREFIXES["Quote"], quote.id), quote.priced_at, quote.expires_at, _quoted(context, prepared)
        ),
    )


def _quoted(context: RequestContext, prepared: Prepared) -> QuoteFactsView:
    facts = prepared.facts
    priced = {
        component: facts.target.price(component, facts.account.currency, facts.interval)
        for component in facts.quantities
    }
    return QuoteFactsView(
        context,
        facts.target.id,
        None if facts.pending is None else facts.pending.id,
        [
            QuotedPriceView(context, component, facts.quantities[component], price.id)
            for component, price in sorted(priced.items())
            if price is not None
        ],
        PeriodView(facts.subscription.period.start, facts.subscription.period.end),
        facts.standing,
        [
            QuotedUsageView(context, change.feature.id, change.used)
            for change in prepared.entitlements
            if change.used is not None
        ],
    )


def _phase(context: RequestContext, prepared: PreparedStep) -> PhaseView:
    step, facts = prepared.step, prepared.step.facts
    return PhaseView(
        context=context,
        step=step.number,
        effective_at=step.effective_at,
        version_id=facts.target.id,
        interval=facts.interval,
        quantities=[QuantityView(*each) for each in sorted(facts.quantities.items())],
        direction=prepared.direction,
        parts=[_part(timing) for timing in prepared.timings],
        regular_invoice=bill_view(context, prepared.regular_invoice),
        entitlement_changes=[EntitlementChangeView(context, change) for change in prepared.entitlements],
    )


def _part(timing: PartTiming) -> PartView:
    part, row = timing.part, timing.row
    return PartView(part.axis, part.component, part.direction, row.then, timing.effective_at, row.code, row.sentence)


def _delta(context: RequestContext, prepared: Prepared) -> DeltaView:
    delta, bill = prepared.delta, prepared.delta.bill
    documents = bill_view(context, bill)
    return DeltaView(
        credit=amount(delta.credit),
        charge=amount(delta.charge),
        net=amount(delta.net),
        tax=amount(bill.tax),
        total=amount(bill.total),
        lines=every_line(bill),
        taxes=documents.taxes,
        credit_notes=documents.credit_notes,
    )
