"""Migrations: brings a database to the tables this code expects.

Owns: running alembic without an ini file, one runner at a time, drafting a new migration.
Does not own: the tables (`db.tables`), the migrations (`db/migrations/versions`; one that has landed is never edited).
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import asyncpg
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from db.address import Address, DatabaseUnavailable
from db.engine import Database, Statement, write_engine
from db.tables import metadata

_FOLDER = Path(__file__).parent / "migrations"
_ONE_AT_A_TIME = 0x62696C6C  # any number, the same for every runner

_REVISION = Statement("revision", "SELECT version_num FROM alembic_version", asyncpg.Record)


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
        url, lambda connection: found.extend(compare_metadata(MigrationContext.configure(connection), metadata))
    )
    return found


def newest() -> str:
    """The revision this code expects."""
    return _scripts().get_current_head() or "none"


async def revision_of(database: Database) -> str:
    """The revision a database has; "none" before the first migration."""
    lease = database.reads()
    try:
        return str((await lease.fetch(_REVISION))[0]["version_num"])
    except (asyncpg.UndefinedTableError, IndexError):
        return "none"
    finally:
        await lease.close()


async def check_revision(database: Database) -> None:
    """Raise `DatabaseUnavailable` when migrations are missing; a newer database passes, so that a release may roll."""
    found, known = await revision_of(database), [script.revision for script in _scripts().walk_revisions()]
    if found == "none" or (found in known and found != known[0]):
        raise DatabaseUnavailable(
            f"the tables at {database.address.where} are at revision {found}, this release needs {known[0]}: "
            "run `billing migrate`"
        )


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
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    config.attributes["connection"] = connection
    return config


def _scripts() -> ScriptDirectory:
    return ScriptDirectory.from_config(_config())


def _next_number() -> str:
    taken = [int(script.revision) for script in _scripts().walk_revisions()]
    return f"{max(taken, default=0) + 1:04}"
