"""How these tests ask: one operation in its own context, as one of a few actors, with the statements it ran."""

from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from strawberry.types import ExecutionResult

from db.engine import Database
from db.lease import Ran
from domain.actor import Actor, ActorKind, StaffRole, customer, staff
from domain.ids import UserId
from resolvers.context import RequestContext
from schema.build import build_schema
from schema.subgraph import Schema
from tests.queries.catalog import NOW

STAFF = staff(StaffRole.SUPPORT)
NOBODY = Actor(ActorKind.SCHEMA_READER, can_read_schema=True)


def user(user_id: UUID) -> Actor:
    """A customer."""
    return customer(UserId(user_id))


@cache
def billing() -> Schema:
    """The schema, built once a process."""
    return build_schema()


@dataclass(slots=True)
class Answer:
    """What came back, and what was asked of the database for it."""

    data: Any
    errors: list[Any]
    ran: list[Ran] = field(default_factory=list)

    @property
    def statements(self) -> int:
        """How many statements read rows."""
        return len(self.ran)


async def ask(
    database: Database,
    document: str,
    actor: Actor,
    variables: dict[str, Any] | None = None,
    now: datetime = NOW,
    most_rows: int = 10_000,
) -> Answer:
    """Run one operation. Errors come back as they are, for the test to judge."""
    context = RequestContext(actor=actor, now=now, database=database, most_rows=most_rows)
    with database.recording() as ran:
        try:
            result = await billing().execute(document, variable_values=variables, context_value=context)
        finally:
            await context.close()
    assert isinstance(result, ExecutionResult)
    return Answer(result.data, list(result.errors or ()), ran)


async def ask_well(database: Database, document: str, actor: Actor, **variables: Any) -> Answer:
    """Run one operation that must not fail."""
    answer = await ask(database, document, actor, variables)
    assert not answer.errors, [f"{error.path}: {error.message}" for error in answer.errors]
    return answer
