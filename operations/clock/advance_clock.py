"""Move a sandbox account's clock forward: everything due in between happens, in order, exactly as the worker does it.

Owns who may, which way, and how far in one go. Does not own what is due (run_due.py).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from db import audit
from db.engine import Database
from db.queries.accounts import account as account_for
from db.queries.history import Happened, events_since, last_sequence
from db.save.accounts import clock as move_clock
from db.unit_of_work import unit_of_work
from domain.account import Account
from domain.account_opening import clock_time
from domain.actor import Actor, StaffRole, staff
from domain.commands import AdvanceClock
from domain.errors import Forbidden, InvalidInput, NotFound
from domain.ids import AccountId, IdMaker
from domain.provider import PaymentProvider
from domain.rights import acts_or_is_finance
from operations.clock.run_due import Runner, run_due_batch

MOST_STEPS = 500
"""How many things one call does, some ten seconds of work; what is left is done by the next."""
_JOBS = staff(StaffRole.SYSTEM)


@dataclass(frozen=True, slots=True)
class Advanced:
    """The clock stands at `clock_at`, and this happened on the way. Not `is_complete`: ask again, there is more."""

    account_id: AccountId
    clock_at: datetime
    happened: tuple[Happened, ...]
    is_complete: bool


async def advance_clock(
    database: Database,
    actor: Actor,
    ids: IdMaker,
    clock: Callable[[], datetime],
    provider: PaymentProvider,
    command: AdvanceClock,
    *,
    most_steps: int = MOST_STEPS,
) -> Advanced:
    """Do everything due on the account up to `to`, and set its clock there; `clock` tells real time.

    One thing a transaction, each moving the clock to its instant: a crash or a failure in the middle leaves the clock
    where it had got to, and the same call goes on from there. Raises NotFound, Forbidden, InvalidInput naming
    `accountId` for an account that lives in real time and `to` for an instant that its clock is past, or
    that no clock may be set to; and whatever went wrong in a step.
    """
    async with unit_of_work(database, actor, ids, clock()) as unit:
        found = await account_for(unit.session, unit.scope, command.account_id, for_change=True)
        if found is None:
            raise NotFound(command.account_id)
        if not acts_or_is_finance(actor, found.role):
            raise Forbidden(command.account_id)
        _ensure_forward(found.account, command.to)
        before = await last_sequence(unit.session, unit.scope, command.account_id)
    runner = Runner(database, _JOBS, ids, clock, provider, moves_clocks=True)
    report = await run_due_batch(runner, [command.account_id], command.to, most_rounds=most_steps)
    for problem in report.failed.values():
        raise problem
    is_complete = not report.is_cut_short
    async with unit_of_work(database, actor, ids, clock()) as unit:
        found = await account_for(unit.session, unit.scope, command.account_id, for_change=True)
        if found is None or found.account.clock_at is None:
            raise NotFound(command.account_id)
        reached = found.account.clock_at
        if is_complete and reached < command.to:
            await move_clock(unit, command.account_id, command.to)
            await unit.audit(
                audit.Entry(
                    command.account_id,
                    "account.advance_clock",
                    "Account",
                    UUID(int=command.account_id.int),
                    command.to,
                    before={"clockAt": reached.isoformat()},
                    after={"clockAt": command.to.isoformat()},
                )
            )
            reached = command.to
        happened = await events_since(unit.session, unit.scope, command.account_id, before)
    return Advanced(command.account_id, reached, happened, is_complete)


def _ensure_forward(account: Account, to: datetime) -> None:
    if account.clock_at is None:
        raise InvalidInput(("accountId",), "Only a sandbox account on a clock of its own can be moved in time.", None)
    clock_time(to, "to")
    if to < account.clock_at:
        message = f"The clock stands at {account.clock_at.isoformat()} and only moves forward."
        raise InvalidInput(("to",), message, to)
