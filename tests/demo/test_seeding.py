"""The company is made once, whole, and the same every day."""

import pytest
from sqlalchemy import text

from db.engine import Database
from db.save import catalog as save
from db.tables import metadata
from db.unit_of_work import unit_of_work
from demo import company
from demo.customer import JOBS
from demo.identity import SeededIds
from demo.personas import DEMO_NOW
from domain.account import LegalEntity
from domain.errors import InvalidInput
from domain.ids import LegalEntityId

NOT_YET_PLAYED = {
    "approval_limits",
    "charges",
    "consolidated_invoices",
    "plan_version_migrations",
    "policy_overrides",
    "subscription_migrations",
    "usage_dimension_days",
    "usage_texts",
}
"""What no persona's story has yet."""


async def contents(database: Database) -> dict[str, tuple[int, str]]:
    """Rows and a digest of all of them, for every table."""
    found: dict[str, tuple[int, str]] = {}
    async with database.write() as session:
        for table in metadata.sorted_tables:
            digest = text(
                "SELECT count(*), coalesce(md5(string_agg(line, chr(10) ORDER BY line)), '')"
                f" FROM (SELECT {table.name}::text AS line FROM {table.name}) AS lines"
            )
            count, hashed = (await session.execute(digest)).one()
            found[table.name] = (count, hashed)
    return found


@pytest.mark.slow
async def test_two_seedings_give_the_same_rows(demo_database: Database, fresh_database: Database) -> None:
    assert await company.seed(fresh_database)
    once, again = await contents(demo_database), await contents(fresh_database)
    assert {name for name, rows in once.items() if rows != again[name]} == set()
    assert once["invoices"][0] == 171
    assert {name for name, (count, _) in once.items() if count == 0} <= NOT_YET_PLAYED


async def test_a_second_seeding_does_nothing(demo_copy: Database) -> None:
    before = await contents(demo_copy)
    assert await company.is_there(demo_copy)
    assert not await company.seed(demo_copy)
    assert await contents(demo_copy) == before


class Killed(Exception):
    """The process ends here."""


async def test_a_seeding_that_is_killed_leaves_nothing_and_can_start_again(fresh_database: Database) -> None:
    before = await contents(fresh_database)

    def kill_in_2024(done: int, total: int, doing: str) -> None:
        if doing.endswith("2024"):
            raise Killed

    with pytest.raises(Killed):
        await company.seed(fresh_database, kill_in_2024)
    assert not await company.is_there(fresh_database)
    assert await contents(fresh_database) == before


async def test_progress_is_told_by_the_month(fresh_database: Database) -> None:
    told: list[tuple[int, int, str]] = []

    def stop_in_2024(done: int, total: int, doing: str) -> None:
        told.append((done, total, doing))
        if doing.endswith("2024"):
            raise Killed

    with pytest.raises(Killed):
        await company.seed(fresh_database, stop_in_2024)
    # January 2023 to June 2026 are 42 months
    assert told[0] == (0, 42, "January 2023")
    assert told[1] == (4, 42, "May 2023")
    assert told[-1] == (12, 42, "January 2024")


async def test_a_database_of_somebody_else_is_left_alone(fresh_database: Database) -> None:
    ids = SeededIds("somebody", DEMO_NOW)
    async with unit_of_work(fresh_database, JOBS, ids, DEMO_NOW) as unit:
        await save.new_legal_entity(unit, LegalEntity(LegalEntityId(ids.new()), "XX", "Somebody Else", "FR"))
    with pytest.raises(InvalidInput, match="a catalog that is not the demo's"):
        await company.seed(fresh_database)
