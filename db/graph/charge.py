"""What the graph reads of charges that staff added by hand: on an invoice already, or waiting for the next."""

from db.graph.declare import Entity, Money, columns, one
from db.tables import accounts, charges, invoice_lines, invoices, subscriptions

ONE_OFF_CHARGE = Entity(
    "OneOffCharge",
    charges,
    prefix="chrg",
    tenant=charges.c.account_id,
    fields={
        **columns(charges, "kind description created_at"),
        "amount": Money(charges.c.amount_minor, charges.c.currency),
    },
    relations={
        "account": one("Account", accounts.c.id, via="account_id"),
        "subscription": one("BillingSubscription", subscriptions.c.id, via="subscription_id"),
        "line": one("InvoiceLine", invoice_lines.c.id, via="line_id"),
        "invoice": one("Invoice", invoices.c.id, via="invoice_id"),
    },
)
