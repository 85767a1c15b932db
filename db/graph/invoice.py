"""What the graph reads from an invoice: its document, what stands beside it, its taxes and lines.

Every line has the arithmetic that explains it. Does not own credit notes (credit.py) nor payments (payment.py).
"""

from sqlalchemy import case

from db.due_day import due_minor
from db.graph.declare import Entity, FineMoney, Money, Part, columns, computed, many, one, value
from db.graph.discount import discount_summaries
from db.graph.filters import by
from db.tables import (
    accounts,
    consolidated_invoices,
    credit_notes,
    dunning_steps,
    invoice_lines,
    invoice_taxes,
    invoices,
    legal_entities,
    payments,
    plan_versions,
    prices,
    subscription_items,
    subscriptions,
    tax_rates,
)

INVOICE = Entity(
    "Invoice",
    invoices,
    prefix="inv",
    tenant=invoices.c.account_id,
    fields={
        **columns(invoices, "number reason status currency issued_on due_on"),
        **columns(invoices, "customer_name customer_address customer_tax_id customer_country"),
        **columns(invoices, "drafted_at finalise_at finalised_at paid_at voided_at written_off_at"),
        "period": Part(
            "Period",
            {
                "start": value(invoices.c.period_start, nullable=False),
                "end": value(invoices.c.period_end, nullable=False),
            },
            unless_null=invoices.c.period_start,
        ),
        "subtotal": Money(invoices.c.subtotal_minor, invoices.c.currency),
        "discount_total": Money(invoices.c.discount_minor, invoices.c.currency),
        "tax": Money(invoices.c.tax_minor, invoices.c.currency),
        "total": Money(invoices.c.total_minor, invoices.c.currency),
        "amount_credited": Money(invoices.c.credited_minor, invoices.c.currency),
        "credit_applied": Money(invoices.c.applied_minor, invoices.c.currency),
        "amount_paid": Money(invoices.c.paid_minor, invoices.c.currency),
        "amount_returned": Money(invoices.c.returned_minor, invoices.c.currency),
        # one that was withdrawn asks for nothing, whatever its document says
        "amount_due": Money(case((invoices.c.status == "VOID", 0), else_=due_minor(invoices)), invoices.c.currency),
    },
    computed={
        "download": computed("invoice_download"),
        "change_from_previous": computed("change_from_previous"),
    },
    relations={
        "account": one("Account", accounts.c.id, via="account_id"),
        "payer": one("Account", accounts.c.id, via="payer_account_id"),
        "legal_entity": one("LegalEntity", legal_entities.c.id, via="legal_entity_id"),
        "subscription": one("BillingSubscription", subscriptions.c.id, via="subscription_id"),
        "replaces": one("Invoice", invoices.c.id, via="replaces_invoice_id"),
        "replaced_by": one("Invoice", invoices.c.replaces_invoice_id),
        "consolidated_invoice": one(
            "ConsolidatedInvoice", consolidated_invoices.c.id, via="consolidated_invoice_id", crosses=True
        ),
        "lines": many("InvoiceLine", invoice_lines.c.invoice_id, order=[invoice_lines.c.position], most=40),
        "taxes": many("InvoiceTax", invoice_taxes.c.invoice_id, order=[invoice_taxes.c.position], most=5),
        "credit_notes": many(
            "CreditNote", credit_notes.c.invoice_id, order=[credit_notes.c.created_at, credit_notes.c.id], most=10
        ),
        "payments": many("Payment", payments.c.invoice_id, order=[payments.c.created_at, payments.c.id], most=10),
        "dunning_steps": many("DunningStep", dunning_steps.c.invoice_id, order=[dunning_steps.c.day], most=10),
    },
)

INVOICE_LINE = Entity(
    "InvoiceLine",
    invoice_lines,
    prefix="line",
    tenant=invoice_lines.c.account_id,
    fields={
        **columns(invoice_lines, "position kind description quantity tax_inclusive"),
        "unit_price": FineMoney(invoice_lines.c.unit_minor, invoice_lines.c.currency),
        "amount": Money(invoice_lines.c.amount_minor, invoice_lines.c.currency),
        "tax": Money(invoice_lines.c.tax_minor, invoice_lines.c.currency),
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
                "split_total": Money(invoice_lines.c.split_minor, invoice_lines.c.currency),
            },
            relations={"credited_line": one("InvoiceLine", invoice_lines.c.id, via="credited_line_id")},
            computed={"terms": computed("terms")},
        ),
    },
    relations={
        "invoice": one("Invoice", invoices.c.id, via="invoice_id"),
        "subscription": one("BillingSubscription", subscriptions.c.id, via="subscription_id"),
        "item": one("SubscriptionItem", subscription_items.c.id, via="item_id"),
        "plan_version": one("PlanVersion", plan_versions.c.id, via="plan_version_id"),
        "price": one("Price", prices.c.id, via="price_id"),
        "discount": one("Discount", discount_summaries.c.id, via="discount_id"),
        "discounted_line": one("InvoiceLine", invoice_lines.c.id, via="discounted_line_id"),
        "tax_rate": one("TaxRate", tax_rates.c.id, via="tax_rate_id"),
    },
)

INVOICE_TAX = Entity(
    "InvoiceTax",
    invoice_taxes,
    tenant=invoice_taxes.c.account_id,
    fields={
        **columns(invoice_taxes, "treatment label percent is_inclusive sentence"),
        "base": Money(invoice_taxes.c.base_minor, invoice_taxes.c.currency),
        "tax": Money(invoice_taxes.c.tax_minor, invoice_taxes.c.currency),
    },
    relations={"tax_rate": one("TaxRate", tax_rates.c.id, via="tax_rate_id")},
)

LINE_TERMS = Entity(
    "LineTerms",
    invoice_lines,
    is_internal=True,
    tenant=invoice_lines.c.account_id,
    keys={"line": by(invoice_lines.c.id)},
    raw={"terms": invoice_lines.c.terms, "currency": invoice_lines.c.currency},
    fields={},
)
"""What the computed field `terms` reads: a list that no column kind can carry."""
