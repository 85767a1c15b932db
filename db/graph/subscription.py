"""What the graph reads from a subscription: its plan, its period, its items over time, its commitment."""

from sqlalchemy import or_

from db.graph.approval import OPEN_NOW
from db.graph.clock import in_force
from db.graph.declare import Entity, Part, columns, many, one, pages, value
from db.graph.discount import discount_summaries
from db.tables import (
    accounts,
    approvals,
    commitment_terms,
    plan_changes,
    plan_versions,
    plans,
    prices,
    products,
    subscription_items,
    subscription_migrations,
    subscriptions,
)
from domain.plan_change.phases import MOST_PHASES
from domain.plan_change.verdict import AHEAD, WAITING

BILLING_SUBSCRIPTION = Entity(
    "BillingSubscription",
    subscriptions,
    prefix="sub",
    tenant=subscriptions.c.account_id,
    fields={
        **columns(subscriptions, "status interval anchor_on started_at ended_at version plan_version_since"),
        **columns(subscriptions, "trial_end_at cancel_at paused_at resumes_at"),
        "current_period": Part(
            "Period",
            {
                "start": value(subscriptions.c.current_period_start),
                "end": value(subscriptions.c.current_period_end),
            },
        ),
    },
    relations={
        "account": one("Account", accounts.c.id, via="account_id"),
        "product": one("Product", products.c.id, via="product_id"),
        "plan": one("Plan", plans.c.id, via="plan_id"),
        "plan_version": one("PlanVersion", plan_versions.c.id, via="plan_version_id"),
        "items": many(
            "SubscriptionItem",
            subscription_items.c.subscription_id,
            where=in_force(subscription_items),
            order=[subscription_items.c.component, subscription_items.c.id],
            most=10,
        ),
        "item_history": pages(
            "SubscriptionItem",
            subscription_items.c.subscription_id,
            where=or_(
                subscription_items.c.valid_until.is_(None),
                subscription_items.c.valid_until > subscription_items.c.valid_from,
            ),
            order=[subscription_items.c.component, subscription_items.c.id],
        ),
        "commitment": one(
            "CommitmentTerm",
            commitment_terms.c.subscription_id,
            where=in_force(commitment_terms, "start_at", "end_at"),
            order=[commitment_terms.c.start_at],
        ),
        "next_plan_version": one(
            "NextPlanVersion",
            subscription_migrations.c.subscription_id,
            where=subscription_migrations.c.status == "SCHEDULED",
        ),
        "discounts": many(
            "Discount",
            discount_summaries.c.subscription_id,
            order=[discount_summaries.c.redeemed_at, discount_summaries.c.id],
            most=20,
        ),
        "pending_change": one(
            "PlanChange",
            plan_changes.c.subscription_id,
            where=plan_changes.c.status.in_([status.value for status in WAITING]),
        ),
        "phases": many(
            "PlanChange",
            plan_changes.c.subscription_id,
            where=plan_changes.c.status.in_([status.value for status in AHEAD]),
            order=[plan_changes.c.step, plan_changes.c.id],
            most=MOST_PHASES + 1,
        ),
        "open_approval": one(
            "Approval",
            approvals.c.subscription_id,
            where=OPEN_NOW,
            order=[approvals.c.created_at, approvals.c.id],
        ),
        "plan_changes": pages(
            "PlanChange",
            plan_changes.c.subscription_id,
            order=[plan_changes.c.created_at.desc(), plan_changes.c.id.desc()],
        ),
    },
)

SUBSCRIPTION_ITEM = Entity(
    "SubscriptionItem",
    subscription_items,
    prefix="item",
    tenant=subscription_items.c.account_id,
    fields=columns(subscription_items, "component quantity valid_from valid_until"),
    relations={
        "subscription": one("BillingSubscription", subscriptions.c.id, via="subscription_id"),
        "plan_version": one("PlanVersion", plan_versions.c.id, via="plan_version_id"),
        "price": one("Price", prices.c.id, via="price_id"),
    },
)

COMMITMENT_TERM = Entity(
    "CommitmentTerm",
    commitment_terms,
    tenant=commitment_terms.c.account_id,
    fields=columns(commitment_terms, "start_at end_at months notice_days"),
)
