"""Requests for approval as they are stored, and limits of persons, read back for who acts on them."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from db import rows
from db.scope import ACTOR, Scope, within
from db.tables import approval_limits, approvals, memberships
from domain.actor import ActorKind, Role
from domain.approval import OPEN, Approval, ApprovalStatus
from domain.approval_limits import PersonalLimit
from domain.ids import AccountId, ApprovalId, DecisionId, SubscriptionId, UserId
from domain.money import Money
from domain.plan_change.approved import Approved, RequestInFull


async def account_of_approval(session: AsyncSession, scope: Scope, approval_id: ApprovalId) -> AccountId | None:
    """Whose request for approval this is, if the scope reaches it."""
    owner = approvals.c.account_id
    found = await session.scalar(
        select(owner).where(approvals.c.id == approval_id, within(scope.kind, owner)), {ACTOR: scope.actor_id}
    )
    return AccountId(found) if found else None


async def approval(
    session: AsyncSession, scope: Scope, account_id: AccountId, approval_id: ApprovalId
) -> Approval | None:
    """A request for approval of the account."""
    row = (
        await session.execute(
            select(approvals).where(
                approvals.c.account_id == account_id,
                approvals.c.id == approval_id,
                within(scope.kind, approvals.c.account_id),
            ),
            {ACTOR: scope.actor_id},
        )
    ).one_or_none()
    return None if row is None else _approval(row)


async def open_approval(
    session: AsyncSession, scope: Scope, account_id: AccountId, subscription_id: SubscriptionId
) -> Approval | None:
    """The request that is open on a subscription, also one whose time is over and that no job has expired yet."""
    row = (
        await session.execute(
            select(approvals).where(
                approvals.c.account_id == account_id,
                approvals.c.subscription_id == subscription_id,
                approvals.c.status.in_([status.value for status in OPEN]),
                within(scope.kind, approvals.c.account_id),
            ),
            {ACTOR: scope.actor_id},
        )
    ).one_or_none()
    return None if row is None else _approval(row)


async def approved_for(
    session: AsyncSession, scope: Scope, account_id: AccountId, subscription_id: SubscriptionId, at: datetime
) -> Approved | None:
    """What is granted for a subscription at an instant and was not used: whatever request it is of."""
    row = (
        await session.execute(
            select(approvals.c.id, approvals.c.codes, approvals.c.outcome["asked"].label("asked")).where(
                approvals.c.account_id == account_id,
                approvals.c.subscription_id == subscription_id,
                approvals.c.status == ApprovalStatus.APPROVED.value,
                approvals.c.expires_at > at,
                within(scope.kind, approvals.c.account_id),
            ),
            {ACTOR: scope.actor_id},
        )
    ).one_or_none()
    if row is None:
        return None
    return Approved(ApprovalId(row.id), frozenset(row.codes), RequestInFull.of_json(row.asked))


async def role_of(session: AsyncSession, scope: Scope, account_id: AccountId, user_id: UserId) -> Role | None:
    """The role of somebody on the account today; None for none."""
    found = await session.scalar(
        select(memberships.c.role).where(
            memberships.c.account_id == account_id,
            memberships.c.user_id == user_id,
            within(scope.kind, memberships.c.account_id),
        ),
        {ACTOR: scope.actor_id},
    )
    return Role(found) if found else None


async def personal_limit(session: AsyncSession, user_id: UserId, currency: str) -> PersonalLimit | None:
    """What was set for one of us in a currency, also where it has run out."""
    row = (
        await session.execute(
            select(approval_limits).where(approval_limits.c.user_id == user_id, approval_limits.c.currency == currency)
        )
    ).one_or_none()
    if row is None:
        return None
    return PersonalLimit(
        UserId(row.user_id), Money(row.limit_minor, row.currency), rows.maybe_utc(row.until), UserId(row.granted_by_id)
    )


def _approval(row: Any) -> Approval:
    return Approval(
        id=ApprovalId(row.id),
        account_id=AccountId(row.account_id),
        subscription_id=SubscriptionId(row.subscription_id),
        decision_id=DecisionId(row.decision_id),
        request=row.request,
        promise=row.outcome,
        codes=frozenset(row.codes),
        amount=Money(row.amount_minor, row.currency),
        status=ApprovalStatus(row.status),
        reason=row.reason,
        asked_by_kind=ActorKind(row.asked_by_kind),
        asked_by_id=UserId(row.asked_by_id) if row.asked_by_id else None,
        requested_at=rows.utc(row.created_at),
        expires_at=rows.utc(row.expires_at),
        answered_by_id=UserId(row.answered_by_id) if row.answered_by_id else None,
        answer=row.answer,
        answered_at=rows.maybe_utc(row.answered_at),
    )
