"""`make bench`: what an answer costs the gateway, beside its own statements sent bare.

Owns the method: one process, one throw-away Postgres, the whole application called without a socket, rounds in turn
(gateway, bare, gateway, bare), CPU time of this process per request, medians. The ratio is the figure to quote: it says
what all of GraphQL costs above the rows themselves. Absolute times belong to the machine.
"""

import argparse
import json
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

from rich.console import Console
from rich.table import Table
from starlette.types import ASGIApp

from app.observability import configure_logging
from app.settings import Mode, Settings
from cli.gateway import application
from cli.loop import run_async
from cli.personas import demo_pages, next_steps, staff_token, token_of
from cli.samples import PREVIEW
from db.embedded import EmbeddedPostgres
from db.engine import Database
from db.lease import Lease, Statement
from db.migrate import migrate
from demo import bulk, company
from demo.personas import persona_of
from domain.actor import Role, StaffRole
from domain.ids import PREFIXES, public_id

DOCUMENTS = Path(__file__).parent.parent / "tests" / "queries"
BULK_ACCOUNTS = 100


@dataclass(frozen=True, slots=True)
class Operation:
    """One request to repeat."""

    name: str
    token: str
    query: str
    variables: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Cost:
    """Medians over the rounds; CPU of this process, microseconds a request."""

    statements: int
    answer_bytes: int
    gateway_us: float
    bare_us: float
    latency_ms: float


async def send(app: ASGIApp, operation: Operation) -> bytes:
    """One POST through the whole application; the body of the answer."""
    body = json.dumps({"query": operation.query, "variables": operation.variables}).encode()
    scope = {
        "type": "http",
        "method": "POST",
        "path": "/graphql",
        "query_string": b"",
        "headers": [
            (b"content-type", b"application/json"),
            (b"content-length", str(len(body)).encode()),
            (b"authorization", f"Bearer {operation.token}".encode()),
        ],
    }
    answer: list[bytes] = []

    async def receive() -> Any:
        return {"type": "http.request", "body": body, "more_body": False}

    async def take(message: Any) -> None:
        answer.append(message.get("body", b""))

    await app(scope, receive, take)
    return b"".join(answer)


async def per_request_us(requests: int, once: Callable[[], Awaitable[object]]) -> tuple[float, float]:
    """CPU microseconds and wall milliseconds of one call, over many."""
    cpu, wall = time.process_time(), time.perf_counter()
    for _ in range(requests):
        await once()
    return (time.process_time() - cpu) / requests * 1e6, (time.perf_counter() - wall) / requests * 1e3


async def measure(app: ASGIApp, database: Database, operation: Operation, rounds: int, requests: int) -> Cost:
    """The operation and the statements it reads rows with, in turn."""
    ran: list[tuple[Statement[Any], tuple[Any, ...]]] = []
    fetch = Lease.fetch

    async def noted(self: Lease, statement: Statement[Any], *arguments: Any) -> Any:
        ran.append((statement, arguments))
        return await fetch(self, statement, *arguments)

    with patch.object(Lease, "fetch", noted):
        answer = await send(app, operation)
    if b'"errors"' in answer:
        raise SystemExit(f"{operation.name}: {answer.decode()}")
    statements = tuple(ran)

    async def bare() -> None:
        lease = database.reads()
        try:
            for statement, arguments in statements:
                await lease.fetch(statement, *arguments)
        finally:
            await lease.close()

    gateway: list[tuple[float, float]] = []
    rows: list[tuple[float, float]] = []
    for _ in range(rounds):
        gateway.append(await per_request_us(requests, lambda: send(app, operation)))
        rows.append(await per_request_us(requests, bare))
    return Cost(
        statements=len(statements),
        answer_bytes=len(answer),
        gateway_us=statistics.median(cpu for cpu, _ in gateway),
        bare_us=statistics.median(cpu for cpu, _ in rows),
        latency_ms=statistics.median(wall for _, wall in gateway),
    )


async def operations(database: Database) -> list[Operation]:
    """The three screens that matter: one account's home, staff's list, a preview."""
    midterm = persona_of("annual-midterm")
    subscription_id, plan_id = (await next_steps(database))[midterm.account_id]
    if plan_id is None:
        raise SystemExit("annual-midterm has no plan above its own")
    change = {
        "subscriptionId": public_id(PREFIXES["BillingSubscription"], subscription_id),
        "planId": public_id(PREFIXES["Plan"], plan_id),
    }
    owner = token_of(midterm.slug, Role.OWNER, demo_mode=True)
    home = {"id": public_id(PREFIXES["Account"], persona_of("old-customer").account_id)}
    return [
        Operation(
            "home", token_of("old-customer", Role.OWNER, demo_mode=True), (DOCUMENTS / "home.graphql").read_text(), home
        ),
        Operation(
            "staff, 50 accounts",
            staff_token(StaffRole.SUPPORT, demo_mode=True),
            (DOCUMENTS / "staff.graphql").read_text(),
            {"first": 50},
        ),
        Operation("preview", owner, PREVIEW, {"change": change}),
    ]


async def bench(url: str, rounds: int, requests: int) -> Table:
    """Everything, as a table."""
    async with Database(url) as database:
        await company.seed(database)
        await bulk.seed(database, BULK_ACCOUNTS)
        settings = Settings.from_environment({"LOG_LEVEL": "ERROR"}, default_mode=Mode.DEMO)
        configure_logging(settings.log_level)
        app = application(settings, database, demo_pages())
        table = Table("operation", "statements", "answer B", "CPU µs", "bare CPU µs", "ratio", "ms")
        for operation in await operations(database):
            cost = await measure(app, database, operation, rounds, requests)
            table.add_row(
                operation.name,
                str(cost.statements),
                str(cost.answer_bytes),
                f"{cost.gateway_us:.0f}",
                f"{cost.bare_us:.0f}",
                f"{cost.gateway_us / cost.bare_us:.1f}",
                f"{cost.latency_ms:.1f}",
            )
    return table


def main() -> None:
    """Read the arguments, start the database, print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--requests", type=int, default=30, help="requests a round")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="billing-bench-") as folder:
        postgres = EmbeddedPostgres(Path(folder) / "data", careless=True)
        with postgres:
            run_async(migrate(postgres.url))
            Console().print(run_async(bench(postgres.url, given.rounds, given.requests)))


if __name__ == "__main__":
    main()
