"""A small schema and a context that notes what is done to it: enough to try the door without the house behind it."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Any

import strawberry
from graphql import GraphQLError
from strawberry.types.execution import ExecutionContext
from typing_extensions import override

from db.address import DatabaseUnavailable
from domain.actor import Actor
from domain.errors import CurrencyMismatch, Forbidden, MalformedId

SECRET = "secret dsn postgres://billing:hunter2@10.0.0.7/books"


@strawberry.enum
class Colour(Enum):
    GREEN = "GREEN"
    GREY = "GREY"


@strawberry.input
class SeatsInput:
    seats: int
    colour: Colour = Colour.GREEN
    notes: list[str] | None = None


@strawberry.type
class Leaf:
    name: str

    @strawberry.field
    def leaf(self) -> "Leaf":
        return Leaf(name=f"{self.name}.")


@strawberry.type
class Query:
    @strawberry.field
    def hello(self, name: str = "world") -> str:
        return f"hello {name}"

    @strawberry.field
    def leaf(self) -> Leaf:
        return Leaf(name="leaf")

    @strawberry.field
    def seats(self, input: SeatsInput) -> int:  # noqa: A002
        return input.seats

    @strawberry.field
    def broken(self) -> str | None:
        raise RuntimeError(SECRET)

    @strawberry.field
    def missing(self) -> str:
        return None  # type: ignore[return-value]

    @strawberry.field
    def account(self, id: strawberry.ID) -> str | None:  # noqa: A002
        raise MalformedId(("id",), f"{id!r} is not an id.", id)

    @strawberry.field
    def approve(self) -> str | None:
        raise Forbidden

    @strawberry.field
    def misuse(self) -> str | None:
        raise CurrencyMismatch("USD", "EUR")

    @strawberry.field
    def away(self) -> str | None:
        raise DatabaseUnavailable("10.0.0.7/books does not answer")

    @strawberry.field
    def page(self) -> str | None:
        raise GraphQLError("This is not a cursor.", extensions={"code": "INVALID_CURSOR"})

    @strawberry.field
    def blurted(self) -> str | None:
        raise GraphQLError(SECRET)

    @strawberry.field
    async def slow(self, info: strawberry.Info[Any, None]) -> str:
        info.context.started.set()
        await asyncio.sleep(30)
        return "late"


@strawberry.type
class Mutation:
    @strawberry.mutation
    def touch(self) -> str:
        return "touched"

    @strawberry.mutation
    def again(self, info: strawberry.Info[Any, None]) -> str:
        info.context.extensions["idempotentReplay"] = True
        return "as before"


@strawberry.type
class Subscription:
    @strawberry.subscription
    async def ticks(self) -> AsyncIterator[int]:
        yield 1


class ToySchema(strawberry.federation.Schema):
    """As the real one does: the door reports errors, Strawberry does not."""

    @override
    def process_errors(self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None) -> None:
        return None


def toy_schema() -> ToySchema:
    return ToySchema(query=Query, mutation=Mutation, subscription=Subscription)


@dataclass
class ToyContext:
    actor: Actor
    request_id: str
    now: datetime
    statements: int = 3
    closed: int = 0
    extensions: dict[str, Any] = field(default_factory=dict)
    started: asyncio.Event = field(default_factory=asyncio.Event)

    async def close(self) -> None:
        await asyncio.sleep(0)
        self.closed += 1


class Contexts:
    """Makes contexts and keeps them, so that a test can look at what became of each."""

    def __init__(self) -> None:
        self.made: list[ToyContext] = []
        self.first = asyncio.Event()

    def __call__(self, *, actor: Actor, request_id: str, now: datetime) -> ToyContext:
        self.made.append(ToyContext(actor, request_id, now))
        self.first.set()
        return self.made[-1]
