"""What the graph reads of consolidated invoices: one document for a payer over the invoices of its children."""

from db.graph.declare import Entity, Money, columns, computed, many, one, pages
from db.tables import (
    accounts,
    consolidated_invoices,
    dunning_steps,
    invoices,
    legal_entities,
    payments,
)

CONSOLIDATED_INVOICE = Entity(
    "ConsolidatedInvoice",
    consolidated_invoices,
    prefix="cons",
    tenant=consolidated_invoices.c.account_id,
    fields={
        **columns(consolidated_invoices, "number currency customer_name customer_address customer_tax_id"),
        **columns(consolidated_invoices, "issued_on due_on finalised_at paid_at"),
        "total": Money(consolidated_invoices.c.total_minor, consolidated_invoices.c.currency),
    },
    computed={"download": computed("consolidated_invoice_download")},
    relations={
        "account": one("Account", accounts.c.id, via="account_id"),
        "legal_entity": one("LegalEntity", legal_entities.c.id, via="legal_entity_id"),
        # the children's invoices stay the children's
        "invoices": pages("Invoice", invoices.c.consolidated_invoice_id, order=[invoices.c.id], crosses=True),
        "payments": many(
            "Payment", payments.c.consolidated_invoice_id, order=[payments.c.created_at, payments.c.id], most=10
        ),
        "dunning_steps": many(
            "DunningStep", dunning_steps.c.consolidated_invoice_id, order=[dunning_steps.c.day], most=10
        ),
    },
)
