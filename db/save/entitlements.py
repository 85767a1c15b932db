"""The timeline of effective values, and the overrides it is derived from."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import delete, insert, select

from db import rows
from db.tables import entitlement_overrides, entitlements
from db.unit_of_work import UnitOfWork
from domain.account import Account
from domain.entitlement import Entitlement, EntitlementOverride


async def timeline(unit: UnitOfWork, account: Account, segments: Sequence[Entitlement]) -> None:
    """Replace the account's effective values by a newly derived timeline; a feature keeps its entitlement's id."""
    own = entitlements.c.account_id == account.id
    known: Mapping[UUID, UUID] = {
        row.feature_id: row.id
        for row in await unit.session.execute(
            select(entitlements.c.feature_id, entitlements.c.id).where(own).distinct()
        )
    }
    await unit.session.execute(delete(entitlements).where(own))
    ids = dict(known)
    fresh: list[dict[str, Any]] = []
    for each in segments:
        ids.setdefault(each.feature.id, unit.ids.new())
        fresh.append(rows.entitlement_columns(each, account.id, ids[each.feature.id]))
    if fresh:
        await unit.session.execute(insert(entitlements), fresh)


async def new_override(unit: UnitOfWork, account: Account, override: EntitlementOverride, reason: str) -> None:
    """A value set by hand. Whoever calls derives the timeline again in the same transaction."""
    await unit.session.execute(
        insert(entitlement_overrides).values(
            account_id=account.id,
            id=override.id,
            feature_id=override.feature.id,
            **rows.value_columns(override.feature.kind, override.value),
            priority=override.priority,
            reason=reason,
            starts_at=override.starts_at,
            ends_at=override.ends_at,
            created_at=override.created_at,
        )
    )
