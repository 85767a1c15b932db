"""Everything due on some accounts, as far as it can be done: one that fails costs the others nothing.

Owns who does it, by which clock, and being told to stop. Does not own what is due, in which order, nor the way from a
batch to the accounts in it that fail (operations.run_due).
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

import structlog

from db.engine import Database
from db.identity import RandomIds
from db.sandbox_provider import SandboxProvider
from domain.actor import Actor, ActorKind, StaffRole
from domain.ids import AccountId
from operations.run_due import Runner, run_due_batch

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
    runner = Runner(database, SYSTEM, RandomIds(), clock, SandboxProvider(database))
    report = await run_due_batch(runner, account_ids, must_stop=must_stop)
    for account_id, problem in report.failed.items():
        log.warning("what is due on an account failed", account_id=account_id.hex, exc_info=problem)
    if report.is_cut_short:
        raise Stopped
    return report.failed
