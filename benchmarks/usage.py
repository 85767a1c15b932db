"""`python -m benchmarks.usage`: what an event of usage costs: by the mutation, over HTTP, and its statement sent bare.

Owns the method: a throw-away Postgres that waits for every commit, the demo's accounts, the whole application without a
socket; batches of one size sent each way in turn, a tenth of each batch sent before. Processor time of this process and
of Postgres is taken for each way by itself, so what else the machine does changes the rate and hardly the cost. At the
end every event is there once, or the run fails.
"""

import argparse
import json
import os
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import asyncpg
from rich.console import Console
from rich.table import Table
from sqlalchemy.dialects.postgresql import asyncpg as dialect
from starlette.types import ASGIApp

from app.observability import configure_logging
from app.settings import Mode, Settings
from cli.gateway import application
from cli.loop import run_async
from cli.personas import demo_pages, staff_token
from db.embedded import EmbeddedPostgres
from db.engine import Database
from db.identity import RandomIds
from db.migrate import migrate
from db.queries.usage import known_meters
from db.save.usage import Measured, keeping
from db.unit_of_work import unit_of_work
from demo import company
from demo.personas import DEMO_NOW, PERSONAS
from domain.actor import StaffRole, staff
from domain.ids import PREFIXES, AccountId, MeterId, public_id
from domain.usage import Measure, UsageEvent

SIZES = (100, 1_000)
METER = "email-sends"
MUTATION = """mutation($input: UsageRecordInput!) { usageRecord(input: $input) {
  results { status } userErrors { code message } } }"""
_REPLAYED = 10
"""One event of so many was sent before."""


@dataclass(slots=True)
class Spent:
    """What one way of sending took, in seconds."""

    events: int = 0
    gateway: float = 0.0
    postgres: float = 0.0
    wall: float = 0.0


