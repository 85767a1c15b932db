"""Write the documents of a bill: the one way in which a sign-up, a renewal, a change, a pause or an end is billed.

Owns what follows from a document in the transaction that issues it: its number, the credit balance, when an unpaid one
asks for attention, the events. Does not own what is billed (domain/invoicing).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from db.queries.credits import ledgers
from db.queries.settlements import BilledInvoice, billed_invoices
from db.save import invoices
from db.save.coupons import covered
from db.save.credits import credit_ledger, new_credit_note
from db.save.settlements import settlement
from db.unit_of_work import UnitOfWork
from domain.account import Account
from domain.credit import CreditNote
from domain.credit_ledger import Ledger
from domain.dunning import next_step_at
from domain.ids import PREFIXES, ChargeId, InvoiceId, public_id
from domain.invoice import Invoice, InvoiceStatus, Settlement
from domain.invoicing.bill import Bill
from domain.invoicing.documents import Documents, Heading, issue
from domain.invoicing.terms import Coverage
from domain.money import Money
from domain.money_events import credit_event, credit_note_event, invoice_event
from domain.settlement import Owed, lighten_charges
from operations.invoices.finalise_invoice import finalise_invoice
from operations.invoices.spend_credit import spend_credit
from operations.payments.restore_standing import restore_standing


@dataclass(frozen=True, slots=True)
class Known:
    """What has been read of an account before its bill is written, to read it for many at once.

    `credited` are the invoices that the bill credits, by id.
    """

    ledger: Ledger
    credited: Mapping[InvoiceId, BilledInvoice]


def credited_by(of: Bill) -> set[InvoiceId]:
    """The invoices a bill credits, on a credit note or by a line of its own invoice."""
    return {line.credited.invoice_id for line in of.lines if line.credited is not None}


async def write_documents(
    unit: UnitOfWork,
    account: Account,
    of: Bill,
    heading: Heading,
    *,
    known: Known | None = None,
    coverage: Sequence[Coverage] = (),
    charges: Sequence[ChargeId] = (),
) -> Documents:
    """Write the invoice and the credit notes of a bill for an account whose row is locked; often there is neither.

    A credit note lowers what is due on its invoice, the rest goes to the credit balance; the new invoice is paid from
    the balance as far as that goes. A draft that is credited becomes final first. `coverage` are the periods that
    discounts begin to cover, `charges` those that waited for this bill. `known`: read before; else one or two
    statements read it.
    """
    at = of.at
    if coverage:
        await covered(unit, account.id, coverage)
    if of.is_empty:
        return Documents(None)
    if known is None:
        known = await _read(unit, account, of)
    ledger, credited = known.ledger, {each.id: each.owed for each in known.credited.values()}
    for invoice_id in sorted(credited_by(of)):
        if credited[invoice_id].status is InvoiceStatus.DRAFT:
            ledger, credited[invoice_id] = await finalise_invoice(unit, account, known.credited[invoice_id], at, ledger)
    due = {invoice_id: owed.due_minor for invoice_id, owed in credited.items()}
    documents = issue(of, account, heading, unit.ids, due)
    for note in documents.credit_notes:
        ledger, owed = await _write_note(unit, account, note, credited[note.invoice_id], ledger, at)
        if owed.status is InvoiceStatus.PAID and credited[note.invoice_id].status is InvoiceStatus.OPEN:
            await restore_standing(unit, account, [known.credited[note.invoice_id]], at)
    if documents.invoice is not None:
        await _write_invoice(unit, account, documents.invoice, ledger, at, lapses=heading.lapses_on is not None)
    on = documents.invoice.id if documents.invoice else next((note.invoice_id for note in documents.credit_notes), None)
    if on is not None:
        await invoices.billed_charges(unit, account.id, charges, on)
    return documents


async def _read(unit: UnitOfWork, account: Account, of: Bill) -> Known:
    credited = credited_by(of)
    return Known(
        (await ledgers(unit.session, unit.scope, [account]))[account.id],
        await billed_invoices(unit.session, unit.scope, credited) if credited else {},
    )


async def _write_invoice(
    unit: UnitOfWork, account: Account, invoice: Invoice, ledger: Ledger, at: datetime, *, lapses: bool
) -> None:
    owed = Owed(invoice.id, invoice.status, invoice.currency, Settlement(invoice.total.minor))
    is_asked_for = invoice.status is InvoiceStatus.OPEN and account.payer_id is None and not lapses
    step_at = next_step_at((), invoice.due_on, account.zone, at) if is_asked_for else None
    await invoices.new_invoice(unit, account, invoice, step_at)
    name = "drafted" if invoice.status is InvoiceStatus.DRAFT else "finalised"
    unit.emit(account.id, invoice_event(name, owed, at, **document_state(invoice)))
    if invoice.status is InvoiceStatus.PAID:
        unit.emit(account.id, invoice_event("paid", owed, at))
    elif invoice.status is InvoiceStatus.OPEN:
        await spend_credit(unit, account, ledger, owed, at)


def document_state(invoice: Invoice) -> dict[str, Any]:
    """What an event says of an invoice's document; its parties stay out of events."""
    return {
        "reason": invoice.reason.value,
        "subtotalMinor": invoice.subtotal.minor,
        "discountMinor": invoice.discount.minor,
        "taxMinor": invoice.tax.minor,
        "lines": [
            {
                "line": public_id(PREFIXES["InvoiceLine"], line.id),
                "kind": line.kind.value,
                "amountMinor": line.amount.minor,
                "taxMinor": line.tax_minor,
            }
            for line in invoice.lines
        ],
        "issuedOn": invoice.issued_on.isoformat(),
        "dueOn": invoice.due_on.isoformat(),
    }


async def _write_note(
    unit: UnitOfWork, account: Account, note: CreditNote, before: Owed, ledger: Ledger, at: datetime
) -> tuple[Ledger, Owed]:
    after, to_invoice = lighten_charges(before, note.total.minor)
    assert to_invoice == note.to_invoice_minor, "the note was issued on what its invoice asks for"
    await new_credit_note(unit, account, note)
    await settlement(unit, account.id, before, after, at)
    unit.emit(account.id, credit_note_event(note, at), invoice_event("credited", after, at))
    if after.status is InvoiceStatus.PAID and before.status is not InvoiceStatus.PAID:
        unit.emit(account.id, invoice_event("paid", after, at))
    if not note.to_balance_minor:
        return ledger, after
    amount = Money(note.to_balance_minor, note.currency)
    granted = ledger.grant(amount, at, unit.ids, credit_note_id=note.id, invoice_id=note.invoice_id)
    await credit_ledger(unit, account.id, granted.entries)
    unit.emit(account.id, *(credit_event(entry, account.id) for entry in granted.entries))
    return granted.written(), after
