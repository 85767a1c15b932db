"""What the operations on a life ask beside the subscription itself: its past, what waits for it, names and sellers."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from db import rows
from db.scope import ACTOR, Scope, within
from db.tables import account_external_ids, accounts, legal_entities, plan_changes, subscriptions, users
from domain.ids import AccountId, LegalEntityId, PlanChangeId, ProductId, SubscriptionId, UserId
from domain.plan_change.verdict import PlanChangeStatus


@dataclass(frozen=True, slots=True)
class ProductHistory:
    """Whether an account has a product, and when it last gave one up; None: never."""

    is_live: bool
    ended_at: datetime | None


async def product_history(
    session: AsyncSession, scope: Scope, account_id: AccountId, product_id: ProductId
) -> ProductHistory:
    """The account's subscriptions of a product in short; one statement. The caller has locked the account."""
    subscription = subscriptions.c
    row = (
        await session.execute(
            select(
                func.coalesce(func.bool_or(subscription.ended_at.is_(None)), False).label("is_live"),
                func.max(subscription.ended_at).label("ended_at"),
            ).where(
                subscription.account_id == account_id,
                subscription.product_id == product_id,
                within(scope.kind, subscription.account_id),
            ),
            {ACTOR: scope.actor_id},
        )
    ).one()
    return ProductHistory(row.is_live, rows.maybe_utc(row.ended_at))


@dataclass(frozen=True, slots=True)
class WaitingChange:
    """A plan change scheduled for a day to come, or a step planned for after it."""

    id: PlanChangeId
    subscription_id: SubscriptionId
    effective_at: datetime
    is_planned: bool
    """A step that waits for the one before it."""


async def waiting_changes(session: AsyncSession, scope: Scope, account_id: AccountId) -> list[WaitingChange]:
    """The plan changes that wait for their day on an account, one at most a subscription with the steps planned after
    it; one statement.
    """
    change = plan_changes.c
    found = await session.execute(
        select(change.id, change.subscription_id, change.effective_at, change.status).where(
            change.account_id == account_id,
            change.status.in_([PlanChangeStatus.SCHEDULED.value, PlanChangeStatus.PLANNED.value]),
            within(scope.kind, change.account_id),
        ),
        {ACTOR: scope.actor_id},
    )
    return [
        WaitingChange(
            PlanChangeId(row.id),
            SubscriptionId(row.subscription_id),
            rows.utc(row.effective_at),
            is_planned=row.status == PlanChangeStatus.PLANNED,
        )
        for row in found
    ]


async def awaits_payment(session: AsyncSession, scope: Scope, account_id: AccountId) -> bool:
    """Whether a plan change of the account waits to be paid."""
    change = plan_changes.c
    found = await session.scalar(
        select(change.id)
        .where(
            change.account_id == account_id,
            change.status == PlanChangeStatus.AWAITING_PAYMENT.value,
            within(scope.kind, change.account_id),
        )
        .limit(1),
        {ACTOR: scope.actor_id},
    )
    return found is not None


@dataclass(frozen=True, slots=True)
class NamedAccount:
    """An account by the name others know it by."""

    id: AccountId
    is_sandbox: bool


async def account_by_external_id(session: AsyncSession, scope: Scope, external_id: str) -> NamedAccount | None:
    """The account of this external id, if the scope reaches it."""
    row = (
        await session.execute(
            select(accounts.c.id, accounts.c.is_sandbox)
            .join(account_external_ids, account_external_ids.c.account_id == accounts.c.id)
            .where(account_external_ids.c.external_id == external_id, within(scope.kind, accounts.c.id)),
            {ACTOR: scope.actor_id},
        )
    ).one_or_none()
    return None if row is None else NamedAccount(AccountId(row.id), row.is_sandbox)


async def is_known_user(session: AsyncSession, user_id: UserId) -> bool:
    """Whether there is such a person."""
    return await session.scalar(select(users.c.id).where(users.c.id == user_id)) is not None


async def seller_for(session: AsyncSession, country: str) -> LegalEntityId | None:
    """Who invoices an account of this country: the legal entity there, else the first of all by code."""
    entity = legal_entities.c
    found = await session.scalar(select(entity.id).order_by((entity.country == country).desc(), entity.code).limit(1))
    return LegalEntityId(found) if found else None
