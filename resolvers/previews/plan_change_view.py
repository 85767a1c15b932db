"""A prepared plan change as the graph's types read it: each view has the attributes of its GraphQL type.

Owns the layout; money is written here, features come by the loader. Does not own the decision or the numbers.
"""

from dataclasses import dataclass

from domain.plan_change.prepare import Prepared
from domain.plan_change.verdict import ChangeDirection, ChangeKind, Decision
from operations.changes.quote_change import PlanChangePreview
from resolvers.amounts import Amount, amount
from resolvers.context import RequestContext
from resolvers.previews.bill_view import (
    BillView,
    CreditNoteView,
    LineView,
    TaxView,
    bill_view,
    every_line,
)
from resolvers.previews.entitlement_change_view import EntitlementChangeView
from resolvers.previews.part_view import PartView, part_view
from resolvers.previews.phase_view import PhaseView, phase_view
from resolvers.previews.quote_view import QuoteView, quote_view


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
        parts=[part_view(timing) for timing in prepared.timings],
        delta=_delta(context, prepared),
        next_invoice=bill_view(context, prepared.next_invoice),
        entitlement_changes=[EntitlementChangeView(context, change) for change in prepared.entitlements],
        phases=[phase_view(context, each) for each in prepared.steps],
        quote=None if quote is None else quote_view(context, quote, prepared),
    )


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
