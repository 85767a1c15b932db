"""What an account's events come to is what is stored of it (law L35).

Owns which parts of its state are held against its history. Does not own the fold (domain/fold.py). An account that was
copied in without its beginning has no history to tell.
"""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any
from uuid import UUID

from domain.audit.books import Books, RuleBook
from domain.audit.disagreement import Code, Disagreement, Document
from domain.audit.documents import InvoiceOnFile, NoteOnFile
from domain.audit.facts import EntryOnFile, ItemOnFile, PaymentOnFile, SubscriptionOnFile
from domain.fold import Aggregate, State, fold
from domain.ids import PREFIXES, public_id
from domain.invoice import InvoiceStatus

OPENED = "account.opened"
FOLDED = frozenset(
    {
        "BillingSubscription", "PlanChange", "Invoice", "CreditNote", "ConsolidatedInvoice", "CreditEntry", "Payment",
        "Refund", "EntitlementOverride", "Approval",
    }
)  # fmt: skip
"""Aggregates whose whole state their events tell."""


def audit_history(books: Books, rules: RuleBook) -> Iterator[Disagreement]:
    """Whatever is stored otherwise than the events say, is there without an event, or is told of and not there."""
    if not books.history.events or books.history.events[0].type != OPENED:
        return
    folded = {key: state for key, state in fold(books.history.events).items() if key[0] in FOLDED}
    stored = dict(stored_state(books, rules))
    for key in sorted(folded.keys() | stored.keys()):
        document = Document(*key)
        if key not in stored or key not in folded:
            there, told = ("nothing", "some of it") if key not in stored else ("some of it", "nothing")
            says = f"Of {document.public_id} there is {there}, and its events tell {told}."
            yield Disagreement(Code.HISTORY, document, "history", there, told, says)
            continue
        for field, value in stored[key].items():
            if (tells := folded[key].get(field)) != value:
                says = f"The {field} of {document.public_id} is {value}, but its events come to {tells}."
                yield Disagreement(Code.HISTORY, document, field, f"{value}", f"{tells}", says)


def stored_state(books: Books, rules: RuleBook) -> Iterator[tuple[Aggregate, State]]:
    """What is stored of each aggregate, by the names that events use."""
    for subscription in books.subscriptions:
        items = [item for item in books.in_effect.items if item.subscription_id == subscription.id]
        yield ("BillingSubscription", subscription.id), _subscription(subscription, items, rules)
    for change in books.history.changes:
        yield (
            ("PlanChange", change.id),
            {
                "subscription": _id("BillingSubscription", change.subscription_id),
                "status": change.status,
                "effectiveAt": _day(change.effective_at),
            },
        )
    for invoice in books.invoices:
        yield ("Invoice", invoice.id), _invoice(invoice)
    for note in books.notes:
        yield ("CreditNote", note.id), _note(note)
    for each in books.consolidated:
        said = {"number": each.number, "currency": each.currency, "totalMinor": each.total_minor}
        yield ("ConsolidatedInvoice", each.id), {**said, "invoices": each.invoices}
    grants: dict[UUID, list[EntryOnFile]] = {}
    for entry in books.entries:
        grants.setdefault(entry.grant_id or entry.id, []).append(entry)
    for grant_id, entries in grants.items():
        yield ("CreditEntry", grant_id), _grant(entries, books.account.currency)
    for payment in books.payments:
        yield ("Payment", payment.id), _payment(payment)
    for refund in books.refunds:
        yield (
            ("Refund", refund.id),
            {
                "payment": _id("Payment", refund.payment_id),
                "creditNote": _id("CreditNote", refund.credit_note_id),
                "status": refund.status.value,
                "amountMinor": refund.amount_minor,
            },
        )
    for approval in books.history.approvals:
        yield (
            ("Approval", approval.id),
            {
                "subscription": _id("BillingSubscription", approval.subscription_id),
                "status": approval.status,
                "codes": list(approval.codes),
                "amountMinor": approval.amount_minor,
                "currency": approval.currency,
                "expiresAt": _day(approval.expires_at),
                "answer": approval.answer,
                "answeredAt": _day(approval.answered_at),
            },
        )
    for override in books.history.overrides:
        yield (
            ("EntitlementOverride", override.id),
            {
                "feature": override.feature,
                "isEnabled": override.is_enabled,
                "limit": override.limit,
                "setting": override.setting,
                "priority": override.priority,
                "startsAt": _day(override.starts_at),
                "endsAt": _day(override.ends_at),
            },
        )


