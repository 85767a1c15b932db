"""What the graph reads of what happened: the events of an account, and the trails that staff read."""

from db.graph.declare import STAFF_ONLY, AnyReference, Entity, columns, one, pages
from db.tables import accounts, audit_entries, catalog_entries, outbox_events, users

BILLING_EVENT = Entity(
    "BillingEvent",
    outbox_events,
    prefix="evnt",
    tenant=outbox_events.c.account_id,
    fields={
        **columns(outbox_events, "sequence aggregate_sequence type data occurred_at recorded_at"),
        "aggregate_id": AnyReference(outbox_events.c.aggregate_type, outbox_events.c.aggregate_id),
    },
    relations={"account": one("Account", accounts.c.id, via="account_id")},
)

AUDIT_ENTRY = Entity(
    "AuditEntry",
    audit_entries,
    prefix="audt",
    tenant=audit_entries.c.account_id,
    audience=STAFF_ONLY,
    fields={
        **columns(audit_entries, "actor_kind staff_role action reason before after occurred_at recorded_at"),
        "subject_id": AnyReference(audit_entries.c.subject_type, audit_entries.c.subject_id),
    },
    relations={
        "account": one("Account", accounts.c.id, via="account_id"),
        "actor": one("User", users.c.id, via="actor_id"),
    },
)

CATALOG_ENTRY = Entity(
    "CatalogEntry",
    catalog_entries,
    prefix="cten",
    audience=STAFF_ONLY,
    fields={
        **columns(catalog_entries, "actor_kind staff_role action before after recorded_at"),
        "subject_id": AnyReference(catalog_entries.c.subject_type, catalog_entries.c.subject_id),
    },
    relations={"actor": one("User", users.c.id, via="actor_id")},
)
CATALOG_ENTRIES = pages(
    "CatalogEntry",
    None,
    order=[catalog_entries.c.recorded_at.desc(), catalog_entries.c.id.desc()],
    audience=STAFF_ONLY,
)
