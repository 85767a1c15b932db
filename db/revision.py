"""Which migrations a database has, and which this release needs; asked at every start, so it loads no alembic.

Owns the rule that revisions are numbered: a migration's file begins with its number, each follows the one before.
Does not own running them (`db.migrate`).
"""

from pathlib import Path

import asyncpg

from db.address import DatabaseUnavailable
from db.engine import Database, Statement

MIGRATIONS = Path(__file__).parent / "migrations"

_REVISION = Statement("revision", "SELECT version_num FROM alembic_version", asyncpg.Record)


def known() -> list[str]:
    """Every revision this release knows, oldest first."""
    return sorted(file.name.partition("_")[0] for file in (MIGRATIONS / "versions").glob("[0-9]*_*.py"))


def newest() -> str:
    """The revision this release needs."""
    return known()[-1]


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
    found, ours = await revision_of(database), known()
    if found == "none" or (found in ours and found != ours[-1]):
        raise DatabaseUnavailable(
            f"the tables at {database.address.where} are at revision {found}, this release needs {ours[-1]}: "
            "run `billing migrate`"
        )
