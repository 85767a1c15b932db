"""The timeline of effective values, and the overrides it is derived from."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from db import rows
from db.tables import entitlement_overrides, entitlements
from db.unit_of_work import UnitOfWork
from domain.account import Account
from domain.entitlement import Entitlement, EntitlementOverride

_SPAN = ("valid_from", "valid_until")
_Key = tuple[UUID, datetime]


def replace(
    unit: UnitOfWork,
    account: Account,
    stored: Sequence[Mapping[str, Any]],
    segments: Sequence[Entitlement],
    since: datetime,
) -> None:
    """Replace the account's effective values from `since` on by a newly derived timeline, writing only what differs.

    `stored` are its rows. A feature keeps its entitlement's id, and one that stays as it is keeps its row.
    What was in force just before a change stays too, cut at `since`, until the next: a reader whose present lies a
    moment earlier, because it waited for a connection or its clock runs behind, still finds what was true then.
    """
    ids: dict[UUID, UUID] = {row["feature_id"]: row["id"] for row in stored}
    running = {
        row["feature_id"]: row
        for row in stored
        if row["valid_from"] < since and (row["valid_until"] is None or row["valid_until"] > since)
    }
    wanted: dict[_Key, dict[str, Any]] = {}
    for each in segments:
        if each.feature.id not in ids:
            ids[each.feature.id] = unit.ids.new()
        row = rows.entitlement_columns(each, account.id, ids[each.feature.id])
        before = running.get(each.feature.id)
        if before is not None and each.valid_from == since and _says_the_same(before, row):
            row["valid_from"] = running.pop(each.feature.id)["valid_from"]
        wanted[row["id"], row["valid_from"]] = row
    for cut in running.values():
        wanted[cut["id"], cut["valid_from"]] = dict(cut) | {"valid_until": since}
    kept = {(row["id"], row["valid_from"]): row for row in stored}
    for key, old in kept.items():
        if key not in wanted and old["valid_until"] != since:
            unit.delete(entitlements, old)
    for key, row in wanted.items():
        if key not in kept:
            unit.insert(entitlements, row)
        elif changes := {name: value for name, value in row.items() if kept[key][name] != value}:
            unit.update(entitlements, row, changes)


def _says_the_same(before: Mapping[str, Any], row: Mapping[str, Any]) -> bool:
    """Whether two rows differ in their span at most: in when they hold, not in what they say."""
    return all(before[name] == value for name, value in row.items() if name not in _SPAN)


async def new_override(unit: UnitOfWork, account: Account, override: EntitlementOverride, reason: str) -> None:
    """A value set by hand. Whoever calls derives the timeline again in the same transaction."""
    unit.insert(
        entitlement_overrides,
        {
            "account_id": account.id,
            "id": override.id,
            "feature_id": override.feature.id,
            **rows.value_columns(override.feature.kind, override.value),
            "priority": override.priority,
            "reason": reason,
            "starts_at": override.starts_at,
            "ends_at": override.ends_at,
            "created_at": override.created_at,
        },
    )
