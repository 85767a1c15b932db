"""What the graph reads from an invoice, its lines, and the arithmetic that explains each line."""

from db.graph.declare import Entity, FineMoney, Money, Part, columns, many, one, value
from db.tables import (
    accounts,
    invoice_lines,
    invoices,
    legal_entities,
    plan_versions,
    prices,
    subscription_items,
    subscriptions,
)

INVOICE = Entity(
    "Invoice",
    invoices,
    prefix="inv",
    tenant=invoices.c.account_id,
    fields={
        **columns(invoices, "number reason status currency customer_name issued_on due_on finalised_at paid_at"),
        "total": Money(invoices.c.total_minor, invoices.c.currency),
        "amount_paid": Money(invoices.c.paid_minor, invoices.c.currency),
        "amount_due": Money(invoices.c.total_minor - invoices.c.paid_minor, invoices.c.currency),
    },
    relations={
        "account": one("Account", accounts.c.id, via="account_id"),
        "legal_entity": one("LegalEntity", legal_entities.c.id, via="legal_entity_id"),
        "subscription": one("BillingSubscription", subscriptions.c.id, via="subscription_id"),
        "lines": many("InvoiceLine", invoice_lines.c.invoice_id, order=[invoice_lines.c.position], most=20),
    },
)

INVOICE_LINE = Entity(
    "InvoiceLine",
    invoice_lines,
    prefix="line",
    tenant=invoice_lines.c.account_id,
    fields={
        **columns(invoice_lines, "position kind description quantity"),
        "unit_price": FineMoney(invoice_lines.c.unit_minor, invoice_lines.c.currency),
        "amount": Money(invoice_lines.c.amount_minor, invoice_lines.c.currency),
        "service_period": Part(
            "Period",
            {"start": value(invoice_lines.c.service_start), "end": value(invoice_lines.c.service_end)},
        ),
        "explanation": Part(
            "LineExplanation",
            {
                **columns(invoice_lines, "rule sentence"),
                "basis": FineMoney(invoice_lines.c.basis_minor, invoice_lines.c.currency),
                "part_seconds": value(invoice_lines.c.part_s),
                "whole_seconds": value(invoice_lines.c.whole_s),
            },
            relations={"credited_line": one("InvoiceLine", invoice_lines.c.id, via="credited_line_id")},
        ),
    },
    relations={
        "invoice": one("Invoice", invoices.c.id, via="invoice_id"),
        "subscription": one("BillingSubscription", subscriptions.c.id, via="subscription_id"),
        "item": one("SubscriptionItem", subscription_items.c.id, via="item_id"),
        "plan_version": one("PlanVersion", plan_versions.c.id, via="plan_version_id"),
        "price": one("Price", prices.c.id, via="price_id"),
    },
)
