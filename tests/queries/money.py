"""The made company's money beside its invoices: discounts, taxes, credit, payments, what waits. One of each a account.

Rows are written as they are, like the rest of the company: each value literal.
"""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from db import tables as t
from tests.queries.catalog import NOW, Rows, uid


def discounts(number: int) -> Rows:
    """A share that covers three periods, two of them so far; a move to another version that waits; an agreement."""
    key = {"account_id": uid("account", number)}
    discount = {
        **key,
        "id": uid("discount", number),
        "subscription_id": uid("sub", number),
        "coupon_id": uid("coupon", 1),
        "code": "WELCOME",
        "label": "Welcome",
        "percent": "12.5",
        "currency": "USD",
        "periods": 3,
        "redeemed_at": NOW,
        "ended_at": None,
    }
    periods = [
        {
            **key,
            "discount_id": discount["id"],
            "period_start": datetime(2026, month, 1, tzinfo=UTC),
            "period_end": datetime(2026, month + 1, 1, tzinfo=UTC),
        }
        for month in (2, 3)
    ]
    waiting = {
        **key,
        "id": uid("waiting", number),
        "migration_id": uid("migration", 1),
        "subscription_id": uid("sub", number),
        "from_plan_version_id": uid("version", 2),
        "to_plan_version_id": uid("version", 3),
        "status": "SCHEDULED",
        "effective_at": datetime(2026, 5, 1, tzinfo=UTC),
        "announced_at": NOW,
    }
    agreement = {
        **key,
        "id": uid("terms", number),
        "notice_days": 30,
        "no_downgrade_until": datetime(2027, 1, 1, tzinfo=UTC),
        "allowed_plan_ids": [str(uid("plan", 1)), str(uid("plan", 2))],
        "spend_cap_minor": 500_000,
        "currency": "USD",
        "reason": f"Agreed with {number}",
        "created_at": NOW,
    }
    return [
        (t.discounts, [discount]),
        (t.discount_periods, periods),
        (t.subscription_migrations, [waiting]),
        (t.account_terms, [agreement]),
    ]


def consolidated(number: int, currency: str) -> Rows:
    """A document over the account's own open invoice, as if it were its own parent."""
    row = {
        "account_id": uid("account", number),
        "id": uid("consolidated", number),
        "legal_entity_id": uid("entity", 1),
        "number": f"CON-{number:03}",
        "currency": currency,
        "customer_name": f"Customer {number:04}",
        "total_minor": 10000,
        "invoices": 1,
        "issued_on": date(2026, 3, 2),
        "due_on": date(2026, 3, 16),
        "finalised_at": datetime(2026, 3, 2, tzinfo=UTC),
    }
    return [(t.consolidated_invoices, [row])]


def beside_invoices(number: int, currency: str) -> Rows:
    """Beside the open invoice: its tax, a credit note, the ledger, a payment with a refund, dunning, a charge."""
    key = {"account_id": uid("account", number)}
    invoice, line = uid("invoice", number * 1000), uid("line", number * 10000 + 1)
    tax = {
        **key,
        "id": uid("tax", number),
        "invoice_id": invoice,
        "position": 1,
        "tax_rate_id": uid("taxrate", 1),
        "treatment": "REVERSE_CHARGE",
        "label": "USt 0 %",
        "percent": 0,
        "is_inclusive": False,
        "base_minor": 10000,
        "tax_minor": 0,
        "currency": currency,
        "sentence": "The customer accounts for the tax.",
    }
    return [
        (t.invoice_taxes, [tax]),
        *_credit(number, currency),
        *_payments(number, currency),
        (
            t.dunning_steps,
            [
                {
                    **key,
                    "id": uid("dunning", number),
                    "invoice_id": invoice,
                    "day": 3,
                    "actions": "REMIND RETRY",
                    "occurred_at": NOW,
                }
            ],
        ),
        (
            t.charges,
            [
                {
                    **key,
                    "id": uid("charge", number),
                    "kind": "ADJUSTMENT",
                    "subscription_id": uid("sub", number),
                    "line_id": line,
                    "description": "Corrected usage",
                    "amount_minor": -300,
                    "currency": currency,
                    "created_at": NOW,
                }
            ],
        ),
    ]


