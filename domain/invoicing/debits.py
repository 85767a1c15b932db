"""What stands of a subscription's charges, read off its documents: each charge with its discounts and its credits.

Owns which lines can be credited and how the lines beneath and after them count. Does not own loading them (db).
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from domain.credit import CreditNote, CreditNoteReason
from domain.ids import InvoiceId, ItemId, LineId
from domain.invoice import Invoice, InvoiceLine, InvoiceStatus, InvoiceTax, LineKind
from domain.invoicing.debited import RECOUNT, UNTAXED, DebitedLine, Taken
from domain.money import Money, round_half_away
from domain.periods import Period
from domain.subscription import SubscriptionItem
from domain.tax import AppliedTax
from domain.taxing import tax_name

DEBITS = frozenset(
    {
        LineKind.CHARGE,
        LineKind.USAGE,
        LineKind.PRORATION_CHARGE,
        LineKind.TRUE_UP,
        LineKind.MAXIMUM,
        LineKind.ADJUSTMENT,
        LineKind.ONE_OFF,
    }
)
"""Kinds of lines that are asked for by themselves; the others are credits and discounts of these."""
UNUSED = frozenset({CreditNoteReason.PLAN_CHANGE, CreditNoteReason.PAUSE, CreditNoteReason.CANCELLATION})
"""Reasons of credit notes over service that went unused."""
WAIVED = frozenset({CreditNoteReason.BILLING_ERROR, CreditNoteReason.GOODWILL})
"""Reasons of credit notes that finance writes as it sees fit."""


@dataclass(slots=True)
class _Given:
    """What a line has given back so far."""

    stated_minor: int = 0
    tax_minor: int = 0
    waived_minor: int = 0
    recounted_minor: int = 0
    unused: list[Period] = field(default_factory=list)


def debits_of(
    invoices: Sequence[Invoice],
    notes: Iterable[CreditNote],
    items: Mapping[ItemId, SubscriptionItem],
    forgiven: Collection[InvoiceId] = (),
) -> tuple[DebitedLine, ...]:
    """The charges on these invoices that stand, in the order of documents and lines.

    A void invoice asks for nothing and gives nothing back; what those in `forgiven` asked for is told all the same, so
    that it is not asked for again. `items` are the subscription's item versions, by id. Give it every document
    that credits one of the lines.
    """
    standing = [invoice for invoice in invoices if invoice.status is not InvoiceStatus.VOID]
    given = _given_back(standing, notes)
    taken: dict[LineId, list[Taken]] = {}
    taken_tax: dict[LineId, int] = {}
    told = [invoice for invoice in invoices if invoice.status is not InvoiceStatus.VOID or invoice.id in forgiven]
    for line in (line for invoice in told for line in invoice.lines):
        if line.discounted_line_id is not None and line.discount_id is not None:
            taken.setdefault(line.discounted_line_id, []).append(Taken(line.discount_id, -line.stated.minor))
            taken_tax[line.discounted_line_id] = taken_tax.get(line.discounted_line_id, 0) + line.tax_minor
    return tuple(
        _debit(invoice, line, taken.get(line.id, ()), taken_tax.get(line.id, 0), given.get(line.id, _Given()), items)
        for invoice in told
        for line in invoice.lines
        if (line.kind in DEBITS and not _is_credit(line)) or _is_withdrawn(invoice, line, standing, items)
    )


def _given_back(invoices: Iterable[Invoice], notes: Iterable[CreditNote]) -> dict[LineId, _Given]:
    given: dict[LineId, _Given] = {}
    for line in (line for invoice in invoices for line in invoice.lines):
        if line.explanation.credited_line_id is not None and _is_credit(line):
            back = given.setdefault(line.explanation.credited_line_id, _Given())
            back.stated_minor -= line.stated.minor
            back.tax_minor -= line.tax_minor
            if line.kind is LineKind.PRORATION_CREDIT:
                back.unused.append(line.service)
            elif line.explanation.rule == RECOUNT:
                back.recounted_minor -= round_half_away(line.explanation.basis_minor)
            else:
                back.waived_minor -= line.stated.minor
    for note in notes:
        for each in note.lines:
            back = given.setdefault(each.invoice_line_id, _Given())
            stated = each.amount.minor + (each.tax_minor if each.tax_inclusive else 0)
            back.stated_minor += stated
            back.tax_minor += each.tax_minor
            if each.explanation.rule == RECOUNT:
                back.recounted_minor -= round_half_away(each.explanation.basis_minor)
            elif note.reason in WAIVED:
                back.waived_minor += stated
            if note.reason in UNUSED and each.service is not None:
                back.unused.append(each.service)
    return given


def _is_credit(line: InvoiceLine) -> bool:
    """Whether it gives back of the line it names; an adjustment that adds to one names it too."""
    return line.explanation.credited_line_id is not None and line.amount.minor + line.tax_minor < 0


def _is_withdrawn(
    invoice: Invoice, line: InvoiceLine, standing: Iterable[Invoice], items: Mapping[ItemId, SubscriptionItem]
) -> bool:
    """Whether a credit went with its void invoice though its item had ended: what it gave back is asked for again."""
    if invoice.status is not InvoiceStatus.VOID or line.kind is not LineKind.PRORATION_CREDIT:
        return False
    item = None if line.item_id is None else items.get(line.item_id)
    has_ended = item is not None and item.valid_until is not None and item.valid_until < line.service.end
    credited_id = line.explanation.credited_line_id
    return has_ended and any(each.id == credited_id for other in standing for each in other.lines)


def _debit(
    invoice: Invoice,
    line: InvoiceLine,
    taken: Sequence[Taken],
    taken_tax_minor: int,
    given: _Given,
    items: Mapping[ItemId, SubscriptionItem],
) -> DebitedLine:
    item = None if line.item_id is None else items.get(line.item_id)
    return DebitedLine(
        line_id=line.id,
        invoice_id=invoice.id,
        item_id=line.item_id,
        plan_version_id=line.plan_version_id,
        price_id=line.price_id,
        component=item.component if item else None,
        description=line.description,
        quantity=line.quantity,
        stated=line.stated,
        credited=Money(given.stated_minor, line.amount.currency),
        service=line.service,
        credited_from=min((unused.start for unused in given.unused), default=None),
        kind=line.kind,
        taken=tuple(taken),
        tax_inclusive=line.tax_inclusive,
        tax_minor=line.tax_minor + taken_tax_minor,
        credited_tax_minor=given.tax_minor,
        taxed=taxed_as(line, invoice.taxes),
        waived_minor=given.waived_minor,
        recounted_minor=given.recounted_minor,
        is_recount=line.explanation.rule == RECOUNT,
        is_forgiven=invoice.status is InvoiceStatus.VOID,
        in_force_until=item.valid_until if item else None,
    )


def taxed_as(line: InvoiceLine, taxes: Iterable[InvoiceTax]) -> AppliedTax:
    """How a written line was taxed, out of the tax entries of its invoice."""
    for each in taxes:
        if each.tax_rate_id == line.tax_rate_id and each.is_inclusive is line.tax_inclusive:
            return AppliedTax(each.treatment, each.tax_rate_id, tax_name(each.name), each.percent, each.sentence)
    return UNTAXED
