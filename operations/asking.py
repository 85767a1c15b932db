"""How every deed of money begins: the account is found and locked, the right is asked for, the key is looked up.

Owns that order, and the answers all of these operations share. Does not own any deed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from db import idempotency
from db.queries.accounts import account as account_for
from db.unit_of_work import UnitOfWork
from domain.account import Account
from domain.actor import Role
from domain.errors import Forbidden, NotFound
from domain.ids import AccountId
from domain.invoice import InvoiceStatus
from domain.plan_change.verdict import Decision, Figure, Remedy
from domain.rights import Right


@dataclass(frozen=True, slots=True)
class KeyReused:
    """The idempotency key was used with another input. Nothing was stored."""


@dataclass(frozen=True, slots=True)
class NotNow:
    """What is asked cannot be done as things stand: `code` says why, `status` how it stands. Nothing was stored.

    An expected no, not a fault: two people void one invoice, a bill is paid twice at once. `remedy` is what would turn
    it into a yes, where the caller can do that, and `figures` are what it rests on.
    """

    code: str
    status: str
    message: str
    figures: tuple[Figure, ...] = ()
    remedy: Remedy | None = None


def change_waits(status: InvoiceStatus) -> NotNow:
    """No to correcting an invoice that a plan change waits for: it is paid, or void with the change."""
    message = "A plan change waits for this invoice to be paid: cancel the change, or let it lapse."
    return NotNow("CHANGE_AWAITS_PAYMENT", status.value, message)


@dataclass(frozen=True, slots=True)
class NotAllowed:
    """The policy says no, or waits for a confirmation that was not given. Nothing was stored."""

    decision: Decision


@dataclass(frozen=True, slots=True)
class Asked:
    """A request whose account is locked and whose actor may ask. `now` is the account's own time.

    `done` is what this very request did before, None when it is new.
    """

    account: Account
    role: Role | None
    now: datetime
    key: str
    mutation: str
    digest: str
    done: Mapping[str, Any] | None


async def asked(
    unit: UnitOfWork,
    account_id: AccountId | None,
    named: object,
    right: Right,
    mutation: str,
    key: str,
    payload: Mapping[str, Any],
) -> Asked | KeyReused:
    """Lock the account, ask for the right, look the key up; three statements with the membership's.

    `account_id` None, or out of reach: NotFound of `named`, what the caller asked for. Forbidden for who sees it and
    may not. `payload` is the input as JSON, without the key.
    """
    found = account_id and await account_for(unit.session, unit.scope, account_id, for_change=True)
    if not account_id or not found:
        raise NotFound(named)
    if not right(unit.actor, found.role):
        raise Forbidden(named)
    digest = idempotency.input_hash(mutation, payload)
    known = await idempotency.replay(unit, account_id, key, digest)
    if known is not None and known.outcome is None:
        return KeyReused()
    return Asked(
        account=found.account,
        role=found.role,
        now=found.account.now(unit.recorded_at),
        key=key,
        mutation=mutation,
        digest=digest,
        done=known.outcome if known else None,
    )
