"""Whose rows a reader may see: the Scope, and the one predicate it becomes in every statement.

Owns the turning of an Actor into a Scope and of a Scope into SQL. Does not own who the actor is (app.auth), nor what
a role may do once it sees a row (the policies of the operations).
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, assert_never
from uuid import UUID

from sqlalchemy import ColumnElement, Uuid, bindparam, false, select, true, union_all

from db.tables import accounts, memberships
from domain.actor import Actor, ActorKind

ACTOR: Final = "actor"
"""The bound parameter that carries the customer's user id."""


class ScopeKind(StrEnum):
    """What a scope compares; part of every statement's key, so staff costs no `OR` in a customer's plan."""

    CUSTOMER = "CUSTOMER"
    STAFF = "STAFF"
    NOBODY = "NOBODY"


@dataclass(frozen=True, slots=True)
class Scope:
    """One reader's reach. `actor_id` is the user whose memberships count; only CUSTOMER has one."""

    kind: ScopeKind
    actor_id: UUID | None = None

    @property
    def of_anyone(self) -> "Scope":
        """The same reach without who has it: what a statement is made for that is made once and kept."""
        return Scope(self.kind)


def scope_of(actor: Actor) -> Scope:
    """The reach of an actor: a customer by memberships, staff everything, anyone else no tenant's rows."""
    match actor.kind:
        case ActorKind.CUSTOMER:
            return Scope(ScopeKind.CUSTOMER, actor.user_id) if actor.user_id else Scope(ScopeKind.NOBODY)
        case ActorKind.STAFF:
            return Scope(ScopeKind.STAFF)
        case ActorKind.GATEWAY | ActorKind.SCHEMA_READER:
            return Scope(ScopeKind.NOBODY)
        case _:
            assert_never(actor.kind)


# made once: an alias copies every column of its table, which shows where each statement has several of them
_OWN: Final = memberships.alias("scope")
_ABOVE: Final = memberships.alias("scope_above")
_BELOW: Final = accounts.alias("scope_below")
_ME: Final = bindparam(ACTOR, type_=Uuid())
_MINE: Final = select(_OWN.c.account_id).where(_OWN.c.user_id == _ME).correlate(None)
_BELOW_MINE: Final = (
    select(_BELOW.c.id)
    .join(_ABOVE, _ABOVE.c.account_id == _BELOW.c.parent_account_id)
    .where(_ABOVE.c.user_id == _ME)
    .correlate(None)
)
_IN_REACH: Final = union_all(_MINE, _BELOW_MINE)
"""A customer's accounts, and those one level below: a parent's members read its children. Whether they may change
them is another question, which their role there answers: they have none."""


def within(kind: ScopeKind, account_id: ColumnElement[Any]) -> ColumnElement[bool]:
    """The predicate that keeps a row only where its account is in reach.

    A subselect, not a list of ids: a withdrawn role works at once and costs no statement of its own.
    """
    match kind:
        case ScopeKind.CUSTOMER:
            return account_id.in_(_IN_REACH)
        case ScopeKind.STAFF:
            return true()
        case ScopeKind.NOBODY:
            return false()
        case _:
            assert_never(kind)
