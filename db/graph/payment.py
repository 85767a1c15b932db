"""What the graph reads of money in and out: stored methods, payments and their attempts, refunds, dunning.

A method's token is its provider's and nobody else's: no field reads it.
"""

from db.graph.declare import STAFF_ONLY, Entity, Money, columns, computed, many, one, value
from db.graph.filters import by
from db.tables import (
    accounts,
    consolidated_invoices,
    credit_notes,
    dunning_steps,
    invoices,
    payment_attempts,
    payment_methods,
    payments,
    refunds,
)

PAYMENT_METHOD = Entity(
    "PaymentMethod",
    payment_methods,
    prefix="pmth",
    tenant=payment_methods.c.account_id,
    fields=columns(payment_methods, "brand last4 expires_on is_default status created_at"),
    relations={"account": one("Account", accounts.c.id, via="account_id")},
)

PAYMENT = Entity(
    "Payment",
    payments,
    prefix="paym",
    tenant=payments.c.account_id,
    fields={
        **columns(payments, "kind status reference failure_code created_at settled_at"),
        "amount": Money(payments.c.amount_minor, payments.c.currency),
        "amount_refunded": Money(payments.c.refunded_minor, payments.c.currency),
    },
    relations={
        "account": one("Account", accounts.c.id, via="account_id"),
        "invoice": one("Invoice", invoices.c.id, via="invoice_id"),
        "consolidated_invoice": one("ConsolidatedInvoice", consolidated_invoices.c.id, via="consolidated_invoice_id"),
        "payment_method": one("PaymentMethod", payment_methods.c.id, via="payment_method_id"),
        "attempts": many("PaymentAttempt", payment_attempts.c.payment_id, order=[payment_attempts.c.number], most=10),
        "refunds": many("Refund", refunds.c.payment_id, order=[refunds.c.created_at, refunds.c.id], most=10),
    },
)

PAYMENT_ATTEMPT = Entity(
    "PaymentAttempt",
    payment_attempts,
    prefix="patt",
    tenant=payment_attempts.c.account_id,
    fields={
        **columns(payment_attempts, "number status code sent_at answered_at"),
        "reference": value(payment_attempts.c.reference, audience=STAFF_ONLY),
    },
    relations={"payment": one("Payment", payments.c.id, via="payment_id")},
)

REFUND = Entity(
    "Refund",
    refunds,
    prefix="rfnd",
    tenant=refunds.c.account_id,
    fields={
        **columns(refunds, "status reason failure_code created_at settled_at"),
        "amount": Money(refunds.c.amount_minor, refunds.c.currency),
    },
    relations={
        "payment": one("Payment", payments.c.id, via="payment_id"),
        "credit_note": one("CreditNote", credit_notes.c.id, via="credit_note_id"),
    },
)

DUNNING_STEP = Entity(
    "DunningStep",
    dunning_steps,
    tenant=dunning_steps.c.account_id,
    fields=columns(dunning_steps, "day occurred_at"),
    computed={"actions": computed("dunning_actions")},
)

DUNNING_ACTIONS = Entity(
    "DunningActions",
    dunning_steps,
    is_internal=True,
    tenant=dunning_steps.c.account_id,
    keys={"step": by(dunning_steps.c.id)},
    raw={"actions": dunning_steps.c.actions},
    fields={},
)
"""What the computed field `actions` reads."""
