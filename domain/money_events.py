"""What happened to money: events of payments, credit notes, the ledger, refunds, dunning, charges and discounts.

Each carries the whole state of what it is about, so that folding the events rebuilds it (law L35). Owns their names
and shapes. Does not own numbering and delivery (db/outbox.py), nor events of subscriptions (events.py).
"""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from domain.credit import CreditEntry, CreditNote
from domain.dunning import DunningStep
from domain.events import BillingEvent
from domain.ids import PREFIXES, AccountId, ConsolidatedInvoiceId, InvoiceId, public_id
from domain.money import Money
from domain.payment import Payment, PaymentMethod, Refund
from domain.settlement import Owed


def invoice_state(invoice: Owed) -> dict[str, Any]:
    """Where an invoice stands and what is beside its document, in minor units."""
    beside = invoice.settlement
    return {
        "status": invoice.status.value,
        "currency": invoice.currency,
        "totalMinor": beside.total,
        "creditedMinor": beside.credited,
        "appliedMinor": beside.applied,
        "paidMinor": beside.paid,
        "returnedMinor": beside.returned,
        "dueMinor": invoice.due_minor,
    }


def invoice_event(type_: str, invoice: Owed, at: datetime, **more: Any) -> BillingEvent:
    """An invoice's state after something happened beside its document: paid, credited, voided, written off."""
    return BillingEvent(f"invoice.{type_}", "Invoice", invoice.id, at, {**invoice_state(invoice), **more})


def dunning_event(step: DunningStep, invoice: Owed, due_on: date, at: datetime) -> tuple[BillingEvent, ...]:
    """What an unpaid invoice's day brought, an event an action that others should know of."""
    names = {"REMIND": "reminded", "BLOCK_CHANGES": "changes_blocked", "SUSPEND": "suspended"}
    return tuple(
        invoice_event(names[action.value], invoice, at, day=step.day, dueOn=due_on.isoformat())
        for action in step.actions
        if action.value in names
    )


def payment_state(payment: Payment) -> dict[str, Any]:
    """A payment and how often the provider was asked; the reference and the token stay with the provider's rows."""
    document = _document(payment.invoice_id, payment.consolidated_id)
    last = payment.attempts[-1] if payment.attempts else None
    return {
        **document,
        "kind": payment.kind.value,
        "status": payment.status.value,
        "currency": payment.amount.currency,
        "amountMinor": payment.amount.minor,
        "refundedMinor": payment.refunded.minor,
        "attempts": len(payment.attempts),
        "failureCode": last.code if last else None,
    }


def _document(invoice_id: InvoiceId | None, consolidated_id: ConsolidatedInvoiceId | None) -> dict[str, Any]:
    return {
        "invoice": public_id(PREFIXES["Invoice"], invoice_id) if invoice_id else None,
        "consolidatedInvoice": public_id(PREFIXES["ConsolidatedInvoice"], consolidated_id) if consolidated_id else None,
    }


def payment_event(payment: Payment, at: datetime) -> BillingEvent:
    """A payment as it stands now: `payment.processing`, `payment.succeeded`, …"""
    return BillingEvent(f"payment.{payment.status.value.lower()}", "Payment", payment.id, at, payment_state(payment))


def refund_event(refund: Refund, at: datetime) -> BillingEvent:
    """A refund as it stands now."""
    data = {
        "payment": public_id(PREFIXES["Payment"], refund.payment_id),
        "creditNote": public_id(PREFIXES["CreditNote"], refund.credit_note_id) if refund.credit_note_id else None,
        "status": refund.status.value,
        "currency": refund.amount.currency,
        "amountMinor": refund.amount.minor,
    }
    return BillingEvent(f"refund.{refund.status.value.lower()}", "Refund", refund.id, at, data)


def credit_note_event(note: CreditNote, at: datetime) -> BillingEvent:
    """A credit note was issued."""
    data = {
        "invoice": public_id(PREFIXES["Invoice"], note.invoice_id),
        "reason": note.reason.value,
        "currency": note.currency,
        "subtotalMinor": note.subtotal.minor,
        "taxMinor": note.tax.minor,
        "totalMinor": note.total.minor,
        "toInvoiceMinor": note.to_invoice_minor,
        "toBalanceMinor": note.to_balance_minor,
        "toRefundMinor": note.to_refund_minor,
        "issuedOn": note.issued_on.isoformat(),
        "lines": [
            {
                "invoiceLine": public_id(PREFIXES["InvoiceLine"], line.invoice_line_id),
                "amountMinor": line.amount.minor,
                "taxMinor": line.tax_minor,
            }
            for line in note.lines
        ],
    }
    return BillingEvent("credit_note.issued", "CreditNote", note.id, at, data)


def credit_event(entry: CreditEntry, account_id: AccountId) -> BillingEvent:
    """An entry of the credit ledger. The aggregate is the grant, so that a grant's entries have gapless numbers."""
    data = {
        "sequence": entry.sequence,
        "currency": entry.amount.currency,
        "amountMinor": entry.amount.minor,
        "balanceMinor": entry.balance.minor,
        "invoice": public_id(PREFIXES["Invoice"], entry.invoice_id) if entry.invoice_id else None,
        "creditNote": public_id(PREFIXES["CreditNote"], entry.credit_note_id) if entry.credit_note_id else None,
    }
    aggregate_id = entry.grant_id or entry.id
    return BillingEvent(f"credit.{entry.kind.value.lower()}", "CreditEntry", aggregate_id, entry.occurred_at, data)


def method_state(method: PaymentMethod) -> dict[str, Any]:
    """What may be said of a stored method: never its token."""
    return {
        "provider": method.provider,
        "brand": method.brand,
        "isDefault": method.is_default,
        "status": method.status.value,
    }


def method_event(type_: str, method: PaymentMethod, at: datetime) -> BillingEvent:
    """A method was added, removed, or made the default."""
    return BillingEvent(f"payment_method.{type_}", "PaymentMethod", method.id, at, method_state(method))


def consolidated_event(
    type_: str, consolidated_id: ConsolidatedInvoiceId, at: datetime, total: Money, due_minor: int, invoices: int
) -> BillingEvent:
    """A consolidated invoice was finalised, paid in part, or paid."""
    data = {
        "currency": total.currency,
        "totalMinor": total.minor,
        "dueMinor": due_minor,
        "invoices": invoices,
    }
    return BillingEvent(f"consolidated_invoice.{type_}", "ConsolidatedInvoice", consolidated_id, at, data)


def money_event(type_: str, aggregate_type: str, aggregate_id: UUID, at: datetime, **data: Any) -> BillingEvent:
    """Any other event of money: a charge asked for, a discount redeemed or ended."""
    return BillingEvent(type_, aggregate_type, aggregate_id, at, data)
