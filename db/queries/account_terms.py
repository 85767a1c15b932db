"""What was agreed with accounts beyond the catalog, for whoever decides by it."""

from collections.abc import Collection, Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from db import rows
from db.among import among, among_given
from db.scope import ACTOR, Scope, within
from db.tables import account_terms, plans
from domain.account_terms import AccountTerms, AllowedPlan, PriceLock
from domain.ids import AccountId, AccountTermsId, PlanId
from domain.money import Money


async def agreements_of(
    session: AsyncSession, scope: Scope, account_ids: Collection[AccountId]
) -> dict[AccountId, AccountTerms]:
    """The agreement in force with each of these accounts that has one; one statement, and the plans' they name."""
    given = {ACTOR: scope.actor_id, "accounts": list(account_ids)}
    found = (await session.execute(_live(scope.of_anyone), given)).all()
    named = {UUID(each) for row in found for each in row.allowed_plan_ids or ()}
    names = await plan_names(session, {PlanId(each) for each in named}) if named else {}
    return {AccountId(row.account_id): _agreement(row, names) for row in found}


async def agreement_of(session: AsyncSession, scope: Scope, account_id: AccountId) -> AccountTerms | None:
    """The agreement in force with one account."""
    return (await agreements_of(session, scope, [account_id])).get(account_id)


async def plan_names(session: AsyncSession, plan_ids: Collection[PlanId]) -> dict[PlanId, str]:
    """What these plans are called; one that is not there is left out. In the order of the ladder."""
    found = await session.execute(
        select(plans.c.id, plans.c.name).where(among(plans.c.id, plan_ids)).order_by(plans.c.product_id, plans.c.rank)
    )
    return {PlanId(row.id): row.name for row in found}


@lru_cache
def _live(scope: Scope) -> Select[Any]:
    terms = account_terms.c
    return select(account_terms).where(
        among_given(terms.account_id, "accounts"), terms.ended_at.is_(None), within(scope.kind, terms.account_id)
    )


def _agreement(row: rows.AnyRow, names: Mapping[PlanId, str]) -> AccountTerms:
    lock_at, lock_until = rows.maybe_utc(row.prices_locked_at), rows.maybe_utc(row.prices_locked_until)
    percent: Decimal | None = row.discount_percent
    return AccountTerms(
        id=AccountTermsId(row.id),
        reason=row.reason,
        agreed_at=rows.utc(row.created_at),
        notice_days=row.notice_days,
        no_downgrade_until=rows.maybe_utc(row.no_downgrade_until),
        price_lock=PriceLock(lock_at, lock_until) if lock_at is not None and lock_until is not None else None,
        allowed_plans=None if row.allowed_plan_ids is None else _allowed(row.allowed_plan_ids, names),
        discount_percent=percent,
        spend_cap=None if row.spend_cap_minor is None else Money(row.spend_cap_minor, row.currency),
    )


def _allowed(ids: Collection[str], names: Mapping[PlanId, str]) -> tuple[AllowedPlan, ...]:
    wanted = {PlanId(UUID(each)) for each in ids}
    return tuple(AllowedPlan(plan_id, name) for plan_id, name in names.items() if plan_id in wanted)
