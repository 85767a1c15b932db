"""Live subscriptions of an account for decisions: with items in force, commitment and plan version."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession

from db import rows
from db.queries import catalog
from db.scope import ACTOR, Scope, within
from db.tables import commitment_terms, subscription_items, subscriptions
from domain.account import Account
from domain.ids import PlanVersionId
from domain.subscription import BillingSubscription


async def live_subscriptions(session: AsyncSession, scope: Scope, account: Account) -> list[BillingSubscription]:
    """Every subscription of the account that has not ended, oldest first; three statements and the catalog's four."""
    of = {ACTOR: scope.actor_id}
    heads = (
        await session.execute(
            select(subscriptions)
            .where(
                subscriptions.c.account_id == account.id,
                subscriptions.c.ended_at.is_(None),
                within(scope.kind, subscriptions.c.account_id),
            )
            .order_by(subscriptions.c.started_at, subscriptions.c.id),
            of,
        )
    ).all()
    if not heads:
        return []
    items = (
        await session.execute(
            select(subscription_items)
            .where(
                subscription_items.c.account_id == account.id,
                subscription_items.c.valid_until.is_(None),
                within(scope.kind, subscription_items.c.account_id),
            )
            .order_by(subscription_items.c.component),
            of,
        )
    ).all()
    terms = (
        await session.execute(
            select(commitment_terms)
            .where(
                commitment_terms.c.account_id == account.id,
                within(scope.kind, commitment_terms.c.account_id),
            )
            .ext(distinct_on(commitment_terms.c.subscription_id))
            .order_by(commitment_terms.c.subscription_id, commitment_terms.c.start_at.desc()),
            of,
        )
    ).all()
    term_of = {term.subscription_id: term for term in terms}
    versions = await catalog.versions(session, {PlanVersionId(head.plan_version_id) for head in heads})
    return [
        rows.subscription(
            head,
            versions[PlanVersionId(head.plan_version_id)],
            [item for item in items if item.subscription_id == head.id],
            term_of.get(head.id),
            account.zone,
        )
        for head in heads
    ]


async def next_due_at(session: AsyncSession, scope: Scope, account: Account) -> datetime | None:
    """When the first period of a live subscription of the account ends."""
    found = await session.scalar(
        select(func.min(subscriptions.c.current_period_end)).where(
            subscriptions.c.account_id == account.id,
            subscriptions.c.ended_at.is_(None),
            within(scope.kind, subscriptions.c.account_id),
        ),
        {ACTOR: scope.actor_id},
    )
    return rows.utc(found) if found else None
