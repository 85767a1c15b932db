"""What the graph reads of agreements with accounts: what binds a customer, and the plans it may choose."""

from sqlalchemy import Text, cast, select

from db.graph.declare import STAFF_ONLY, Entity, Money, columns, many, one, value
from db.tables import account_terms, accounts, plans

allowed_plans = (
    select(
        account_terms.c.account_id,
        account_terms.c.id.label("terms_id"),
        plans.c.id.label("plan_id"),
        plans.c.product_id,
        plans.c.rank,
    )
    .select_from(account_terms)
    .join(plans, account_terms.c.allowed_plan_ids.has_key(cast(plans.c.id, Text)))
    .subquery("allowed_plans")
)
"""A view in the statement: each agreement with each plan it names; the scope is bound to it."""

ACCOUNT_TERMS = Entity(
    "AccountTerms",
    account_terms,
    prefix="trms",
    tenant=account_terms.c.account_id,
    fields={
        **columns(account_terms, "notice_days no_downgrade_until prices_locked_at prices_locked_until"),
        **columns(account_terms, "discount_percent created_at ended_at"),
        "spend_cap": Money(account_terms.c.spend_cap_minor, account_terms.c.currency),
        "reason": value(account_terms.c.reason, audience=STAFF_ONLY),
    },
    relations={
        "account": one("Account", accounts.c.id, via="account_id"),
        "allowed_plans": many(
            "AllowedPlan",
            allowed_plans.c.terms_id,
            order=[allowed_plans.c.product_id, allowed_plans.c.rank, allowed_plans.c.plan_id],
            most=20,
        ),
    },
)

ALLOWED_PLAN = Entity(
    "AllowedPlan",
    allowed_plans,
    tenant=allowed_plans.c.account_id,
    fields={},
    relations={"plan": one("Plan", plans.c.id, via="plan_id")},
)
