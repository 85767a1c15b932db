"""Who asks: the kinds of actor and the roles they hold.

Owns what an actor is and which combinations exist. Not owned here: which rows an actor sees (a predicate beside the
tables) and how a token becomes an actor (the edge).
"""

from dataclasses import dataclass
from enum import StrEnum

from domain.errors import InvalidActor
from domain.ids import UserId


class ActorKind(StrEnum):
    """What stands behind a request."""

    CUSTOMER = "CUSTOMER"  # a user; sees the accounts of their memberships
    STAFF = "STAFF"  # one of us, or a job of ours; sees by role
    GATEWAY = "GATEWAY"  # a federation gateway composing our subgraph; reads the schema, no account
    SCHEMA_READER = "SCHEMA_READER"  # the playground's own credential; reads the schema, no account


class Role(StrEnum):
    """What a user may do on one account."""

    VIEWER = "VIEWER"
    BILLING_ADMIN = "BILLING_ADMIN"
    OWNER = "OWNER"

    @property
    def may_change(self) -> bool:
        """Whether the role may change what the account buys; viewers only look."""
        return self is not Role.VIEWER


class StaffRole(StrEnum):
    """What one of us may do on all accounts."""

    SUPPORT = "SUPPORT"  # reads all, proposes
    FINANCE = "FINANCE"  # approves, credits
    SYSTEM = "SYSTEM"  # usage, jobs


@dataclass(frozen=True, slots=True)
class Actor:
    """Who asks. Built once a request and passed down to the query.

    Raises InvalidActor for a combination nobody may have: above all, no customer's token ever reads the schema.
    """

    kind: ActorKind
    user_id: UserId | None = None
    staff_role: StaffRole | None = None
    can_read_schema: bool = False

    def __post_init__(self) -> None:
        if (self.staff_role is not None) != (self.kind is ActorKind.STAFF):
            raise InvalidActor("Staff have a staff role, and nobody else has.", self.kind)
        if self.kind is ActorKind.CUSTOMER and (self.user_id is None or self.can_read_schema):
            raise InvalidActor("A customer is a user and never reads the schema.", self.kind)
        if self.kind in (ActorKind.GATEWAY, ActorKind.SCHEMA_READER) and self.user_id is not None:
            raise InvalidActor("A gateway or schema reader is no user.", self.kind)


def customer(user_id: UserId) -> Actor:
    """A user of the accounts they are a member of."""
    return Actor(ActorKind.CUSTOMER, user_id=user_id)


def staff(role: StaffRole, user_id: UserId | None = None) -> Actor:
    """One of us; `user_id` is None for jobs and service tokens."""
    return Actor(ActorKind.STAFF, user_id=user_id, staff_role=role, can_read_schema=True)
