"""The migrations and `db/tables` say the same, and a second runner finds nothing to do."""

import asyncio
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

import asyncpg
import pytest

from db.engine import Database, DatabaseUnavailable, write_engine
from db.migrate import difference, migrate
from db.revision import check_revision, known, newest, revision_of
from db.tables import metadata

if TYPE_CHECKING:
    from tests.server import Server

# every constraint, index and column default as the server itself writes it down
DEFINITIONS = """
    SELECT conrelid::regclass::text || ' ' || conname || ' ' || pg_get_constraintdef(oid) AS definition
    FROM pg_constraint WHERE connamespace = 'public'::regnamespace
    UNION ALL
    SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'
    UNION ALL
    SELECT concat_ws(' ', table_name, column_name, data_type, is_nullable, column_default, generation_expression)
    FROM information_schema.columns WHERE table_schema = 'public'
    ORDER BY 1
"""


async def definitions(url: str) -> list[str]:
    """What a database holds, in words; alembic's own table left out."""
    connection = await asyncpg.connect(url)
    try:
        return [line for (line,) in await connection.fetch(DEFINITIONS) if "alembic_version" not in line]
    finally:
        await connection.close()


@pytest.fixture
async def bare(server: "Server") -> AsyncIterator[Database]:
    """A database without any table."""
    async with server.clone("template1") as found:
        yield found


async def test_migrated_tables_are_the_declared_tables(database: Database, bare: Database) -> None:
    engine = write_engine(bare.address, {}, connections=0)
    async with engine.begin() as connection:
        await connection.exec_driver_sql("CREATE EXTENSION IF NOT EXISTS btree_gist")
        await connection.run_sync(metadata.create_all)
    await engine.dispose()
    assert await definitions(database.address.dsn) == await definitions(bare.address.dsn)
    assert await difference(database.address.dsn) == []


async def test_runners_at_once_queue_and_the_second_finds_nothing_to_do(bare: Database) -> None:
    url = bare.address.dsn
    assert await asyncio.gather(*(migrate(url) for _ in range(3))) == [newest()] * 3
    assert await revision_of(bare) == newest()


async def test_a_gateway_without_its_tables_does_not_start(bare: Database) -> None:
    with pytest.raises(DatabaseUnavailable, match="at revision none, .* run `billing migrate`"):
        await check_revision(bare)
    await migrate(bare.address.dsn)
    await check_revision(bare)


def test_revisions_are_numbered_without_a_gap() -> None:
    assert known() == [f"{number:04}" for number in range(1, len(known()) + 1)]
