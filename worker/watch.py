"""The look at outcomes: once a minute the worker tells its figures how changes and approvals stand.

Owns when it is done. Does not own what is counted (operations.policy.watch_outcomes), nor the
figures' names (worker.figures).
"""

from datetime import datetime

from db.engine import Database
from db.identity import RandomIds
from db.unit_of_work import unit_of_work
from operations.policy.watch_outcomes import watch_outcomes
from worker.due import SYSTEM
from worker.figures import Figures

WATCH_EVERY_S = 60.0


async def watch(database: Database, now: datetime, figures: Figures) -> None:
    """Tell the figures how outcomes stand. Raises `DatabaseUnavailable`."""
    async with unit_of_work(database, SYSTEM, RandomIds(), now) as unit:
        figures.outcomes(await watch_outcomes(unit))