def _credit(number: int, currency: str) -> Rows:
    key = {"account_id": uid("account", number)}
    invoice, line = uid("invoice", number * 1000), uid("line", number * 10000 + 1)
    note = {
        **key,
        "id": uid("note", number),
        "legal_entity_id": uid("entity", 1),
        "invoice_id": invoice,
        "number": f"CN-{number:03}",
        "reason": "GOODWILL",
        "memo": "Sorry.",
        "currency": currency,
        "customer_name": f"Customer {number:04}",
        "subtotal_minor": 900,
        "tax_minor": 100,
        "total_minor": 1000,
        "to_invoice_minor": 500,
        "to_balance_minor": 400,
        "to_refund_minor": 100,
        "issued_on": date(2026, 3, 10),
        "created_at": NOW,
    }
    note_line = {
        **key,
        "id": uid("noteline", number),
        "credit_note_id": note["id"],
        "position": 1,
        "invoice_line_id": line,
        "cause": note["id"],
        "description": "Line 1",
        "amount_minor": 900,
        "tax_minor": 100,
        "tax_inclusive": False,
        "currency": currency,
        "service_start": None,
        "service_end": None,
        "rule": "CREDIT",
        "sentence": "Given back.",
        "basis_minor": 900,
        "part_s": 1,
        "whole_s": 1,
    }
    grant = {
        **key,
        "id": uid("entry", number * 10 + 1),
        "sequence": 1,
        "kind": "GRANTED",
        "amount_minor": 400,
        "balance_minor": 400,
        "currency": currency,
        "grant_id": None,
        "credit_note_id": note["id"],
        "invoice_id": None,
        "occurred_at": NOW,
    }
    spent: dict[str, Any] = {
        **grant,
        "id": uid("entry", number * 10 + 2),
        "sequence": 2,
        "kind": "APPLIED",
        "amount_minor": -250,
        "balance_minor": 150,
        "grant_id": grant["id"],
        "credit_note_id": None,
        "invoice_id": invoice,
    }
    return [(t.credit_notes, [note]), (t.credit_note_lines, [note_line]), (t.credit_entries, [grant, spent])]


def _payments(number: int, currency: str) -> Rows:
    key = {"account_id": uid("account", number)}
    method = {
        **key,
        "id": uid("method", number),
        "provider": "sandbox",
        "token": f"tok_secret_{number}",
        "brand": "visa",
        "last4": "4242",
        "expires_on": date(2028, 12, 31),
        "is_default": True,
        "status": "ACTIVE",
        "created_at": NOW - timedelta(days=30),
    }
    payment = {
        **key,
        "id": uid("payment", number),
        "invoice_id": uid("invoice", number * 1000),
        "consolidated_invoice_id": None,
        "payment_method_id": method["id"],
        "kind": "METHOD",
        "status": "SUCCEEDED",
        "amount_minor": 1500,
        "refunded_minor": 100,
        "currency": currency,
        "created_at": NOW - timedelta(days=3),
        "settled_at": NOW - timedelta(days=3),
    }
    attempt = {
        **key,
        "id": uid("attempt", number),
        "payment_id": payment["id"],
        "number": 1,
        "status": "SUCCEEDED",
        "reference": "sandbox-4711",
        "sent_at": NOW - timedelta(days=3),
        "answered_at": NOW - timedelta(days=3),
    }
    refund = {
        **key,
        "id": uid("refund", number),
        "payment_id": payment["id"],
        "credit_note_id": uid("note", number),
        "status": "SUCCEEDED",
        "amount_minor": 100,
        "currency": currency,
        "reason": "Sorry.",
        "created_at": NOW - timedelta(days=1),
        "settled_at": NOW - timedelta(days=1),
    }
    return [
        (t.payment_methods, [method]),
        (t.payments, [payment]),
        (t.payment_attempts, [attempt]),
        (t.refunds, [refund]),
    ]
