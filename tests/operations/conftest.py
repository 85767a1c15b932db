"""Operations are tested against a real Postgres: one database a module, customers of their own for each test."""

import pytest

from db.engine import Database
from tests.stored import World, a_world


@pytest.fixture(scope="module")
async def world(database: Database) -> World:
    """The ladder of tests.make on sale in this module's database."""
    return await a_world(database)
