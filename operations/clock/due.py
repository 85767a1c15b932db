"""What may be due on an account by itself, as values: a kind of thing, and one thing of a kind at its instant."""

from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from uuid import UUID

from domain.account import Account
from domain.ids import AccountId


class DueKind(IntEnum):
    """Kinds of what is due, in the order in which they are done at one instant. Never renumbered, only added to."""

    FINALISE = 10
    EXPIRE_CHANGE = 15
    EXPIRE_APPROVAL = 17
    CLOSE_PERIOD = 20
    LATE_USE = 25
    NOTICE = 30
    CONSOLIDATE = 40
    DUN = 50
    DUN_CONSOLIDATED = 55
    POLL_PAYMENT = 60
    POLL_REFUND = 65


OUTSIDE = frozenset({DueKind.EXPIRE_CHANGE, DueKind.POLL_PAYMENT, DueKind.POLL_REFUND})
"""Kinds that ask somebody else, and are done between transactions."""


@dataclass(frozen=True, slots=True, order=True)
class DueThing:
    """One thing that is due: the earliest instant is done first, then by kind, then by id."""

    at: datetime
    kind: DueKind
    id: UUID
    account_id: AccountId


@dataclass(frozen=True, slots=True)
class DueOn:
    """A thing that is due on an account whose row is locked."""

    account: Account
    thing: DueThing
