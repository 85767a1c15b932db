"""The trail of the catalog: who did what to it and when, and under which key, so that asking again does nothing again.

The catalog is no account's: its deeds stand neither in the audit trail of one nor in an outbox, and are made in real
time. Whoever writes it takes turns with all others who do (`one_at_a_time`), so looking a key up and writing it cannot
race. Does not own what is written (db/save/catalog.py).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from db.json_text import json_text
from db.tables import catalog_entries
from db.unit_of_work import UnitOfWork

_ONE_AT_A_TIME = 0x63617461  # any number, the same for whoever writes the catalog


@dataclass(frozen=True, slots=True)
class Deed:
    """One deed. `before` and `after` are plain JSON without personal data."""

    action: str
    subject_type: str
    subject_id: UUID
    after: Mapping[str, Any]
    before: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """The key is known. `subject_id` is what it made; None when it was used with another input."""

    subject_id: UUID | None


async def one_at_a_time(unit: UnitOfWork) -> None:
    """Wait until nobody else writes the catalog; held until the transaction ends."""
    await unit.session.execute(select(func.pg_advisory_xact_lock(_ONE_AT_A_TIME)))


async def replay(unit: UnitOfWork, key: str, digest: str) -> Known | None:
    """What the key did before, None when it is new. The caller has its turn."""
    entry = catalog_entries.c
    row = (
        await unit.session.execute(select(entry.input_hash, entry.subject_id).where(entry.idempotency_key == key))
    ).one_or_none()
    if row is None:
        return None
    return Known(row.subject_id if row.input_hash == digest else None)


def record(unit: UnitOfWork, deed: Deed, key: str | None = None, digest: str | None = None) -> None:
    """Queue the entry of a deed; without a key it is one that nobody asked for over the wire."""
    actor = unit.actor
    unit.insert(
        catalog_entries,
        {
            "id": unit.ids.new(),
            "actor_kind": actor.kind.value,
            "staff_role": actor.staff_role.value if actor.staff_role else None,
            "actor_id": actor.user_id,
            "action": deed.action,
            "subject_type": deed.subject_type,
            "subject_id": deed.subject_id,
            "before": _json(deed.before),
            "after": _json(deed.after),
            "idempotency_key": key,
            "input_hash": digest,
            "recorded_at": unit.recorded_at,
        },
    )


def _json(state: Mapping[str, Any] | None) -> str | None:
    return None if state is None else json_text(state)
