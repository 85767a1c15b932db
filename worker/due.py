"""Everything due on some accounts, as far as it can be done: one that fails costs the others nothing.

Owns the way from a batch to single accounts. Does not own what is due, and in which order (operations.run_due).
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

import structlog

from db.engine import Database, DatabaseUnavailable
from db.identity import RandomIds
from db.unit_of_work import unit_of_work
from domain.actor import Actor, ActorKind, StaffRole
from domain.ids import AccountId
from operations.run_due import run_next_due

SYSTEM = Actor(ActorKind.STAFF, staff_role=StaffRole.SYSTEM)
log = structlog.get_logger("worker")

Clock = Callable[[], datetime]
"""Tells real time; accounts on a standing clock are never in a job."""


class Stopped(Exception):
    """The worker was told to stop between two transactions. What is still due is found by the next look."""


async def run_all_due(
    database: Database, account_ids: Sequence[AccountId], clock: Clock, must_stop: Callable[[], bool]
) -> Mapping[AccountId, Exception]:
    """Do everything due on each account by now; what went wrong on those that failed.

    Raises `Stopped` between two transactions, `DatabaseUnavailable` when it is nobody's fault.
    """
    try:
        await _run_due(database, account_ids, clock, must_stop)
    except (Stopped, DatabaseUnavailable):
        raise
    except Exception as problem:
        if len(account_ids) == 1:
            return {account_ids[0]: problem}
        log.warning("a batch failed, its accounts go one by one", accounts=len(account_ids), exc_info=problem)
    else:
        return {}
    failed: dict[AccountId, Exception] = {}
    for account_id in account_ids:
        failed |= await run_all_due(database, [account_id], clock, must_stop)
    return failed


async def _run_due(
    database: Database, account_ids: Sequence[AccountId], clock: Clock, must_stop: Callable[[], bool]
) -> None:
    """The one door to what is due: a batch that fails may have been done in part."""
    for account_id in account_ids:
        is_due = True
        while is_due:
            if must_stop():
                raise Stopped
            now = clock()
            async with unit_of_work(database, SYSTEM, RandomIds(), now) as unit:
                is_due = await run_next_due(unit, account_id, now) is not None
