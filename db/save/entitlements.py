"""The timeline of effective values, and the overrides it is derived from."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, insert, select

from db import rows
from db.tables import entitlement_overrides, entitlements
from db.unit_of_work import UnitOfWork
from domain.account import Account
from domain.entitlement import Entitlement, EntitlementOverride

_SPAN = ("valid_from", "valid_until")


async def timeline(unit: UnitOfWork, account: Account, segments: Sequence[Entitlement], since: datetime) -> None:
    """Replace the account's effective values from `since` on by a newly derived timeline.

    A feature keeps its entitlement's id, and one that stays as it is keeps the instant since when. What was in force
    just before stays too, cut at `since`, until the next derivation: a reader whose present lies a moment earlier,
    because it waited for a connection or its clock runs behind, still finds what was true then.
    """
    own = entitlements.c.account_id == account.id
    stored = [dict(row) for row in (await unit.session.execute(select(entitlements).where(own))).mappings()]
    ids: dict[UUID, UUID] = {row["feature_id"]: row["id"] for row in stored}
    running = {
        row["feature_id"]: row
        for row in stored
        if row["valid_from"] < since and (row["valid_until"] is None or row["valid_until"] > since)
    }
    await unit.session.execute(delete(entitlements).where(own))
    written: list[dict[str, Any]] = []
    for each in segments:
        row = rows.entitlement_columns(each, account.id, ids.setdefault(each.feature.id, unit.ids.new()))
        before = running.get(each.feature.id)
        if before is not None and each.valid_from == since and _unspanned(before) == _unspanned(row):
            row["valid_from"] = running.pop(each.feature.id)["valid_from"]
        written.append(row)
    written.extend(row | {"valid_until": since} for row in running.values())
    if written:
        await unit.session.execute(insert(entitlements), written)


def _unspanned(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row without its span: what it says, not when."""
    return {name: value for name, value in row.items() if name not in _SPAN}


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