def _subscription(subscription: SubscriptionOnFile, items: list[ItemOnFile], rules: RuleBook) -> State:
    version = rules.versions[subscription.plan_version_id]
    return {
        "plan": version.plan.code,
        "planVersion": version.number,
        "status": subscription.status.value,
        "interval": subscription.interval.value,
        "anchorOn": _day(subscription.anchor_on),
        "periodStart": _day(subscription.period.start),
        "periodEnd": _day(subscription.period.end),
        "trialEndAt": _day(subscription.trial_end_at),
        "commitmentEndAt": _day(subscription.commitment_end_at),
        "cancelAt": _day(subscription.cancel_at),
        "pausedAt": _day(subscription.paused_at),
        "resumesAt": _day(subscription.resumes_at),
        "endedAt": _day(subscription.ended_at),
        "itemVersions": {
            public_id(PREFIXES["SubscriptionItem"], item.id): {
                "item": _id("SubscriptionItem", item.id),
                "component": item.component,
                "price": _id("Price", item.price_id),
                "quantity": item.quantity,
                "from": _day(item.valid_from),
                "until": _day(item.valid_until),
            }
            for item in items
        },
    }


def _invoice(invoice: InvoiceOnFile) -> State:
    return {
        "number": invoice.number,
        "status": invoice.status.value,
        "reason": invoice.reason.value,
        "currency": invoice.currency,
        "subtotalMinor": invoice.subtotal_minor,
        "discountMinor": invoice.discount_minor,
        "taxMinor": invoice.tax_minor,
        "totalMinor": invoice.total_minor,
        "creditedMinor": invoice.credited_minor,
        "appliedMinor": invoice.applied_minor,
        "paidMinor": invoice.paid_minor,
        "returnedMinor": invoice.returned_minor,
        "dueMinor": 0 if invoice.status is InvoiceStatus.VOID else invoice.due_minor,
        "issuedOn": _day(invoice.issued_on),
        "dueOn": _day(invoice.due_on),
        "lines": [
            {
                "line": _id("InvoiceLine", line.id),
                "kind": line.kind.value,
                "amountMinor": line.amount_minor,
                "taxMinor": line.tax_minor,
            }
            for line in invoice.lines
        ],
    }


def _note(note: NoteOnFile) -> State:
    return {
        "number": note.number,
        "invoice": _id("Invoice", note.invoice_id),
        "reason": note.reason.value,
        "currency": note.currency,
        "subtotalMinor": note.subtotal_minor,
        "taxMinor": note.tax_minor,
        "totalMinor": note.total_minor,
        "toInvoiceMinor": note.to_invoice_minor,
        "toBalanceMinor": note.to_balance_minor,
        "toRefundMinor": note.to_refund_minor,
        "issuedOn": _day(note.issued_on),
        "lines": [
            {
                "invoiceLine": _id("InvoiceLine", line.invoice_line_id),
                "amountMinor": line.amount_minor,
                "taxMinor": line.tax_minor,
            }
            for line in note.lines
        ],
    }


def _grant(entries: list[EntryOnFile], currency: str) -> State:
    return {
        "leftMinor": sum(entry.amount_minor for entry in entries),
        "entries": {
            entry.sequence: {
                "sequence": entry.sequence,
                "kind": entry.kind.value,
                "currency": currency,
                "amountMinor": entry.amount_minor,
                "balanceMinor": entry.balance_minor,
                "invoice": _id("Invoice", entry.invoice_id),
                "creditNote": _id("CreditNote", entry.credit_note_id),
            }
            for entry in entries
        },
    }


def _payment(payment: PaymentOnFile) -> State:
    return {
        "invoice": _id("Invoice", payment.invoice_id),
        "consolidatedInvoice": _id("ConsolidatedInvoice", payment.consolidated_invoice_id),
        "status": payment.status.value,
        "amountMinor": payment.amount_minor,
        "refundedMinor": payment.refunded_minor,
    }


def _id(type_: str, of: UUID | None) -> str | None:
    return None if of is None else public_id(PREFIXES[type_], of)


def _day(at: date | datetime | None) -> Any:
    return None if at is None else at.isoformat()
