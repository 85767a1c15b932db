"""The billing graph: every type's declaration and the roots, assembled once a process.

To add a type, write its declaration in a file of its own and name it here.
"""

from typing import Final

from db.graph.account import ACCOUNT, ACCOUNTS, LEGAL_ENTITY
from db.graph.account_terms import ACCOUNT_TERMS, ALLOWED_PLAN
from db.graph.approval import APPROVAL, APPROVAL_REQUEST, APPROVALS
from db.graph.catalog import (
    FEATURE,
    FEATURES,
    METER,
    METERS,
    PLAN,
    PLAN_BOUND,
    PLAN_COMPONENT,
    PLAN_FEATURE,
    PLAN_VERSION,
    PLANS,
    PRICE,
    PRICE_TIER,
    PRODUCT,
    PRODUCTS,
)
from db.graph.change import DECISION_REASONS, PLAN_CHANGE, PLAN_CHANGE_REQUEST, POLICY_DECISION
from db.graph.change_from_previous import INVOICE_PREDECESSOR
from db.graph.charge import ONE_OFF_CHARGE
from db.graph.consolidated import CONSOLIDATED_INVOICE
from db.graph.credit import CREDIT_ENTRY, CREDIT_NOTE, CREDIT_NOTE_LINE
from db.graph.discount import COUPON, COUPONS, DISCOUNT
from db.graph.dues import ACCOUNT_DUES
from db.graph.entitlement import ENTITLEMENT, ENTITLEMENT_OVERRIDE
from db.graph.history import AUDIT_ENTRY, BILLING_EVENT, CATALOG_ENTRIES, CATALOG_ENTRY
from db.graph.invoice import INVOICE, INVOICE_LINE, INVOICE_TAX, LINE_TERMS
from db.graph.migration import NEXT_PLAN_VERSION, PLAN_VERSION_MIGRATION
from db.graph.payment import DUNNING_ACTIONS, DUNNING_STEP, PAYMENT, PAYMENT_ATTEMPT, PAYMENT_METHOD, REFUND
from db.graph.people import MEMBERSHIP, USER
from db.graph.policy import (
    POLICY_DISAGREEMENTS,
    POLICY_OVERRIDE,
    POLICY_ROLLOUT,
    SHADOW_DIFFERENCE,
    SHADOW_EVALUATION,
)
from db.graph.subscription import BILLING_SUBSCRIPTION, COMMITMENT_TERM, SUBSCRIPTION_ITEM
from db.graph.tax import TAX_RATE, TAX_RATES
from db.graph.usage import USAGE_DAY, USAGE_SUMMARY
from db.graph.whole import Graph

GRAPH: Final = Graph(
    entities=(
        ACCOUNT,
        LEGAL_ENTITY,
        USER,
        MEMBERSHIP,
        PRODUCT,
        PLAN,
        PLAN_VERSION,
        PLAN_COMPONENT,
        PLAN_BOUND,
        PRICE,
        PRICE_TIER,
        FEATURE,
        PLAN_FEATURE,
        METER,
        BILLING_SUBSCRIPTION,
        SUBSCRIPTION_ITEM,
        COMMITMENT_TERM,
        NEXT_PLAN_VERSION,
        PLAN_VERSION_MIGRATION,
        DISCOUNT,
        COUPON,
        ENTITLEMENT,
        ENTITLEMENT_OVERRIDE,
        USAGE_SUMMARY,
        USAGE_DAY,
        INVOICE,
        INVOICE_LINE,
        INVOICE_TAX,
        TAX_RATE,
        CONSOLIDATED_INVOICE,
        ONE_OFF_CHARGE,
        ACCOUNT_TERMS,
        ALLOWED_PLAN,
        CREDIT_NOTE,
        CREDIT_NOTE_LINE,
        CREDIT_ENTRY,
        PAYMENT_METHOD,
        PAYMENT,
        PAYMENT_ATTEMPT,
        REFUND,
        DUNNING_STEP,
        PLAN_CHANGE,
        POLICY_DECISION,
        POLICY_ROLLOUT,
        POLICY_OVERRIDE,
        SHADOW_EVALUATION,
        BILLING_EVENT,
        AUDIT_ENTRY,
        CATALOG_ENTRY,
        ACCOUNT_DUES,
        LINE_TERMS,
        INVOICE_PREDECESSOR,
        DUNNING_ACTIONS,
        DECISION_REASONS,
        SHADOW_DIFFERENCE,
        PLAN_CHANGE_REQUEST,
        APPROVAL,
        APPROVAL_REQUEST,
    ),
    roots={
        "accounts": ACCOUNTS,
        "approvals": APPROVALS,
        "plans": PLANS,
        "products": PRODUCTS,
        "features": FEATURES,
        "meters": METERS,
        "catalog_entries": CATALOG_ENTRIES,
        "coupons": COUPONS,
        "tax_rates": TAX_RATES,
        "policy_disagreements": POLICY_DISAGREEMENTS,
    },
)
