"""How every deed of the catalog begins and ends: the right is asked for, a turn is taken, the key is looked up; then
what was done is recorded under it.

Owns that order, and the answer all of these operations share. Does not own any deed. The catalog has no account, so
its keys are one set for everybody who writes it, and stand in its trail (db/catalog_entries.py): whoever publishes
twice under one key has published once, N parallel requests too, because writers of the catalog take turns.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from db import catalog_entries
from db.idempotency import input_hash
from db.unit_of_work import UnitOfWork
from domain.commands import (
    CancelMigration,
    CreateCoupon,
    CreatePlan,
    MigratePlanVersion,
    PublishPlanVersion,
    SetApprovalLimit,
    SetTaxRate,
)
from domain.commands.policy import SetPolicyRollout
from domain.errors import Forbidden
from domain.rights import is_finance
from operations.asking import KeyReused

CatalogCommand = (
    CreateCoupon
    | CreatePlan
    | PublishPlanVersion
    | SetTaxRate
    | MigratePlanVersion
    | CancelMigration
    | SetApprovalLimit
    | SetPolicyRollout
)


@dataclass(frozen=True, slots=True)
class CatalogDeed:
    """What was made. `is_replay`: this very request had made it before."""

    subject_id: UUID
    is_replay: bool = False


@dataclass(frozen=True, slots=True)
class AskedOfCatalog:
    """A request whose turn it is. `done` is what this very request made before, None when it is new."""

    key: str
    digest: str
    done: CatalogDeed | None

    def record(self, unit: UnitOfWork, deed: catalog_entries.Deed) -> CatalogDeed:
        """Queue the entry of what was done, under the request's key."""
        catalog_entries.record(unit, deed, self.key, self.digest)
        return CatalogDeed(deed.subject_id)


async def asked_of_catalog(unit: UnitOfWork, mutation: str, command: CatalogCommand) -> AskedOfCatalog | KeyReused:
    """Ask for the right, take a turn, look the key up; two statements. Raises Forbidden for who is not finance."""
    if not is_finance(unit.actor, None):
        raise Forbidden(unit.actor.kind)
    await catalog_entries.one_at_a_time(unit)
    digest = input_hash(mutation, _content(command))
    known = await catalog_entries.replay(unit, command.idempotency_key, digest)
    if known is not None and known.subject_id is None:
        return KeyReused()
    done = None if known is None or known.subject_id is None else CatalogDeed(known.subject_id, is_replay=True)
    return AskedOfCatalog(command.idempotency_key, digest, done)


def _content(command: CatalogCommand) -> Mapping[str, Any]:
    """The command as JSON, without its key."""
    fields = {name: value for name, value in asdict(command).items() if name != "idempotency_key"}
    content: Mapping[str, Any] = json.loads(json.dumps(fields, default=str))
    return content
