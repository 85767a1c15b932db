"""What customers asked for and were told, counted by the database: a statement for all, and one for the rules."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, Text, Uuid, and_, cast, column, func, literal, or_, select, true
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncSession

from db.queries.outcome_groups import (
    Began,
    GroupKey,
    OutcomesAsked,
    chosen,
    group_columns,
    groups_of,
    key_of,
    truncated,
)
from db.scope import ACTOR, Scope, within
from db.tables import accounts, approvals, plan_changes, plan_versions, policy_decisions
from domain.actor import ActorKind
from domain.plan_change.verdict import DecisionPurpose, Verdict


@dataclass(frozen=True, slots=True)
class RequestCounts:
    """What customers asked for, and what they were told."""

    previews: int
    previews_taken: int
    requests: int
    requests_taken: int
    requests_refused: int
    confirmations_asked: int
    confirmations_given: int


RefusalCounts: TypeAlias = Mapping[str, int]
"""How many requests each rule refused, by its code."""


async def request_counts(session: AsyncSession, scope: Scope, asked: OutcomesAsked) -> dict[GroupKey, RequestCounts]:
    """What customers asked for: previews, and approvals put in without one."""
    decided, accepted = policy_decisions.c, plan_changes.c
    approved = plan_changes.alias("approved").c
    began = Began(
        decided.created_at,
        accounts.c.segment,
        accounts.c.is_sandbox,
        plan_versions.c.plan_id,
        decided.policy_version,
        decided.change_kind,
    )
    by_quote = (
        select(accepted.id)
        .where(
            accepted.account_id == decided.account_id,
            accepted.quote_id == decided.quote_id,
            within(scope.kind, accepted.account_id),
        )
        .exists()
    )
    by_approval = (
        select(approved.id)
        .where(
            approved.account_id == approvals.c.account_id,
            approved.approval_id == approvals.c.id,
            within(scope.kind, approved.account_id),
        )
        .exists()
    )
    is_preview = decided.purpose == DecisionPurpose.PREVIEW.value
    is_to_confirm = and_(is_preview, decided.verdict == Verdict.ASK_CONFIRMATION.value)
    groups = group_columns(asked, began)
    each = (
        select(
            *groups,
            func.count().filter(is_preview).label("previews"),
            func.count().filter(is_preview, by_quote).label("previews_taken"),
            func.bool_or(or_(and_(is_preview, by_quote), by_approval)).label("is_taken"),
            func.bool_or(and_(is_preview, decided.verdict == Verdict.REFUSE.value)).label("is_refused"),
            func.bool_or(is_to_confirm).label("is_to_confirm"),
            func.bool_or(and_(is_to_confirm, by_quote)).label("is_confirmed"),
        )
        .select_from(policy_decisions)
        .join(accounts, accounts.c.id == decided.account_id)
        .join(plan_versions, plan_versions.c.id == decided.to_plan_version_id)
        .outerjoin(approvals, and_(approvals.c.account_id == decided.account_id, approvals.c.decision_id == decided.id))
        .where(
            within(scope.kind, decided.account_id),
            decided.actor_kind == ActorKind.CUSTOMER.value,
            or_(is_preview, approvals.c.id.is_not(None)),
            *chosen(asked, began),
        )
        .group_by(*_one_request(decided), *groups)
        .subquery()
    )
    found = await session.execute(
        select(
            *groups_of(asked, each),
            func.coalesce(func.sum(each.c.previews), 0).label("previews"),
            func.coalesce(func.sum(each.c.previews_taken), 0).label("previews_taken"),
            func.count().label("requests"),
            func.count().filter(each.c.is_taken).label("requests_taken"),
            func.count().filter(each.c.is_refused).label("requests_refused"),
            func.count().filter(each.c.is_to_confirm).label("confirmations_asked"),
            func.count().filter(each.c.is_confirmed).label("confirmations_given"),
        )
        .select_from(each)
        .group_by(*groups_of(asked, each)),
        {ACTOR: scope.actor_id},
    )
    return {
        key_of(asked, row): RequestCounts(
            int(row.previews),
            int(row.previews_taken),
            row.requests,
            row.requests_taken,
            row.requests_refused,
            row.confirmations_asked,
            row.confirmations_given,
        )
        for row in found
    }


async def refusal_counts(session: AsyncSession, scope: Scope, asked: OutcomesAsked) -> dict[GroupKey, RefusalCounts]:
    """How many requests of customers each rule refused: one that two rules refuse is counted with both."""
    decided = policy_decisions.c
    began = Began(
        decided.created_at,
        accounts.c.segment,
        accounts.c.is_sandbox,
        plan_versions.c.plan_id,
        decided.policy_version,
        decided.change_kind,
    )
    reason = func.jsonb_array_elements(decided.reasons).table_valued(column("value", JSONB), name="reason")
    groups, code = group_columns(asked, began), reason.c.value["code"].astext.label("code")
    each = (
        select(*groups, code)
        .select_from(policy_decisions)
        .join(accounts, accounts.c.id == decided.account_id)
        .join(plan_versions, plan_versions.c.id == decided.to_plan_version_id)
        .join(reason, true())
        .where(
            within(scope.kind, decided.account_id),
            decided.actor_kind == ActorKind.CUSTOMER.value,
            decided.purpose == DecisionPurpose.PREVIEW.value,
            decided.verdict == Verdict.REFUSE.value,
            reason.c.value["verdict"].astext == Verdict.REFUSE.value,
            *chosen(asked, began),
        )
        .group_by(*_one_request(decided), *groups, code)
        .subquery()
    )
    counted = await session.execute(
        select(*groups_of(asked, each), each.c.code, func.count().label("requests"))
        .select_from(each)
        .group_by(*groups_of(asked, each), each.c.code)
        .order_by(each.c.code),
        {ACTOR: scope.actor_id},
    )
    found: dict[GroupKey, dict[str, int]] = {}
    for row in counted:
        found.setdefault(key_of(asked, row), {})[row.code] = row.requests
    return dict(found)


def _one_request(decided: Any) -> tuple[ColumnElement[Any], ...]:
    """What makes decisions one request. Whether a change that waits is to be replaced makes it no other.

    What was asked is compared by its digest: sorting the documents themselves takes most of a long window's time.
    """
    asked = decided.request.op("-")(literal("replacePending", Text, literal_execute=True))
    return (
        decided.account_id,
        decided.subscription_id,
        cast(func.md5(cast(asked, Text)), Uuid),
        truncated("day", decided.created_at),
        decided.policy_version,
        decided.to_plan_version_id,
        decided.change_kind,
    )
