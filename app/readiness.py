"""What `/ready` asks of the real database.

Owns the two questions. Not owned here: the answer over HTTP (health.py), what is current (db.revision).
"""

from collections.abc import Mapping

from app.health import Check
from db.engine import Database
from db.revision import check_revision


def readiness(database: Database) -> Mapping[str, Check]:
    """`database`: a read comes back. `migrations`: the tables are those this release needs, or newer.

    The second is asked until it holds and then believed: tables do not go back under a running gateway, and asking
    reads every migration's file.
    """
    held = False

    async def answers() -> bool:
        await database.ping()
        return True

    async def migrated() -> bool:
        nonlocal held
        if not held:
            await check_revision(database)
            held = True
        return True

    return {"database": answers, "migrations": migrated}
