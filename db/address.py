"""Which Postgres, how a connection to it is made, and what to say when there is none.

Owns: reading DATABASE_URL, the settings every connection starts with, one clear line for each way a connection fails.
Does not own: pools and transactions (`db.engine`, `db.lease`).
"""

import socket
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from urllib.parse import parse_qs, urlsplit, urlunsplit

import asyncpg

CONNECT_TIMEOUT_S = 10
OLDEST_SERVER = 15


class DatabaseUnavailable(Exception):
    """The database cannot be used now; the text is one line without a password, for operators and logs."""


class Pooler(StrEnum):
    """What stands between us and the server."""

    NONE = "none"
    PGBOUNCER_TRANSACTION = "pgbouncer-transaction"


@dataclass(frozen=True, slots=True)
class Address:
    """A parsed DATABASE_URL; `where` is its part that may be shown."""

    dsn: str = field(repr=False)
    where: str
    pooler: Pooler = Pooler.NONE

    @classmethod
    def parse(cls, url: str, pooler: Pooler = Pooler.NONE) -> "Address":
        """Accept postgres://, postgresql:// and postgresql+asyncpg://; raises `DatabaseUnavailable` for the rest."""
        try:
            parts = urlsplit(url)
        except ValueError:
            parts = urlsplit("")
        if parts.scheme not in {"postgres", "postgresql", "postgresql+asyncpg"}:
            raise DatabaseUnavailable(
                "DATABASE_URL is not the address of a Postgres: it should read postgresql://user:password@host:5432/name"
            )
        host = parts.netloc.rpartition("@")[2] or parse_qs(parts.query).get("host", ["localhost"])[0]
        return cls(urlunsplit(parts._replace(scheme="postgresql")), f"{host}{parts.path}", pooler)

    def connect_arguments(self, application: str, session: dict[str, str]) -> dict[str, Any]:
        """Keyword arguments for asyncpg: the session's settings where the server sees them, caches that fit the pooler.

        PgBouncer in transaction mode refuses start-up settings and hands every transaction another server connection,
        so there settings go with each transaction (`settings_statement`) and no statement is kept.
        """
        if self.pooler is Pooler.PGBOUNCER_TRANSACTION:
            return {"server_settings": {"application_name": application}, "statement_cache_size": 0}
        return {"server_settings": {"application_name": application, **session}}

    def settings_statement(self, session: dict[str, str]) -> str | None:
        """The statement that applies the session's settings to one transaction, where a pooler needs that."""
        if self.pooler is Pooler.NONE:
            return None
        return "SELECT " + ", ".join(f"set_config('{name}', '{value}', true)" for name, value in session.items())

    def unavailable(self, problem: BaseException) -> DatabaseUnavailable:
        """What went wrong, in one line."""
        return DatabaseUnavailable(f"cannot use the database at {self.where}: {_reason(problem)}")

    async def check(self) -> None:
        """Connect once; raises `DatabaseUnavailable` when that fails or the server is too old."""
        try:
            connection = await asyncpg.connect(self.dsn, timeout=CONNECT_TIMEOUT_S, statement_cache_size=0)
        except (OSError, ValueError, asyncpg.PostgresError, asyncpg.InterfaceError) as problem:
            raise self.unavailable(problem) from problem
        try:
            version = connection.get_server_version().major
        finally:
            await connection.close()
        if version < OLDEST_SERVER:
            raise DatabaseUnavailable(
                f"the database at {self.where} is Postgres {version}; {OLDEST_SERVER} or later is needed"
            )


def _reason(problem: BaseException) -> str:
    match problem:
        case asyncpg.InvalidPasswordError() | asyncpg.InvalidAuthorizationSpecificationError():
            return "it refuses this user and password"
        case asyncpg.InvalidCatalogNameError():
            return "it has no database of that name"
        case asyncpg.TooManyConnectionsError():
            return "it has no connection left"
        case asyncpg.CannotConnectNowError():
            return "it is starting or stopping"
        case TimeoutError():
            return f"no answer within {CONNECT_TIMEOUT_S} s"
        case ConnectionRefusedError():
            return "nothing listens there (connection refused)"
        case socket.gaierror():
            return "no host of that name is known"
        case OSError() if problem.strerror:
            return problem.strerror
    text = str(problem).strip()
    return text.splitlines()[0] if text else type(problem).__name__
