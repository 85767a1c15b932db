"""A client we have not written: OpenMeter's own, from PyPI, before the gateway on a real socket."""

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest
import uvicorn
from corehttp.exceptions import HttpResponseError
from openmeter import Client
from openmeter.models import Event
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from typing_extensions import override

from app.settings import Mode, Settings
from cli.gateway import application
from cli.personas import demo_pages, staff_token
from db.engine import Database
from domain.actor import StaffRole
from tests.make import april
from tests.stored import Customer, World, a_world


@dataclass
class LosesAnswers:
    """The gateway on a bad line: what it answers is lost as often as told, though it has done its work."""

    app: ASGIApp
    to_lose: int = 0
    lost: list[int] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def passing(message: Message) -> None:
            if message["type"] == "http.response.start":
                self.answers.append(message["status"])
            await send(message)

        if not self.to_lose:
            await self.app(scope, receive, passing)
            return
        self.to_lose -= 1

        async def losing(message: Message) -> None:
            if message["type"] == "http.response.start":
                self.lost.append(message["status"])

        await self.app(scope, receive, losing)
        await send({"type": "http.response.start", "status": 503, "headers": [(b"content-length", b"0")]})
        await send({"type": "http.response.body", "body": b""})


class _InThisLoop(uvicorn.Server):
    """Tells when it listens. Takes no signals: the tests have them."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.listens = asyncio.Event()

    @override
    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        try:
            await super().startup(sockets)
        finally:
            self.listens.set()

    @override
    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@dataclass
class Line:
    """A client and what it talks to."""

    client: Client
    gateway: LosesAnswers

    async def send(self, *events: Event) -> None:
        """Send a batch as the client does, which waits in a thread of its own."""
        await asyncio.to_thread(self.client.events.ingest_events, list(events))


@pytest.fixture(scope="module")
async def world(database: Database) -> World:
    return await a_world(database)


@pytest.fixture(scope="module")
async def line(world: World) -> AsyncIterator[Line]:
    settings = Settings.from_environment({}, default_mode=Mode.DEMO)
    gateway = LosesAnswers(application(settings, world.database, demo_pages()))
    server = _InThisLoop(
        uvicorn.Config(gateway, port=0, http="httptools", ws="none", lifespan="off", log_config=None, access_log=False)
    )
    serving = asyncio.create_task(server.serve())
    await server.listens.wait()
    port = server.servers[0].sockets[0].getsockname()[1]
    token = staff_token(StaffRole.SYSTEM, demo_mode=True)
    with Client(endpoint=f"http://127.0.0.1:{port}", token=token, retry_backoff_factor=0) as client:
        yield Line(client, gateway)
    server.should_exit = True
    await serving


async def a_customer(world: World) -> Customer:
    return await world.customer(is_sandbox=True, clock_at=april(16, 12))


def an_event(who: Customer, name: str, **changes: Any) -> Event:
    given = {
        "id": name,
        "source": "mailer",
        "specversion": "1.0",
        "type": "emails",
        "subject": who.account.name,
        "time": datetime(2026, 4, 10, 9, tzinfo=UTC),
        "data": {"value": 250},
    }
    return Event(**{**given, **changes})


async def counted(world: World, who: Customer) -> list[tuple[int, int]]:
    return [(row.count, int(row.sum)) for row in await world.of(who, "usage_counters", "day")]


async def test_the_client_sends_one_event_and_a_batch(world: World, line: Line) -> None:
    who = await a_customer(world)
    await asyncio.to_thread(line.client.events.ingest_event, an_event(who, "evt-0"))
    await line.send(*(an_event(who, f"evt-{number}") for number in range(10)))
    assert line.gateway.answers[-2:] == [204, 204]
    # evt-0 is in both
    assert await counted(world, who) == [(10, 2500)]


async def test_the_client_retries_what_was_answered_in_vain_and_is_counted_once(world: World, line: Line) -> None:
    who = await a_customer(world)
    line.gateway.to_lose = 2
    await line.send(*(an_event(who, f"evt-{number}") for number in range(5)))
    # the first sending was kept, the second was known, and so was the third, whose answer arrived
    assert line.gateway.lost[-2:] == [204, 204]
    assert line.gateway.answers[-1] == 204
    assert await counted(world, who) == [(5, 1250)]


async def test_the_client_is_told_which_events_were_rejected(world: World, line: Line) -> None:
    who = await a_customer(world)
    with pytest.raises(HttpResponseError) as refused:
        await line.send(an_event(who, "evt-1"), an_event(who, "evt-2", type="faxes"))
    answer: Any = refused.value.response
    assert answer.status_code == 400
    (rejected,) = answer.json()["rejected"]
    assert (rejected["id"], rejected["reason"]) == ("evt-2", "UNKNOWN_METER")
    assert await counted(world, who) == [(1, 250)]
