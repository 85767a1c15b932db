"""What happened to an account: events for everyone who may see it, the audit trail for staff; and to the catalog."""

from typing import TYPE_CHECKING, Annotated

import strawberry

from domain.actor import ActorKind, StaffRole
from schema.base import Node, related, stored
from schema.scalars import BigInt, DateTime

if TYPE_CHECKING:
    from schema.account import Account
    from schema.people import User


@strawberry.federation.type(keys=["id"], description="Something that happened to an account.")
class BillingEvent(Node):
    account: Annotated["Account", strawberry.lazy("schema.account")] = related("Whose it is.")
    sequence: BigInt = stored("Its number among the account's events, without gaps.")
    aggregate_id: strawberry.ID = stored("The id of what it happened to; `node` finds it.")
    aggregate_sequence: BigInt = stored("Its number among the events of that thing, without gaps.")
    type: str = stored("What happened, such as invoice.finalised.")
    data: str = stored("What changed, as JSON text.")
    occurred_at: DateTime = stored("When it happened, by the account's clock.")
    recorded_at: DateTime = stored("When it was written down, by the real one.")


@strawberry.federation.type(keys=["id"], description="Who did what, when and why. Staff only.")
class AuditEntry(Node):
    account: Annotated["Account", strawberry.lazy("schema.account")] = related("Whose it is.")
    actor_kind: ActorKind = stored("What stood behind the request.")
    actor: Annotated["User", strawberry.lazy("schema.people")] | None = related("The user who asked, where it was one.")
    staff_role: StaffRole | None = stored("As what one of us asked; null for anyone else.")
    action: str = stored("What was done.")
    subject_id: strawberry.ID = stored("The id of what it was done to.")
    reason: str | None = stored("Why, where it was said.")
    before: str | None = stored("What was before, as JSON text.")
    after: str | None = stored("What is after, as JSON text.")
    occurred_at: DateTime = stored("When it was done, by the account's clock.")
    recorded_at: DateTime = stored("When it was written down, by the real one.")


@strawberry.federation.type(keys=["id"], description="Who did what to the catalog, and when. Staff only.")
class CatalogEntry(Node):
    actor_kind: ActorKind = stored("What stood behind the request.")
    actor: Annotated["User", strawberry.lazy("schema.people")] | None = related("The user who asked, where it was one.")
    staff_role: StaffRole | None = stored("As what one of us asked; null for anyone else.")
    action: str = stored("What was done.")
    subject_id: strawberry.ID = stored("The id of what it was done to; `node` finds it.")
    before: str | None = stored("What was before, as JSON text; null where nothing was.")
    after: str | None = stored("What is after, as JSON text.")
    recorded_at: DateTime = stored("When it was done.")
