"""What the graph reads of credit: notes that correct invoices, and the ledger of an account's credit balance."""

from db.graph.declare import Entity, FineMoney, Money, Part, columns, computed, many, one, value
from db.tables import (
    accounts,
    credit_entries,
    credit_note_lines,
    credit_notes,
    invoice_lines,
    invoices,
    legal_entities,
)

CREDIT_NOTE = Entity(
    "CreditNote",
    credit_notes,
    prefix="crnt",
    tenant=credit_notes.c.account_id,
    fields={
        **columns(credit_notes, "number reason memo currency customer_name issued_on created_at"),
        "subtotal": Money(credit_notes.c.subtotal_minor, credit_notes.c.currency),
        "tax": Money(credit_notes.c.tax_minor, credit_notes.c.currency),
        "total": Money(credit_notes.c.total_minor, credit_notes.c.currency),
        "to_invoice": Money(credit_notes.c.to_invoice_minor, credit_notes.c.currency),
        "to_balance": Money(credit_notes.c.to_balance_minor, credit_notes.c.currency),
        "to_refund": Money(credit_notes.c.to_refund_minor, credit_notes.c.currency),
    },
    computed={"download": computed("credit_note_download")},
    relations={
        "account": one("Account", accounts.c.id, via="account_id"),
        "legal_entity": one("LegalEntity", legal_entities.c.id, via="legal_entity_id"),
        "invoice": one("Invoice", invoices.c.id, via="invoice_id"),
        "lines": many(
            "CreditNoteLine", credit_note_lines.c.credit_note_id, order=[credit_note_lines.c.position], most=40
        ),
    },
)

CREDIT_NOTE_LINE = Entity(
    "CreditNoteLine",
    credit_note_lines,
    prefix="crln",
    tenant=credit_note_lines.c.account_id,
    fields={
        **columns(credit_note_lines, "position description tax_inclusive"),
        "amount": Money(credit_note_lines.c.amount_minor, credit_note_lines.c.currency),
        "tax": Money(credit_note_lines.c.tax_minor, credit_note_lines.c.currency),
        "service_period": Part(
            "Period",
            {
                "start": value(credit_note_lines.c.service_start, nullable=False),
                "end": value(credit_note_lines.c.service_end, nullable=False),
            },
            unless_null=credit_note_lines.c.service_start,
        ),
        "explanation": Part(
            "CreditExplanation",
            {
                **columns(credit_note_lines, "rule sentence"),
                "basis": FineMoney(credit_note_lines.c.basis_minor, credit_note_lines.c.currency),
                "part_seconds": value(credit_note_lines.c.part_s),
                "whole_seconds": value(credit_note_lines.c.whole_s),
                "split_total": Money(credit_note_lines.c.split_minor, credit_note_lines.c.currency),
            },
        ),
    },
    relations={
        "credit_note": one("CreditNote", credit_notes.c.id, via="credit_note_id"),
        "invoice_line": one("InvoiceLine", invoice_lines.c.id, via="invoice_line_id"),
    },
)

CREDIT_ENTRY = Entity(
    "CreditEntry",
    credit_entries,
    prefix="cren",
    tenant=credit_entries.c.account_id,
    fields={
        **columns(credit_entries, "sequence kind memo occurred_at"),
        "amount": Money(credit_entries.c.amount_minor, credit_entries.c.currency),
        "balance": Money(credit_entries.c.balance_minor, credit_entries.c.currency),
    },
    relations={
        "account": one("Account", accounts.c.id, via="account_id"),
        "grant": one("CreditEntry", credit_entries.c.id, via="grant_id"),
        "credit_note": one("CreditNote", credit_notes.c.id, via="credit_note_id"),
        "invoice": one("Invoice", invoices.c.id, via="invoice_id"),
    },
)
