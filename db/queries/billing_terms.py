"""The terms that drafts become documents on: the sellers, the tax tables, the discounts and the periods they cover."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import Row, Select, Text, any_, bindparam, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession

from db import rows
from db.among import among, among_given
from db.scope import ACTOR, Scope, within
from db.tables import discount_periods, discounts, legal_entities, tax_rates
from domain.account import Account, LegalEntity
from domain.discount import CouponTerms, Discount
from domain.ids import AccountId, DiscountId, LegalEntityId, SubscriptionId, TaxRateId
from domain.invoicing.terms import BillingTerms
from domain.money import Money
from domain.periods import Period
from domain.tax import TaxRate

_LEGAL_ENTITIES = select(legal_entities).where(among_given(legal_entities.c.id, "wanted"))
_RATES = (
    select(tax_rates)
    .where(tax_rates.c.country == any_(bindparam("countries", type_=ARRAY(Text))))
    .order_by(tax_rates.c.id)
)


async def terms_of(
    session: AsyncSession,
    scope: Scope,
    accounts: Mapping[AccountId, Account],
    owners: Mapping[SubscriptionId, AccountId],
) -> dict[SubscriptionId, BillingTerms]:
    """The terms of each of these subscriptions, given whose it is; four statements at most."""
    sellers = await legal_entities_of(session, {account.legal_entity_id for account in accounts.values()})
    rates = await rates_of(session, {account.country for account in accounts.values()})
    given = await _discounts(session, scope, set(owners.values()))
    covered = await _covered(session, scope, set(owners.values())) if given else {}
    found: dict[SubscriptionId, BillingTerms] = {}
    for subscription_id, account_id in owners.items():
        account = accounts[account_id]
        own = [
            _as_it_covers(discount, is_over, len(covered.get(discount.id, ())))
            for discount, is_over in given.get(subscription_id, ())
        ]
        live = tuple(each for each in own if each is not None)
        found[subscription_id] = BillingTerms(
            account,
            sellers[account.legal_entity_id],
            rates.get(account.country, ()),
            live,
            {each.id: covered.get(each.id, ()) for each in live},
        )
    return found


async def account_terms(session: AsyncSession, account: Account) -> BillingTerms:
    """The terms of an account beside any subscription: a seller and the rates, no discount. Two statements."""
    sellers = await legal_entities_of(session, {account.legal_entity_id})
    rates = await rates_of(session, {account.country})
    return BillingTerms(account, sellers[account.legal_entity_id], rates.get(account.country, ()))


async def legal_entities_of(session: AsyncSession, ids: Collection[LegalEntityId]) -> dict[LegalEntityId, LegalEntity]:
    """Who invoices, by id."""
    found = await session.execute(_LEGAL_ENTITIES, {"wanted": list(ids)})
    return {
        LegalEntityId(row.id): LegalEntity(
            LegalEntityId(row.id),
            row.code,
            row.name,
            row.country,
            row.address,
            row.tax_id,
            timedelta(hours=row.grace_hours),
        )
        for row in found
    }


async def rates_of(session: AsyncSession, countries: Collection[str]) -> dict[str, tuple[TaxRate, ...]]:
    """The tax tables of these countries, past and future rates too."""
    found = await session.execute(_RATES, {"countries": list(countries)})
    rates: dict[str, list[TaxRate]] = {}
    for row in found:
        rates.setdefault(row.country, []).append(
            TaxRate(TaxRateId(row.id), row.country, row.region, row.name, row.percent, row.valid_from, row.valid_until)
        )
    return {country: tuple(own) for country, own in rates.items()}


async def _discounts(
    session: AsyncSession, scope: Scope, account_ids: Collection[AccountId]
) -> dict[SubscriptionId, list[tuple[Discount, bool]]]:
    """The discounts of each subscription in the order in which they were redeemed, and whether each was ended."""
    found = await session.execute(_given(scope.of_anyone), {ACTOR: scope.actor_id, "accounts": list(account_ids)})
    of: dict[SubscriptionId, list[tuple[Discount, bool]]] = {}
    for row in found:
        of.setdefault(SubscriptionId(row.subscription_id), []).append((discount(row), row.ended_at is not None))
    return of


@lru_cache
def _given(scope: Scope) -> Select[Any]:
    return (
        select(discounts)
        .where(among_given(discounts.c.account_id, "accounts"), within(scope.kind, discounts.c.account_id))
        .order_by(discounts.c.redeemed_at, discounts.c.id)
    )


def discount(row: Row[Any]) -> Discount:
    """A `discounts` row."""
    return Discount(
        DiscountId(row.id),
        SubscriptionId(row.subscription_id),
        CouponTerms(
            code=row.code,
            name=row.label,
            percent=row.percent,
            amount=None if row.amount_minor is None else Money(row.amount_minor, row.currency),
            cap=None if row.cap_minor is None else Money(row.cap_minor, row.currency),
            periods=row.periods,
            component=row.component,
        ),
        rows.utc(row.redeemed_at),
    )


def _as_it_covers(given: Discount, is_over: bool, covered: int) -> Discount | None:
    """One that was ended covers what it has covered and nothing more."""
    if not is_over:
        return given
    return replace(given, terms=replace(given.terms, periods=covered)) if covered else None


async def _covered(
    session: AsyncSession, scope: Scope, account_ids: Collection[AccountId]
) -> dict[DiscountId, tuple[Period, ...]]:
    period = discount_periods.c
    found = await session.execute(
        select(discount_periods)
        .where(among(period.account_id, account_ids), within(scope.kind, period.account_id))
        .order_by(period.discount_id, period.period_start),
        {ACTOR: scope.actor_id},
    )
    covered: dict[DiscountId, tuple[Period, ...]] = {}
    for row in found:
        span = Period(rows.utc(row.period_start), rows.utc(row.period_end))
        covered[DiscountId(row.discount_id)] = (*covered.get(DiscountId(row.discount_id), ()), span)
    return covered
