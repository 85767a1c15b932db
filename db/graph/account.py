"""What the graph reads from an account: who it is, what it bought, used and owes, and what happened to it."""

from sqlalchemy import func

from db.graph.approval import APPROVAL_STATUS
from db.graph.clock import operation_now
from db.graph.declare import STAFF_ONLY, Entity, columns, computed, many, one, pages, value
from db.graph.filters import among, at_least, at_most, by, by_lookup, equals, mentions, named, satisfying
from db.graph.usage import usage_summaries
from db.tables import (
    account_external_ids,
    account_terms,
    accounts,
    approvals,
    audit_entries,
    charges,
    consolidated_invoices,
    credit_entries,
    credit_notes,
    entitlement_overrides,
    entitlements,
    invoices,
    legal_entities,
    memberships,
    meters,
    outbox_events,
    payment_methods,
    payments,
    plan_changes,
    policy_overrides,
    products,
    subscriptions,
    usage_counters,
)

ACCOUNT = Entity(
    "Account",
    accounts,
    prefix="acct",
    tenant=accounts.c.id,
    keys={
        "external_id": by_lookup(
            accounts.c.id, named(account_external_ids.c.account_id, account_external_ids.c.external_id)
        ),
    },
    fields={
        **columns(accounts, "external_id name email address country region currency segment status net_days"),
        **columns(accounts, "tax_id tax_exemption is_consolidated consolidation_day is_sandbox created_at"),
        "time_zone": value(accounts.c.zone),
        "current_time": value(func.coalesce(accounts.c.clock_at, operation_now()), nullable=False),
    },
    computed={"standing": computed("dues"), "amount_due": computed("dues"), "credit_balance": computed("dues")},
    relations={
        "legal_entity": one("LegalEntity", legal_entities.c.id, via="legal_entity_id"),
        "parent": one("Account", accounts.c.id, via="parent_account_id"),
        "children": pages("Account", accounts.c.parent_account_id, order=[accounts.c.id], crosses=True),
        "policy_override": one(
            "PolicyOverride",
            policy_overrides.c.account_id,
            where=policy_overrides.c.ended_at.is_(None),
            audience=STAFF_ONLY,
        ),
        "memberships": pages("Membership", memberships.c.account_id, order=[memberships.c.user_id]),
        "subscription": one(
            "BillingSubscription",
            subscriptions.c.account_id,
            where=subscriptions.c.ended_at.is_(None),
            filters={
                "product": satisfying(
                    lambda code: subscriptions.c.product_id == named(products.c.id, products.c.code)(code)
                )
            },
            order=[subscriptions.c.started_at, subscriptions.c.id],
        ),
        "subscriptions": pages(
            "BillingSubscription",
            subscriptions.c.account_id,
            order=[subscriptions.c.started_at.desc(), subscriptions.c.id.desc()],
            filters={"status": among(subscriptions.c.status)},
        ),
        "entitlements": many(
            "Entitlement",
            entitlements.c.account_id,
            order=[entitlements.c.feature_code, entitlements.c.id],
            filters={"feature": among(entitlements.c.feature_code)},
            most=100,
        ),
        "entitlement": one(
            "Entitlement",
            entitlements.c.account_id,
            by={"feature": by(entitlements.c.feature_code)},
            order=[entitlements.c.id],
        ),
        "entitlement_overrides": pages(
            "EntitlementOverride",
            entitlement_overrides.c.account_id,
            order=[entitlement_overrides.c.created_at.desc(), entitlement_overrides.c.id.desc()],
        ),
        "usage": many("UsageSummary", usage_summaries.c.account_id, order=[usage_summaries.c.feature_code], most=50),
        "usage_by_day": pages(
            "UsageDay",
            usage_counters.c.account_id,
            by={"meter": by_lookup(usage_counters.c.meter_id, named(meters.c.id, meters.c.code))},
            order=[usage_counters.c.day.desc()],
            filters={"since": at_least(usage_counters.c.day), "until": at_most(usage_counters.c.day)},
        ),
        "invoices": pages(
            "Invoice",
            invoices.c.account_id,
            orders={
                "NEWEST_FIRST": [invoices.c.issued_on.desc(), invoices.c.id.desc()],
                "OLDEST_FIRST": [invoices.c.issued_on, invoices.c.id],
            },
            filters={
                "status": among(invoices.c.status),
                "reason": among(invoices.c.reason),
                "issued_since": at_least(invoices.c.issued_on),
                "issued_until": at_most(invoices.c.issued_on),
            },
        ),
        "invoice": one("Invoice", invoices.c.account_id, by={"number": by(invoices.c.number)}),
        "consolidated_invoices": pages(
            "ConsolidatedInvoice",
            consolidated_invoices.c.account_id,
            order=[consolidated_invoices.c.issued_on.desc(), consolidated_invoices.c.id.desc()],
        ),
        "waiting_charges": pages(
            "OneOffCharge",
            charges.c.account_id,
            where=charges.c.invoice_id.is_(None),
            order=[charges.c.id],
        ),
        "credit_notes": pages(
            "CreditNote",
            credit_notes.c.account_id,
            order=[credit_notes.c.issued_on.desc(), credit_notes.c.id.desc()],
            filters={"reason": among(credit_notes.c.reason)},
        ),
        "credit_entries": pages(
            "CreditEntry",
            credit_entries.c.account_id,
            order=[credit_entries.c.sequence.desc()],
            filters={"kind": among(credit_entries.c.kind)},
        ),
        "payment_methods": pages(
            "PaymentMethod",
            payment_methods.c.account_id,
            order=[payment_methods.c.created_at.desc(), payment_methods.c.id.desc()],
            filters={"status": among(payment_methods.c.status)},
        ),
        "payments": pages(
            "Payment",
            payments.c.account_id,
            order=[payments.c.created_at.desc(), payments.c.id.desc()],
            filters={"status": among(payments.c.status)},
        ),
        "terms": one("AccountTerms", account_terms.c.account_id, where=account_terms.c.ended_at.is_(None)),
        "terms_history": pages(
            "AccountTerms",
            account_terms.c.account_id,
            order=[account_terms.c.created_at.desc(), account_terms.c.id.desc()],
            audience=STAFF_ONLY,
        ),
        "approvals": pages(
            "Approval",
            approvals.c.account_id,
            order=[approvals.c.created_at.desc(), approvals.c.id.desc()],
            filters={"status": among(APPROVAL_STATUS)},
        ),
        "plan_changes": pages(
            "PlanChange",
            plan_changes.c.account_id,
            order=[plan_changes.c.created_at.desc(), plan_changes.c.id.desc()],
            filters={"status": among(plan_changes.c.status)},
        ),
        "events": pages(
            "BillingEvent",
            outbox_events.c.account_id,
            order=[outbox_events.c.sequence.desc()],
            filters={"type": among(outbox_events.c.type)},
        ),
        "audit_entries": pages(
            "AuditEntry",
            audit_entries.c.account_id,
            order=[audit_entries.c.recorded_at.desc(), audit_entries.c.id.desc()],
            audience=STAFF_ONLY,
        ),
    },
)

ACCOUNTS = pages(
    "Account",
    None,
    orders={
        "NEWEST_FIRST": [accounts.c.created_at.desc(), accounts.c.id.desc()],
        "OLDEST_FIRST": [accounts.c.created_at, accounts.c.id],
        "NAME": [accounts.c.name, accounts.c.id],
    },
    filters={
        "segment": equals(accounts.c.segment),
        "status": equals(accounts.c.status),
        "currency": equals(accounts.c.currency),
        "search": mentions(accounts.c.name, accounts.c.external_id),
    },
    audience=STAFF_ONLY,
)
"""The staff's list of all accounts."""

LEGAL_ENTITY = Entity(
    "LegalEntity",
    legal_entities,
    prefix="lent",
    fields=columns(legal_entities, "code name country address tax_id grace_hours"),
)
