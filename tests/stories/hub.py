"""The billing hub's side of the wire: sends documents as a persona, through the whole gateway, and reads answers."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import NAMESPACE_OID, uuid5

import httpx
from sqlalchemy import func, select

from app.demo_tokens import mint
from app.settings import Mode, Settings
from cli.gateway import application
from cli.personas import demo_pages, staff_token, token_of
from db.engine import Database
from db.tables import metadata
from demo.personas import persona_of
from domain.actor import Role, StaffRole
from domain.ids import PREFIXES, public_id


def gateway(database: Database) -> httpx.AsyncClient:
    """A client of the real application over an open database, without a socket between."""
    settings = Settings.from_environment({}, default_mode=Mode.DEMO)
    transport = httpx.ASGITransport(application(settings, database, demo_pages()), raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url="http://gateway")


async def counted(database: Database) -> dict[str, int]:
    """How many rows each table has."""
    async with database.write() as session:
        return {
            name: await session.scalar(select(func.count()).select_from(table)) or 0
            for name, table in metadata.tables.items()
        }


def account_id(slug: str) -> str:
    """The public id of a persona's account."""
    return public_id(PREFIXES["Account"], persona_of(slug).account_id)


@dataclass(frozen=True, slots=True)
class Hub:
    """Somebody at the billing hub."""

    client: httpx.AsyncClient
    token: str

    @classmethod
    def of(cls, client: httpx.AsyncClient, slug: str, role: Role = Role.OWNER) -> "Hub":
        """A person of a persona."""
        return cls(client, token_of(slug, role, demo_mode=True))

    @classmethod
    def of_staff(cls, client: httpx.AsyncClient, role: StaffRole) -> "Hub":
        """One of the vendor's own people."""
        return cls(client, staff_token(role, demo_mode=True))

    @classmethod
    def of_person(cls, client: httpx.AsyncClient, role: StaffRole, name: str) -> "Hub":
        """One of the vendor's own people, by name: what they do, they did."""
        subject = public_id(PREFIXES["User"], uuid5(NAMESPACE_OID, name))
        return cls(client, mint(subject, demo_mode=True, staff_role=role, now=datetime.now(UTC)))

    async def send(self, query: str, **variables: Any) -> httpx.Response:
        """The response as it comes."""
        return await self.client.post(
            "/graphql",
            json={"query": query, "variables": variables},
            headers={"authorization": f"Bearer {self.token}"},
        )

    async def ask(self, query: str, **variables: Any) -> Any:
        """The data of an answer without errors."""
        answer = (await self.send(query, **variables)).json()
        assert "errors" not in answer, answer["errors"]
        return answer["data"]
