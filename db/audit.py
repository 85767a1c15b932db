"""The audit trail: who did what to which thing, when and why, with the state before and after."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from db.json_text import json_text
from domain.actor import Actor
from domain.ids import AccountId, AuditId


@dataclass(frozen=True, slots=True)
class Entry:
    """One deed. `before` and `after` are plain JSON without personal data; `occurred_at` is the account's own time."""

    account_id: AccountId
    action: str
    subject_type: str
    subject_id: UUID
    occurred_at: datetime
    before: Mapping[str, Any] | None = None
    after: Mapping[str, Any] | None = None
    reason: str | None = None


def columns(actor: Actor, entry: Entry, entry_id: AuditId, recorded_at: datetime) -> dict[str, Any]:
    """A row of `audit_entries`."""
    return {
        "account_id": entry.account_id,
        "id": entry_id,
        "actor_kind": actor.kind.value,
        "staff_role": actor.staff_role.value if actor.staff_role else None,
        "actor_id": actor.user_id,
        "action": entry.action,
        "subject_type": entry.subject_type,
        "subject_id": entry.subject_id,
        "reason": entry.reason,
        "before": _json(entry.before),
        "after": _json(entry.after),
        "occurred_at": entry.occurred_at,
        "recorded_at": recorded_at,
    }


def _json(state: Mapping[str, Any] | None) -> str | None:
    return None if state is None else json_text(state)
