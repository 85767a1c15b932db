"""How every deed of money ends: what it did is stored under its key, in the transaction that did it."""

from collections.abc import Mapping
from typing import Any

from db import idempotency
from db.unit_of_work import UnitOfWork
from operations.asking import Asked


async def remember(unit: UnitOfWork, request: Asked, outcome: Mapping[str, Any]) -> None:
    """Store the ids of what a request did, so that the same request again finds them and does nothing."""
    await idempotency.remember(unit, request.account.id, request.key, request.mutation, request.digest, outcome)
