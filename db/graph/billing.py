"""The billing graph: every type's declaration and the roots, assembled once a process.

To add a type, write its declaration in a file of its own and name it here.
"""

from typing import Final

from db.graph.account import ACCOUNT, ACCOUNTS, LEGAL_ENTITY
from db.graph.catalog import (
    FEATURE,
    FEATURES,
    METER,
    METERS,
    PLAN,
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
from db.graph.dues import ACCOUNT_DUES
from db.graph.entitlement import ENTITLEMENT, ENTITLEMENT_OVERRIDE
from db.graph.history import AUDIT_ENTRY, BILLING_EVENT
from db.graph.invoice import INVOICE, INVOICE_LINE
from db.graph.people import MEMBERSHIP, USER
from db.graph.subscription import BILLING_SUBSCRIPTION, COMMITMENT_TERM, SUBSCRIPTION_ITEM
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
        PRICE,
        PRICE_TIER,
        FEATURE,
        PLAN_FEATURE,
        METER,
        BILLING_SUBSCRIPTION,
        SUBSCRIPTION_ITEM,
        COMMITMENT_TERM,
        ENTITLEMENT,
        ENTITLEMENT_OVERRIDE,
        USAGE_SUMMARY,
        USAGE_DAY,
        INVOICE,
        INVOICE_LINE,
        PLAN_CHANGE,
        POLICY_DECISION,
        BILLING_EVENT,
        AUDIT_ENTRY,
        ACCOUNT_DUES,
        DECISION_REASONS,
        PLAN_CHANGE_REQUEST,
    ),
    roots={
        "accounts": ACCOUNTS,
        "plans": PLANS,
        "products": PRODUCTS,
        "features": FEATURES,
        "meters": METERS,
    },
)
