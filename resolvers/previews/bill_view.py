"""A bill that is not written yet as the graph's types read it: its invoice, its credit notes, their lines and taxes.

Owns the layout. Does not own any amount: they are the domain's, and what is billed in the end is billed from the same.
"""

from collections.abc import Awaitable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, ClassVar

from domain.invoice import InvoiceTax, LineKind
from domain.invoicing.assemble import AssembledLine
from domain.invoicing.bill import Bill, CreditedLine, DraftCreditNote
from domain.invoicing.draft import DraftLine
from domain.money import Money
from domain.pricing.quantity import quantity_words
from domain.tax import TaxTreatment
from resolvers.amounts import Amount, amount, fine_amount
from resolvers.context import RequestContext


@dataclass(frozen=True, slots=True)
class PeriodView:
    """A span; the type Period of stored lines, for lines not stored yet."""

    __graphql__: ClassVar[str] = "Period"
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class LineView:
    """A line that would be billed. `discounts_line` is the place in the same list of the line a discount takes from."""

    kind: LineKind
    component: str | None
    description: str
    quantity: str
    unit_price: Amount | None
    amount: Amount
    tax: Amount
    tax_inclusive: bool
    service_period: PeriodView
    sentence: str
    rule: str
    discounts_line: int | None


@dataclass(frozen=True, slots=True)
class TaxView:
    """The tax of one rate."""

    label: str
    treatment: TaxTreatment
    percent: str
    is_inclusive: bool
    base: Amount
    tax: Amount
    sentence: str


@dataclass(frozen=True, slots=True)
class CreditNoteView:
    """What would be given back of one invoice."""

    context: RequestContext
    note: DraftCreditNote
    subtotal: Amount
    tax: Amount
    total: Amount
    lines: list[LineView]

    @property
    def invoice(self) -> Awaitable[Any]:
        """The invoice, by the loader."""
        return self.context.by_id("Invoice", self.note.invoice_id)


@dataclass(frozen=True, slots=True)
class BillView:
    """The documents of one instant."""

    issues_at: datetime
    issued_on: date
    finalise_at: datetime | None
    subtotal: Amount
    discount_total: Amount
    tax: Amount
    total: Amount
    lines: list[LineView]
    taxes: list[TaxView]
    credit_notes: list[CreditNoteView]


def bill_view(context: RequestContext, bill: Bill) -> BillView:
    """A bill as the graph reads it; one without an invoice is over nothing."""
    nothing = amount(Money.zero(bill.currency))
    invoice = bill.invoice
    return BillView(
        bill.at,
        bill.issued_on,
        bill.finalise_at,
        subtotal=amount(invoice.subtotal) if invoice else nothing,
        discount_total=amount(invoice.discount) if invoice else nothing,
        tax=amount(invoice.tax) if invoice else nothing,
        total=amount(invoice.total) if invoice else nothing,
        lines=[_charged(line) for line in invoice.lines] if invoice else [],
        taxes=[_tax(each) for each in invoice.taxes] if invoice else [],
        credit_notes=[_credit_note(context, note) for note in bill.credit_notes],
    )


def every_line(bill: Bill) -> list[LineView]:
    """The lines of all documents in one list, what is given back first and negative."""
    given_back = [_credited(line, -1) for note in bill.credit_notes for line in note.lines]
    charged = [_charged(line, len(given_back)) for line in bill.invoice.lines] if bill.invoice else []
    return [*given_back, *charged]


def _credit_note(context: RequestContext, note: DraftCreditNote) -> CreditNoteView:
    lines = [_credited(line, 1) for line in note.lines]
    return CreditNoteView(context, note, amount(note.subtotal), amount(note.tax), amount(note.total), lines)


def _charged(line: AssembledLine, after: int = 0) -> LineView:
    place = None if line.of_line is None else line.of_line + after
    return _line(line.draft, line.net, line.tax_minor, place)


def _credited(line: CreditedLine, sign: int) -> LineView:
    net = Money(sign * line.net.minor, line.net.currency)
    return _line(line.draft, net, sign * line.tax_minor, None)


def _line(draft: DraftLine, net: Money, tax_minor: int, discounts_line: int | None) -> LineView:
    currency = net.currency
    return LineView(
        draft.kind,
        draft.component,
        draft.description,
        str(draft.quantity) if isinstance(draft.quantity, int) else quantity_words(draft.quantity),
        None if draft.unit_minor is None else fine_amount(draft.unit_minor, currency),
        amount(net),
        amount(Money(tax_minor, currency)),
        draft.tax_inclusive,
        PeriodView(draft.service.start, draft.service.end),
        draft.explanation.sentence,
        draft.explanation.rule,
        discounts_line,
    )


def _tax(each: InvoiceTax) -> TaxView:
    return TaxView(
        each.name,
        each.treatment,
        quantity_words(each.percent),
        each.is_inclusive,
        amount(each.base),
        amount(each.tax),
        each.sentence,
    )
