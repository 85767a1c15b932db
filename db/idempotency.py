"""Idempotency keys: an effect is stored under its key in the transaction that has it, a refusal stores nothing.

Writers of one account take turns (its row is locked), so looking and writing cannot race.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from db.tables import idempotency_keys
from db.unit_of_work import UnitOfWork
from domain.ids import AccountId


@dataclass(frozen=True, slots=True)
class Replay:
    """The key is known. `outcome` holds the ids of what it did; None when it was used with another input."""

    outcome: Mapping[str, Any] | None


def input_hash(mutation: str, payload: Mapping[str, Any]) -> str:
    """The same for the same mutation and input, whatever the order of fields."""
    text = json.dumps([mutation, payload], sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


async def replay(unit: UnitOfWork, account_id: AccountId, key: str, digest: str) -> Replay | None:
    """What the key did before, None when it is new. The account's row is locked by the caller."""
    row = (
        await unit.session.execute(
            select(idempotency_keys.c.input_hash, idempotency_keys.c.outcome).where(
                idempotency_keys.c.account_id == account_id, idempotency_keys.c.key == key
            )
        )
    ).one_or_none()
    if row is None:
        return None
    return Replay(row.outcome if row.input_hash == digest else None)


async def remember(
    unit: UnitOfWork, account_id: AccountId, key: str, mutation: str, digest: str, outcome: Mapping[str, Any]
) -> None:
    """Store what the key did, in the transaction that did it."""
    unit.insert(
        idempotency_keys,
        {
            "account_id": account_id,
            "key": key,
            "mutation": mutation,
            "input_hash": digest,
            "outcome": outcome,
            "created_at": unit.recorded_at,
        },
    )
