"""What the graph reads of requests for approval: where they stand, what is asked, and the queue of those who answer."""

from sqlalchemy import Integer, Text, and_, case, cast, extract, func, literal, select

from db.graph.clock import account_now
from db.graph.declare import STAFF_ONLY, Entity, Money, columns, computed, one, pages, value
from db.graph.filters import among, by, satisfying
from db.tables import accounts, approvals, plan_changes, policy_decisions, subscriptions, users
from domain.approval import OPEN, ApprovalStatus

_now = account_now(approvals.c.account_id)
_is_open = approvals.c.status.in_([status.value for status in OPEN])
# it is over at its instant, whether or not a job has run since
APPROVAL_STATUS = case(
    (and_(_is_open, approvals.c.expires_at <= _now), literal(ApprovalStatus.EXPIRED.value, Text())),
    else_=approvals.c.status,
)
_waited_until = func.coalesce(approvals.c.answered_at, func.least(_now, approvals.c.expires_at))
_waited_hours = cast(func.floor(extract("epoch", _waited_until - approvals.c.created_at) / 3600), Integer)
OPEN_NOW = and_(_is_open, approvals.c.expires_at > _now)
"""Those that wait for an answer, or were granted and wait for their customer."""

APPROVAL = Entity(
    "Approval",
    approvals,
    prefix="aprv",
    tenant=approvals.c.account_id,
    fields={
        **columns(approvals, "reason asked_by_kind expires_at answer answered_at"),
        "status": value(APPROVAL_STATUS, nullable=False),
        "requested_at": value(approvals.c.created_at),
        "waited_hours": value(_waited_hours, nullable=False),
        "amount": Money(approvals.c.amount_minor, approvals.c.currency),
    },
    computed={"change": computed("requested_change")},
    relations={
        "account": one("Account", accounts.c.id, via="account_id"),
        "subscription": one("BillingSubscription", subscriptions.c.id, via="subscription_id"),
        "decision": one("PolicyDecision", policy_decisions.c.id, via="decision_id"),
        "plan_change": one("PlanChange", plan_changes.c.approval_id),
        "asked_by": one("User", users.c.id, via="asked_by_id", audience=STAFF_ONLY),
        "answered_by": one("User", users.c.id, via="answered_by_id", audience=STAFF_ONLY),
    },
)

APPROVALS = pages(
    "Approval",
    None,
    order=[approvals.c.created_at, approvals.c.id],
    filters={
        "status": among(APPROVAL_STATUS),
        "segment": satisfying(
            lambda segment: approvals.c.account_id.in_(select(accounts.c.id).where(accounts.c.segment == segment))
        ),
    },
    audience=STAFF_ONLY,
)
"""The staff's queue, the oldest first."""

APPROVAL_REQUEST = Entity(
    "ApprovalRequest",
    approvals,
    is_internal=True,
    tenant=approvals.c.account_id,
    keys={"approval": by(approvals.c.id)},
    raw={"outcome": approvals.c.outcome},
    fields={},
)
"""What the computed field `change` reads."""