@dataclass(slots=True)
class Sender:
    """Makes batches: new events, and of each tenth one that was sent before."""

    accounts: Sequence[AccountId]
    made: int = 0
    before: list[UsageEvent] = field(default_factory=list)

    def batch(self, size: int) -> list[UsageEvent]:
        """So many events, no id twice."""
        old = self.before[: size // _REPLAYED]
        new = [self._event() for _ in range(size - len(old))]
        self.before = new
        return [*old, *new]

    def _event(self) -> UsageEvent:
        self.made += 1
        at = DEMO_NOW - timedelta(seconds=self.made % 50_000)
        account_id = self.accounts[self.made % len(self.accounts)]
        measure = Measure(METER, Decimal(1 + self.made % 9))
        return UsageEvent(account_id, "bench", f"evt-{self.made:012}", at, (measure,))


Send = Callable[[], Awaitable[None]]
Way = Callable[[Sequence[UsageEvent]], Send]
"""What a sender does before, and what is measured."""


def by_mutation(app: ASGIApp, token: str) -> Way:
    """Through GraphQL, every result asked for."""

    def prepare(batch: Sequence[UsageEvent]) -> Send:
        events = [
            {
                "accountId": public_id(PREFIXES["Account"], each.account_id),
                "source": each.source,
                "id": each.id,
                "meter": METER,
                "occurredAt": each.occurred_at.isoformat(),
                "value": str(each.measures[0].value),
            }
            for each in batch
        ]
        request = _request(
            "/graphql", "application/json", token, {"query": MUTATION, "variables": {"input": {"events": events}}}
        )

        async def send() -> None:
            results = json.loads(await _answer(app, request))["data"]["usageRecord"]["results"]
            assert len(results) == len(batch)
            assert not [each for each in results if each["status"] == "REJECTED"]

        return send

    return prepare


def over_http(app: ASGIApp, token: str) -> Way:
    """As CloudEvents."""

    def prepare(batch: Sequence[UsageEvent]) -> Send:
        events = [
            {
                "specversion": "1.0",
                "type": METER,
                "source": each.source,
                "id": each.id,
                "subject": public_id(PREFIXES["Account"], each.account_id),
                "time": each.occurred_at.isoformat(),
                "data": {"value": int(each.measures[0].value)},
            }
            for each in batch
        ]
        request = _request("/api/v1/events", "application/cloudevents-batch+json", token, events)

        async def send() -> None:
            assert await _answer(app, request) == b""

        return send

    return prepare


def bare(connection: asyncpg.Connection, meter_id: MeterId) -> Way:
    """The one statement that keeps and counts, by the driver alone."""
    compiler = dialect.dialect()  # type: ignore[no-untyped-call]

    def prepare(batch: Sequence[UsageEvent]) -> Send:
        measured = [
            Measured(
                (each.account_id, each.source, each.id),
                each,
                (meter_id,),
                each.occurred_at.date(),
                DEMO_NOW,
                is_late=False,
            )
            for each in batch
        ]
        statement, given = keeping(measured)
        compiled = statement.compile(dialect=compiler)
        sql, arguments = str(compiled), [given[name] for name in compiled.positiontup or ()]

        async def send() -> None:
            async with connection.transaction():
                await connection.fetch(sql, *arguments)

        return send

    return prepare


@dataclass(frozen=True, slots=True)
class Request:
    """A request as the server hands it over."""

    scope: dict[str, Any]
    body: bytes


def _request(path: str, media: str, token: str, content: Any) -> Request:
    body = json.dumps(content).encode()
    headers = [
        (b"content-type", media.encode()),
        (b"content-length", str(len(body)).encode()),
        (b"authorization", f"Bearer {token}".encode()),
    ]
    scope = {"type": "http", "method": "POST", "path": path, "query_string": b"", "headers": headers}
    return Request(scope, body)


async def _answer(app: ASGIApp, request: Request) -> bytes:
    """The body of the whole application's answer, which is no refusal."""
    answer: list[bytes] = []

    async def receive() -> Any:
        return {"type": "http.request", "body": request.body, "more_body": False}

    async def take(message: Any) -> None:
        assert message.get("status", 200) < 300, message
        answer.append(message.get("body", b""))

    await app(dict(request.scope), receive, take)
    return b"".join(answer)


def _postgres_seconds(postmaster: int) -> float:
    """Processor time of every process of a server, those that have ended too."""
    ticks = 0
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit():
            continue
        try:
            found = (folder / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(folder.name) == postmaster:
            ticks += sum(map(int, found[11:15]))
        elif int(found[1]) == postmaster:
            ticks += sum(map(int, found[11:13]))
    return ticks / os.sysconf("SC_CLK_TCK")


async def measure(ways: dict[str, Way], sender: Sender, size: int, rounds: int, postmaster: int) -> dict[str, Spent]:
    """Each way in turn, the first round of each not counted."""
    spent = {name: Spent() for name in ways}
    for number in range(rounds + 1):
        for name, prepare in ways.items():
            send = prepare(sender.batch(size))
            before = time.process_time(), _postgres_seconds(postmaster), time.perf_counter()
            await send()
            if number == 0:
                continue
            of = spent[name]
            of.events += size
            of.wall += time.perf_counter() - before[2]
            of.gateway += time.process_time() - before[0]
            of.postgres += _postgres_seconds(postmaster) - before[1]
    return spent


async def bench(url: str, sizes: Sequence[int], events: int, postmaster: int) -> Table:
    """Everything, as a table."""
    table = Table("batch", "way", "events/s", "gateway µs an event", "Postgres µs an event")
    async with Database(url) as database:
        await company.seed(database)
        settings = Settings.from_environment({"LOG_LEVEL": "ERROR"}, default_mode=Mode.DEMO)
        configure_logging(settings.log_level)
        app = application(settings, database, demo_pages())
        token = staff_token(StaffRole.SYSTEM, demo_mode=True)
        async with unit_of_work(database, staff(StaffRole.SYSTEM), RandomIds(), DEMO_NOW) as unit:
            meter_id = (await known_meters(unit.session))[METER].id
        connection = await asyncpg.connect(url)
        try:
            ways = {
                "mutation": by_mutation(app, token),
                "HTTP": over_http(app, token),
                "the statement, bare": bare(connection, meter_id),
            }
            sender = Sender([each.account_id for each in PERSONAS])
            for size in sizes:
                found = await measure(ways, sender, size, max(3, events // size), postmaster)
                for name, of in found.items():
                    table.add_row(
                        str(size),
                        name,
                        f"{of.events / of.wall:,.0f}",
                        f"{of.gateway / of.events * 1e6:.1f}",
                        f"{of.postgres / of.events * 1e6:.1f}",
                    )
            kept = await connection.fetchval("SELECT count(*) FROM usage_events WHERE source = 'bench'")
            counted = await connection.fetchval("SELECT count(*) FROM usage_keys WHERE source = 'bench'")
            if (kept, counted) != (sender.made, sender.made):
                raise AssertionError(f"{sender.made} events were sent, {counted} are known and {kept} are kept")
        finally:
            await connection.close()
    return table


def main() -> None:
    """Read the arguments, start the database, print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.usage", description=__doc__)
    parser.add_argument("--events", type=int, default=20_000, help="events of each way and size")
    given = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="billing-bench-") as folder,
        EmbeddedPostgres(Path(folder) / "data") as postgres,
    ):
        postmaster = int((postgres.folder / "postmaster.pid").read_text().split()[0])
        run_async(migrate(postgres.url))
        Console().print(run_async(bench(postgres.url, SIZES, given.events, postmaster)))


if __name__ == "__main__":
    main()
