"""Migrations: brings a database to the tables this code expects.

Owns: running alembic without an ini file, one runner at a time, drafting a new migration.
Does not own: the tables (`db.tables`), the migrations (`db/migrations/versions`; one that has landed is never edited).
"""

from collections.abc import Callable, Mapping
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from db.address import Address
from db.engine import write_engine
from db.revision import MIGRATIONS, known, newest
from db.tables import metadata

_ONE_AT_A_TIME = 0x62696C6C  # any number, the same for every runner


async def migrate(url: str) -> str:
    """Bring a database to the newest revision in one transaction, and return that; runners queue behind each other.

    `url` must be direct, not a pooler's. Raises `DatabaseUnavailable`.
    """
    await _with_connection(url, lambda connection: command.upgrade(_config(connection), "head"))
    return newest()


async def draft(url: str, message: str) -> None:
    """Write a migration file with the difference between a migrated database and `db.tables`; read it before use."""
    await _with_connection(
        url, lambda connection: command.revision(_config(connection), message, autogenerate=True, rev_id=_next_number())
    )


async def difference(url: str) -> list[Any]:
    """What `db.tables` has and the database has not, or the other way; empty when they agree."""
    found: list[Any] = []
    await _with_connection(
        url,
        lambda connection: found.extend(
            compare_metadata(MigrationContext.configure(connection, opts={"include_name": is_declared}), metadata)
        ),
    )
    return found


def is_declared(name: str | None, kind: str, parents: Mapping[str, str | None]) -> bool:
    """Whether alembic compares a thing the database has: the months of usage are made as time goes by, not declared."""
    return not (kind == "table" and name is not None and name.startswith("usage_events_"))


async def _with_connection(url: str, work: Callable[[Connection], object]) -> None:
    address = Address.parse(url)
    await address.check()
    engine = write_engine(address, {"statement_timeout": "0"}, connections=0)
    try:
        async with engine.begin() as connection:
            await connection.execute(text(f"SELECT pg_advisory_xact_lock({_ONE_AT_A_TIME})"))
            await connection.run_sync(work)
    except DBAPIError as problem:
        if problem.connection_invalidated:
            raise address.unavailable(problem) from problem
        raise
    finally:
        await engine.dispose()


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    config.attributes["connection"] = connection
    config.attributes["include_name"] = is_declared
    return config


def _next_number() -> str:
    return f"{max(map(int, known()), default=0) + 1:04}"
