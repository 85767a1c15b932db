"""Every table, a file a subject, all in one MetaData.

The scale-out contract: a tenant table has `account_id` first in each key, the catalog has none.

`info` marks what the checks read: {"catalog": True} for account-free reference tables, {"not_tenant": why} for the
few exceptions, and {"personal": True} on each column that holds personal data.
"""

from db.tables.accounts import accounts, memberships
from db.tables.catalog import (
    features,
    legal_entities,
    meters,
    plan_components,
    plan_features,
    plan_versions,
    plans,
    price_tiers,
    prices,
    products,
)
from db.tables.changes import plan_changes, policy_decisions, quotes
from db.tables.columns import INSTANT, QUANTITY, metadata
from db.tables.entitlements import entitlement_overrides, entitlements, usage_counters, usage_events
from db.tables.history import audit_entries, idempotency_keys, outbox_events
from db.tables.invoices import invoice_lines, invoices
from db.tables.people import account_external_ids, document_numbers, number_series, users
from db.tables.subscriptions import commitment_terms, subscription_items, subscriptions

__all__ = [
    "INSTANT",
    "QUANTITY",
    "account_external_ids",
    "accounts",
    "audit_entries",
    "commitment_terms",
    "document_numbers",
    "entitlement_overrides",
    "entitlements",
    "features",
    "idempotency_keys",
    "invoice_lines",
    "invoices",
    "legal_entities",
    "memberships",
    "metadata",
    "meters",
    "number_series",
    "outbox_events",
    "plan_changes",
    "plan_components",
    "plan_features",
    "plan_versions",
    "plans",
    "policy_decisions",
    "price_tiers",
    "prices",
    "products",
    "quotes",
    "subscription_items",
    "subscriptions",
    "usage_counters",
    "usage_events",
    "users",
]
