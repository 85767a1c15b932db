"""What the effective values of accounts are derived from, beside their subscriptions, and what stands so far."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import Select, not_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from db import rows
from db.among import among_given
from db.queries import catalog
from db.queries.settlements import oldest_due_on
from db.scope import ACTOR, Scope, within
from db.tables import entitlement_overrides, entitlements
from domain.catalog import FeatureKind
from domain.entitlement import EntitlementOverride
from domain.ids import AccountId


@dataclass(frozen=True, slots=True)
class Entitling:
    """Of one account: its overrides, past ones too, the day its oldest unpaid invoice was due, its stored values."""

    overrides: tuple[EntitlementOverride, ...]
    oldest_due_on: date | None
    stored: tuple[Mapping[str, Any], ...]
    only: FeatureKind | None = None
    """The kind of feature that was read of the stored values; None: all."""


async def entitling_of(
    session: AsyncSession,
    scope: Scope,
    account_ids: Collection[AccountId],
    *,
    allowances_only: Collection[AccountId] = (),
) -> dict[AccountId, Entitling]:
    """The facts of each of these accounts; three statements, and the features' where there are overrides.

    Of those in `allowances_only` no stored values are read but METERED ones: a plain renewal moves no others.
    """
    of = {ACTOR: scope.actor_id, "accounts": list(account_ids)}
    overriding = (await session.execute(_overrides(scope.of_anyone), of)).all()
    features = await catalog.all_features(session) if overriding else {}
    overrides_of: dict[AccountId, list[EntitlementOverride]] = {}
    for row in overriding:
        overrides_of.setdefault(AccountId(row.account_id), []).append(rows.override(row, features[row.feature_id]))
    values = await session.execute(_stored(scope.of_anyone), of | {"allowances_only": list(allowances_only)})
    stored_of: dict[AccountId, list[Mapping[str, Any]]] = {}
    for value in values.mappings():
        stored_of.setdefault(AccountId(value["account_id"]), []).append(dict(value))
    oldest = await oldest_due_on(session, scope, account_ids)
    return {
        account_id: Entitling(
            tuple(overrides_of.get(account_id, ())),
            oldest.get(account_id),
            tuple(stored_of.get(account_id, ())),
            FeatureKind.METERED if account_id in allowances_only else None,
        )
        for account_id in account_ids
    }


@lru_cache
def _overrides(scope: Scope) -> Select[Any]:
    override = entitlement_overrides.c
    return (
        select(entitlement_overrides)
        .where(among_given(override.account_id, "accounts"), within(scope.kind, override.account_id))
        .order_by(override.account_id, override.created_at, override.id)
    )


@lru_cache
def _stored(scope: Scope) -> Select[Any]:
    stored = entitlements.c
    is_plain = among_given(stored.account_id, "allowances_only")
    return select(entitlements).where(
        among_given(stored.account_id, "accounts"),
        or_(not_(is_plain), stored.kind == FeatureKind.METERED.value),
        within(scope.kind, stored.account_id),
    )
