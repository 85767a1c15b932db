"""Everything due on the accounts of a job: the worker's door to what the operations do.

Owns as whom, with which ids and through which payment provider it is done, and the bound of one job. Does not own what
is due, its order, nor that one account that fails costs the others nothing (operations.clock.run_due).
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final

from db.engine import Database
from db.identity import RandomIds
from db.sandbox_provider import SandboxProvider
from domain.actor import Actor, ActorKind, StaffRole
from domain.ids import AccountId
from operations.clock.run_due import Report, Runner, run_due_batch

SYSTEM: Final = Actor(ActorKind.STAFF, staff_role=StaffRole.SYSTEM)
MOST_ROUNDS: Final = 2000
"""Transactions of one job: years of what is due. Something that stays due for ever does not hold a worker for ever."""

Clock = Callable[[], datetime]
"""Tells real time; accounts on a standing clock are left alone."""


async def run_all_due(
    database: Database, account_ids: Sequence[AccountId], clock: Clock, must_stop: Callable[[], bool]
) -> Report:
    """Do everything due on each account by now; the report names those that failed, and says if it was cut short.

    `must_stop` is asked between two transactions. Raises `DatabaseUnavailable` when it is nobody's fault.
    """
    runner = Runner(database, SYSTEM, RandomIds(), clock, SandboxProvider(database))
    return await run_due_batch(runner, account_ids, must_stop=must_stop, most_rounds=MOST_ROUNDS)
