"""Lines that were written once and are written again: the re-issue of a voided invoice, a draft that late use moves.

Owns how a written line becomes a draft again. Does not own voiding (settlement) nor when a draft is made final.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from domain.ids import IdMaker, ItemId, LineId
from domain.invoice import Invoice, InvoiceLine, InvoiceTax, LineKind
from domain.invoicing.bill import Bill, bill
from domain.invoicing.closing import Closing, closing_lines
from domain.invoicing.debited import DebitedLine
from domain.invoicing.debits import taxed_as
from domain.invoicing.documents import Documents, Heading, issue
from domain.invoicing.draft import DraftLine
from domain.invoicing.terms import BillingTerms
from domain.periods import Period
from domain.subscription import SubscriptionItem

_OF_A_CLOSE = frozenset({LineKind.USAGE, LineKind.TRUE_UP, LineKind.MAXIMUM})


def reissue(
    void: Invoice,
    terms: BillingTerms,
    at: datetime,
    items: Mapping[ItemId, SubscriptionItem],
    credited: Mapping[LineId, DebitedLine] | None = None,
) -> Bill:
    """The bill of a voided invoice's lines again: what they state stays, parties and tax are those of today.

    Its discounts stay as they were given, its credits are taxed as the lines they credit (`credited`, by id). Its
    heading carries the voided invoice's id as cause and as `replaces_invoice_id`. It is final at once: what it waited
    for has come.
    """
    lines = [as_draft(line, void.taxes, items, credited or {}) for line in void.lines]
    at_once = replace(terms, seller=replace(terms.seller, grace=at - at))
    return bill(lines, at_once, at)


def as_draft(
    line: InvoiceLine,
    taxes: Sequence[InvoiceTax],
    items: Mapping[ItemId, SubscriptionItem],
    credited: Mapping[LineId, DebitedLine],
) -> DraftLine:
    """A written line as a draft: the same statement and explanation, no new discount."""
    item = None if line.item_id is None else items.get(line.item_id)
    of = line.explanation.credited_line_id
    gives_back = of is not None and line.stated.minor < 0
    return DraftLine(
        component=item.component if item else None,
        item_id=line.item_id,
        plan_version_id=line.plan_version_id,
        price_id=line.price_id,
        kind=line.kind,
        description=line.description,
        quantity=line.quantity,
        unit_minor=line.unit_minor,
        stated=line.stated,
        service=line.service,
        explanation=line.explanation,
        tax_inclusive=line.tax_inclusive,
        taxed=taxed_as(line, taxes) if gives_back else None,
        credited=credited.get(of) if of is not None and gives_back else None,
        subscription_id=line.subscription_id,
        discount_id=line.discount_id,
    )


def move_draft(
    draft: Invoice,
    closing: Closing,
    terms: BillingTerms,
    items: Mapping[ItemId, SubscriptionItem],
    ids: IdMaker,
    credited: Mapping[LineId, DebitedLine] | None = None,
) -> Documents:
    """A DRAFT as the use counted since makes it: its period is closed again, every other line stays as it is.

    `closing` is the period it closed, with today's counts, and in `billed` the charges of other invoices only. The
    invoice and the lines that stay what they were keep their ids. Credit notes are there only where the whole would
    have fallen below zero.
    """
    period = closing.span.period
    again = {line.id for line in draft.lines if _is_closed_again(line, period)}
    staying = [line for line in draft.lines if line.id not in again and line.discounted_line_id not in again]
    lines = [
        *closing_lines(closing, terms.currency, terms.account.zone),
        *(replace(as_draft(line, draft.taxes, items, credited or {}), cause=line.cause) for line in staying),
    ]
    at = draft.drafted_at
    assert at is not None, "a draft says since when it is one"
    heading = Heading(draft.reason, draft.subscription_id, draft.period)
    documents = issue(bill(lines, terms, at, closing.own), terms.account, heading, ids)
    assert documents.invoice is not None, "a draft has metered lines, which stay even over nothing"
    return replace(documents, invoice=_with_the_ids_of(draft, documents.invoice))


def _is_closed_again(line: InvoiceLine, period: Period) -> bool:
    """Whether a line of the draft is one that closing the period gives: in arrears, or a bound."""
    return line.kind in _OF_A_CLOSE or (line.kind is LineKind.CHARGE and line.service.end <= period.end)


def _with_the_ids_of(draft: Invoice, made: Invoice) -> Invoice:
    known = {_key(line): line.id for line in draft.lines}
    kept = {line.id: known.get(_key(line), line.id) for line in made.lines}
    lines = tuple(
        replace(
            line,
            id=kept[line.id],
            discounted_line_id=None if line.discounted_line_id is None else kept[line.discounted_line_id],
        )
        for line in made.lines
    )
    return replace(made, id=draft.id, lines=lines, finalise_at=draft.finalise_at)


def _key(line: InvoiceLine) -> tuple[object, ...]:
    """What tells the lines of one invoice apart (law L21), and of a correction the line it corrects."""
    of = line.explanation.credited_line_id
    return line.item_id, line.service.start, line.kind, line.cause, line.discount_id, of
