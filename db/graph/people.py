"""What the graph reads of people: users, and the memberships that let them see an account."""

from typing import assert_never

from sqlalchemy import ColumnElement, Uuid, bindparam, exists, false, or_, true

from db.graph.declare import Entity, columns, one, pages
from db.scope import ACTOR, ScopeKind, within
from db.tables import accounts, memberships, users


def _known_to_actor(kind: ScopeKind) -> ColumnElement[bool]:
    """A customer sees themselves and whoever shares an account with them; staff see everyone."""
    match kind:
        case ScopeKind.CUSTOMER:
            shared = memberships.alias("shared")
            met = exists().where(shared.c.user_id == users.c.id, within(kind, shared.c.account_id))
            return or_(users.c.id == bindparam(ACTOR, type_=Uuid()), met)
        case ScopeKind.STAFF:
            return true()
        case ScopeKind.NOBODY:
            return false()
        case _:
            assert_never(kind)


USER = Entity(
    "User",
    users,
    prefix="user",
    visible=_known_to_actor,
    fields=columns(users, "name email created_at"),
    relations={
        "memberships": pages("Membership", memberships.c.user_id, order=[memberships.c.account_id]),
    },
)

MEMBERSHIP = Entity(
    "Membership",
    memberships,
    prefix="memb",
    tenant=memberships.c.account_id,
    fields=columns(memberships, "role created_at"),
    relations={
        "account": one("Account", accounts.c.id, via="account_id"),
        "user": one("User", users.c.id, via="user_id"),
    },
)
