"""What was put to approval and how it was answered, counted by the database in one statement."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Double, Text, and_, case, cast, func, literal, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.queries.outcome_groups import Began, GroupKey, OutcomesAsked, chosen, group_columns, groups_of, key_of
from db.scope import ACTOR, Scope, within
from db.tables import INSTANT, accounts, approvals, plan_versions, policy_decisions
from domain.approval import ApprovalStatus


@dataclass(frozen=True, slots=True)
class ApprovalCounts:
    """What was put to approval, and how it was answered; times are None where nothing was, or nothing is open."""

    requested: int
    granted: int
    rejected: int
    expired: int
    withdrawn: int
    open: int
    median_answer_time: timedelta | None
    oldest_open_age: timedelta | None


async def approval_counts(
    session: AsyncSession, scope: Scope, asked: OutcomesAsked, now: datetime
) -> dict[GroupKey, ApprovalCounts]:
    """What customers and staff for them put to approval, as it stands at `now`, or then by the account's own clock."""
    approval, decided = approvals.c, policy_decisions.c
    began = Began(
        approval.created_at,
        accounts.c.segment,
        accounts.c.is_sandbox,
        plan_versions.c.plan_id,
        decided.policy_version,
        decided.change_kind,
    )
    at = func.coalesce(accounts.c.clock_at, literal(now, INSTANT))
    is_answered = approval.answered_at.is_not(None)
    is_rejected = approval.status == ApprovalStatus.REJECTED.value
    is_waiting = approval.status == ApprovalStatus.REQUESTED.value
    has_expired = and_(approval.status == ApprovalStatus.EXPIRED.value, ~is_answered)
    is_open = and_(is_waiting, approval.expires_at > at)
    each = (
        select(
            *group_columns(asked, began),
            and_(is_answered, ~is_rejected).label("is_granted"),
            is_rejected.label("is_rejected"),
            # it expires at its instant, whether or not anything has run since
            or_(has_expired, and_(is_waiting, approval.expires_at <= at)).label("has_expired"),
            and_(approval.status == ApprovalStatus.WITHDRAWN.value, ~is_answered).label("is_withdrawn"),
            is_open.label("is_open"),
            (approval.answered_at - approval.created_at).label("answer_time"),
            case((is_open, at - approval.created_at)).label("open_age"),
        )
        .select_from(approvals)
        .join(accounts, accounts.c.id == approval.account_id)
        .join(
            policy_decisions,
            and_(decided.account_id == approval.account_id, decided.id == approval.decision_id),
        )
        .join(plan_versions, plan_versions.c.id == decided.to_plan_version_id)
        .where(within(scope.kind, approval.account_id), *chosen(asked, began))
        .subquery()
    )
    of = each.c
    # a time that somebody has waited, none between two of them: so it is exact
    half = cast(literal("0.5", Text), Double)
    found = await session.execute(
        select(
            *groups_of(asked, each),
            func.count().label("requested"),
            func.count().filter(of.is_granted).label("granted"),
            func.count().filter(of.is_rejected).label("rejected"),
            func.count().filter(of.has_expired).label("expired"),
            func.count().filter(of.is_withdrawn).label("withdrawn"),
            func.count().filter(of.is_open).label("open"),
            func.percentile_disc(half).within_group(of.answer_time).label("median_answer_time"),
            func.max(of.open_age).label("oldest_open_age"),
        )
        .select_from(each)
        .group_by(*groups_of(asked, each)),
        {ACTOR: scope.actor_id},
    )
    return {
        key_of(asked, row): ApprovalCounts(
            row.requested,
            row.granted,
            row.rejected,
            row.expired,
            row.withdrawn,
            row.open,
            row.median_answer_time,
            row.oldest_open_age,
        )
        for row in found
    }
