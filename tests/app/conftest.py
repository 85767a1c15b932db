"""The gateway over the toy schema, in demo mode, without a server and without a database."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
import structlog
from starlette.types import ASGIApp

from app.demo_tokens import SCHEMA_SUBJECT, mint
from app.health import Check
from app.main import create_app
from app.metrics import Metrics
from app.personas import DemoPages, Persona, Sample
from app.settings import Mode, Settings
from domain.actor import Role, StaffRole
from tests.app.toy import Contexts, toy_schema

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
USER = "user_" + "1" * 32
CUSTOMER = mint(USER, demo_mode=True, now=NOW)
STAFF = mint("staff-support", demo_mode=True, now=NOW, staff_role=StaffRole.SUPPORT)
READER = mint(SCHEMA_SUBJECT, demo_mode=True, now=NOW, schema=True)

PAGES = DemoPages(
    personas=lambda: [
        Persona("yen", "Tokyo Bakery", "Pays in yen.", {Role.OWNER: USER}, {"account": "acct_" + "2" * 32})
    ],
    samples=lambda: [Sample("Hello", "Says hello.", "{ hello }", {"id": "{account}"})],
    stands_at=NOW,
)


class NoDatabase:
    """Counts being opened and closed."""

    def __init__(self) -> None:
        self.opened = self.closed = 0

    async def open(self) -> None:
        self.opened += 1

    async def close(self) -> None:
        self.closed += 1


async def fine() -> bool:
    return True


@dataclass
class Gateway:
    """The application under test and what it was made of."""

    app: ASGIApp
    contexts: Contexts
    metrics: Metrics
    database: NoDatabase = field(default_factory=NoDatabase)

    def client(self, token: str | None = CUSTOMER) -> httpx.AsyncClient:
        headers = {"authorization": f"Bearer {token}"} if token else {}
        transport = httpx.ASGITransport(app=self.app)
        return httpx.AsyncClient(transport=transport, base_url="http://gateway", headers=headers)


def gateway_of(*, checks: dict[str, Check] | None = None, clock_at: datetime = NOW, **settings: Any) -> Gateway:
    contexts, metrics, database = Contexts(), Metrics(), NoDatabase()
    app = create_app(
        Settings(**{"mode": Mode.DEMO, "given_metrics_port": 0, **settings}),
        database,
        toy_schema(),
        make_context=contexts,
        checks=checks if checks is not None else {"database": fine},
        metrics=metrics,
        pages=PAGES,
        clock=lambda: clock_at,
    )
    return Gateway(app, contexts, metrics, database)


def code(answer: httpx.Response) -> str:
    """The code of an answer's first error."""
    found: str = answer.json()["errors"][0]["extensions"]["code"]
    return found


@pytest.fixture(autouse=True)
def logged() -> Iterator[list[structlog.typing.EventDict]]:
    """What was logged, before it becomes text."""
    with structlog.testing.capture_logs() as lines:
        yield lines


@pytest.fixture
def gateway() -> Gateway:
    return gateway_of()


@pytest.fixture
async def client(gateway: Gateway) -> AsyncIterator[httpx.AsyncClient]:
    async with gateway.client() as client:
        yield client
