"""`billing work`: renew what is due, as long as it runs. Accounts on a standing clock are left to whoever moves it.

Owns the rhythm and that one failing account does not hold up the others. Does not own what is due (operations).
"""

import asyncio
import signal
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from datetime import UTC, datetime

import structlog

from db.engine import Database, DatabaseUnavailable
from db.identity import RandomIds
from db.queries.accounts import due_accounts
from db.unit_of_work import unit_of_work
from domain.actor import Actor, ActorKind, StaffRole
from domain.ids import AccountId
from operations.run_due import run_next_due

POLL_S = 5.0
ACCOUNTS_AT_ONCE = 100
RETRY_AFTER_S = 300.0

SYSTEM = Actor(ActorKind.STAFF, staff_role=StaffRole.SYSTEM)
log = structlog.get_logger("worker")


async def run(database: Database) -> None:
    """Work until SIGINT or SIGTERM; the renewal under way is finished first."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, stop.set)
    log.info("worker started")
    await work(database, stop, lambda: datetime.now(UTC))
    log.info("worker stopped")


async def work(database: Database, stop: asyncio.Event, clock: Callable[[], datetime]) -> None:
    """Look for due accounts and renew them until `stop` is set; `clock` tells real time."""
    resting: dict[AccountId, float] = {}
    while not stop.is_set():
        now_s = asyncio.get_running_loop().time()
        resting = {account: until_s for account, until_s in resting.items() if until_s > now_s}
        done = 0
        try:
            due = await _due(database, clock(), resting)
        except DatabaseUnavailable as problem:
            log.error("cannot look for what is due", error=str(problem))
            due = []
        for account_id in due:
            if stop.is_set():
                return
            try:
                done += await renew_account(database, account_id, clock)
            except Exception as problem:
                resting[account_id] = now_s + RETRY_AFTER_S
                log.error("renewal failed", account_id=account_id.hex, error=type(problem).__name__, exc_info=problem)
        if done == 0:
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), POLL_S)


async def _due(database: Database, now: datetime, resting: Collection[AccountId]) -> Sequence[AccountId]:
    # without those at rest: as many as fit one look would otherwise be all it ever sees
    async with unit_of_work(database, SYSTEM, RandomIds(), now) as unit:
        return await due_accounts(unit.session, unit.scope, now, ACCOUNTS_AT_ONCE, but=resting)


async def renew_account(database: Database, account_id: AccountId, clock: Callable[[], datetime]) -> int:
    """Everything due on one account by now, one transaction each; how many there were."""
    done = 0
    while True:
        now = clock()
        async with unit_of_work(database, SYSTEM, RandomIds(), now) as unit:
            if await run_next_due(unit, account_id, now) is None:
                return done
        done += 1
