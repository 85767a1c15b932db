"""Every table, a file a subject, all in one MetaData.

The scale-out contract: a tenant table has `account_id` first in each key, the catalog has none.

`info` marks what the checks read: {"catalog": True} for account-free reference tables, {"not_tenant": why} for the
few exceptions, and {"personal": True} on each column that holds personal data.
"""

from db.tables.accounts import accounts, memberships
from db.tables.catalog import (
    coupons,
    features,
    legal_entities,
    meters,
    plan_bounds,
    plan_components,
    plan_features,
    plan_version_migrations,
    plan_versions,
    plans,
    price_tiers,
    prices,
    products,
    tax_rates,
)
from db.tables.changes import approvals, plan_changes, policy_decisions, quotes
from db.tables.columns import INSTANT, QUANTITY, metadata
from db.tables.credits import credit_entries, credit_note_lines, credit_notes, discount_periods, discounts
from db.tables.entitlements import entitlement_overrides, entitlements
from db.tables.history import audit_entries, catalog_entries, idempotency_keys, outbox_events
from db.tables.invoices import charges, consolidated_invoices, invoice_lines, invoice_taxes, invoices
from db.tables.payments import (
    dunning_steps,
    payment_attempts,
    payment_methods,
    payments,
    refunds,
    sandbox_charges,
)
from db.tables.people import account_external_ids, document_numbers, number_series, users
from db.tables.policy import approval_limits, decision_facts, policy_overrides, policy_rollouts, shadow_evaluations
from db.tables.subscriptions import commitment_terms, subscription_items, subscription_migrations, subscriptions
from db.tables.terms import account_terms
from db.tables.usage import (
    usage_counters,
    usage_dimension_days,
    usage_events,
    usage_keys,
    usage_late,
    usage_texts,
)

__all__ = [
    "INSTANT",
    "QUANTITY",
    "account_external_ids",
    "account_terms",
    "accounts",
    "approval_limits",
    "approvals",
    "audit_entries",
    "catalog_entries",
    "charges",
    "commitment_terms",
    "consolidated_invoices",
    "coupons",
    "credit_entries",
    "credit_note_lines",
    "credit_notes",
    "decision_facts",
    "discount_periods",
    "discounts",
    "document_numbers",
    "dunning_steps",
    "entitlement_overrides",
    "entitlements",
    "features",
    "idempotency_keys",
    "invoice_lines",
    "invoice_taxes",
    "invoices",
    "legal_entities",
    "memberships",
    "metadata",
    "meters",
    "number_series",
    "outbox_events",
    "payment_attempts",
    "payment_methods",
    "payments",
    "plan_bounds",
    "plan_changes",
    "plan_components",
    "plan_features",
    "plan_version_migrations",
    "plan_versions",
    "plans",
    "policy_decisions",
    "policy_overrides",
    "policy_rollouts",
    "price_tiers",
    "prices",
    "products",
    "quotes",
    "refunds",
    "sandbox_charges",
    "shadow_evaluations",
    "subscription_items",
    "subscription_migrations",
    "subscriptions",
    "tax_rates",
    "usage_counters",
    "usage_dimension_days",
    "usage_events",
    "usage_keys",
    "usage_late",
    "usage_texts",
    "users",
]
