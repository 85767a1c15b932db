"""People, and what ties them to accounts."""

import strawberry

from domain.actor import Role
from schema.account import Account
from schema.base import Connection, Node, paged, related, stored
from schema.scalars import DateTime


@strawberry.federation.type(keys=["id"], description="A person who may act for accounts.")
class User(Node):
    name: str = stored("The person's name.")
    email: str = stored("The person's e-mail address.")
    created_at: DateTime = stored("When the user was made.")
    memberships: Connection["Membership"] = paged("The accounts the person may look at or change.")


@strawberry.federation.type(keys=["id"], description="A person's role on one account.")
class Membership(Node):
    role: Role = stored("What the person may do there.")
    created_at: DateTime = stored("Since when.")
    account: Account = related("The account.")
    user: User = related("The person.")
