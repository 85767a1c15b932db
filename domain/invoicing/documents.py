"""Documents out of a bill: an invoice and credit notes with their ids, days and states.

Owns what is written on a document beside its lines, when an invoice is final, and where a credit note's money goes.
Does not own numbers (the database gives them, last) nor what happens to a document afterwards.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from uuid import UUID

from domain.account import Account
from domain.credit import CreditNote, CreditNoteLine, CreditNoteReason
from domain.errors import InvalidAmount
from domain.ids import CreditNoteId, IdMaker, InvoiceId, ItemId, LineId, SubscriptionId
from domain.invoice import REGULAR, Invoice, InvoiceEvent, InvoiceLine, InvoiceReason, InvoiceStatus, LineKind, after
from domain.invoicing.assemble import Assembled, AssembledLine
from domain.invoicing.bill import Bill, CreditedLine, DraftCreditNote
from domain.invoicing.draft import DraftLine
from domain.money import Money
from domain.periods import Period, local_day


@dataclass(frozen=True, slots=True)
class Heading:
    """What a document says beside its lines. `items` gives the item of each component that a draft left open.

    `cause` is that of lines that name none of their own: REGULAR, or the id of the change, pause, re-issue.
    `lapses_on` is the day by which it is void unless it is paid, where a change waits for it: it is due then.
    """

    reason: InvoiceReason
    subscription_id: SubscriptionId | None
    period: Period | None = None
    items: Mapping[str, ItemId] = field(default_factory=dict)
    cause: UUID = REGULAR
    credit_reason: CreditNoteReason = CreditNoteReason.PLAN_CHANGE
    memo: str | None = None
    replaces_invoice_id: InvoiceId | None = None
    lapses_on: date | None = None


@dataclass(frozen=True, slots=True)
class Documents:
    """What one instant issues."""

    invoice: Invoice | None
    credit_notes: tuple[CreditNote, ...] = ()


def issue(
    of: Bill, account: Account, heading: Heading, ids: IdMaker, due_minor: Mapping[InvoiceId, int] | None = None
) -> Documents:
    """The documents of a bill. `due_minor` is what the invoices it credits still ask for; none of one left out.

    An invoice over nothing is PAID as it is issued, one that waits for usage a DRAFT, any other OPEN. A credit note
    first lowers what is due on its invoice; the rest goes to the credit balance.
    """
    invoice = _invoice(of, of.invoice, account, heading, ids) if of.invoice is not None else None
    due = due_minor or {}
    notes = tuple(
        _credit_note(note, of, account, heading, ids, due.get(note.invoice_id, 0)) for note in of.credit_notes
    )
    return Documents(invoice, tuple(note for note in notes if note.total.minor > 0))


def _invoice(of: Bill, lines: Assembled, account: Account, heading: Heading, ids: IdMaker) -> Invoice:
    if lines.total.minor < 0:
        raise InvalidAmount("An invoice never gives money back.", lines.total)
    is_draft = of.finalise_at is not None
    return Invoice(
        id=InvoiceId(ids.new()),
        reason=heading.reason,
        currency=of.currency,
        lines=invoice_lines(lines, heading, ids),
        issued_on=of.issued_on,
        due_on=heading.lapses_on or account.terms.due_on(of.issued_on),
        finalised_at=None if is_draft else of.at,
        status=InvoiceStatus.DRAFT if is_draft else _issued(lines.total),
        taxes=lines.taxes,
        subscription_id=heading.subscription_id,
        period=heading.period,
        drafted_at=of.at,
        finalise_at=of.finalise_at,
        replaces_invoice_id=heading.replaces_invoice_id,
    )


def invoice_lines(lines: Assembled, heading: Heading, ids: IdMaker) -> tuple[InvoiceLine, ...]:
    """The lines of an invoice, with ids; a discount names the line it takes from."""
    made: list[InvoiceLine] = []
    for line in lines.lines:
        of_line = None if line.of_line is None else made[line.of_line]
        cause = of_line.cause if of_line else _cause(line.draft, heading, ids)
        made.append(_line(line, heading, LineId(ids.new()), cause, of_line.id if of_line else None))
    return tuple(made)


def _cause(draft: DraftLine, heading: Heading, ids: IdMaker) -> UUID:
    """The line's own cause, else its document's.

    A recount of use, and what finance added to an invoice that is issued again, may stand there several times for one
    item and time: each is a correction of its own and gets an id for it.
    """
    if draft.cause is not None:
        return draft.cause
    return ids.new() if draft.kind in (LineKind.ADJUSTMENT, LineKind.ONE_OFF) else heading.cause


def _line(line: AssembledLine, heading: Heading, line_id: LineId, cause: UUID, of_line: LineId | None) -> InvoiceLine:
    draft = line.draft
    item_id = draft.item_id
    if item_id is None and draft.component is not None:
        item_id = heading.items[draft.component]
    return InvoiceLine(
        id=line_id,
        subscription_id=draft.subscription_id if draft.kind is LineKind.ONE_OFF else heading.subscription_id,
        item_id=item_id,
        plan_version_id=draft.plan_version_id,
        price_id=draft.price_id,
        kind=draft.kind,
        cause=cause,
        description=draft.description,
        quantity=draft.quantity,
        unit_minor=draft.unit_minor,
        amount=line.net,
        service=draft.service,
        explanation=draft.explanation,
        tax_minor=line.tax_minor,
        tax_inclusive=draft.tax_inclusive,
        tax_rate_id=line.taxed.rate_id,
        discount_id=line.discount_id,
        discounted_line_id=of_line,
    )


def _issued(total: Money) -> InvoiceStatus:
    """One over nothing has nobody to wait for."""
    return InvoiceStatus.PAID if total.is_zero else InvoiceStatus.OPEN


def finalise(draft: Invoice, account: Account, at: datetime) -> Invoice:
    """A DRAFT made final at an instant of the account's own time: from now on its document never changes.

    One over nothing is PAID at once. Raises InvalidTransition for an invoice that is no draft.
    """
    after(draft.status, InvoiceEvent.FINALISED)
    issued_on = local_day(at, account.zone)
    return replace(
        draft,
        status=_issued(draft.total),
        issued_on=issued_on,
        due_on=account.terms.due_on(issued_on),
        finalised_at=at,
        finalise_at=None,
    )


def _credit_note(
    note: DraftCreditNote, of: Bill, account: Account, heading: Heading, ids: IdMaker, due_minor: int
) -> CreditNote:
    to_invoice = min(note.total.minor, max(0, due_minor))
    return CreditNote(
        id=CreditNoteId(ids.new()),
        invoice_id=note.invoice_id,
        reason=heading.credit_reason,
        memo=heading.memo,
        currency=note.currency,
        lines=tuple(_credit_note_line(line, heading, ids) for line in note.lines),
        issued_on=local_day(of.at, account.zone),
        created_at=of.at,
        to_invoice_minor=to_invoice,
        to_balance_minor=note.total.minor - to_invoice,
    )


def _credit_note_line(line: CreditedLine, heading: Heading, ids: IdMaker) -> CreditNoteLine:
    draft: DraftLine = line.draft
    return CreditNoteLine(
        id=ids.new(),
        invoice_line_id=line.of.line_id,
        cause=_cause(draft, heading, ids),
        description=draft.description,
        amount=line.net,
        tax_minor=line.tax_minor,
        tax_inclusive=draft.tax_inclusive,
        service=draft.service,
        explanation=draft.explanation,
    )
