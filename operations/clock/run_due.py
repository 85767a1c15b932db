"""Everything due on accounts up to an instant, in order: what the worker and the clock both run.

Owns the order (instant, kind, id) and that it is one thing of each account a transaction, many accounts at once: a
crash between two leaves each done once or not at all, and running again adds nothing. Does not own what a thing does
(steps.py).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from db.engine import Database, DatabaseUnavailable
from db.queries.due import due_on
from db.unit_of_work import UnitOfWork, unit_of_work
from domain.actor import Actor
from domain.ids import AccountId, IdMaker
from domain.provider import PaymentProvider
from operations.clock.due import OUTSIDE, DueThing
from operations.clock.next_due import next_due
from operations.clock.steps import OUTSIDE_STEPS


@dataclass(frozen=True, slots=True)
class Runner:
    """Who runs what is due: on which database, as whom, at what real time, and whom payments are asked of.

    `moves_clocks`: the standing clock of a sandbox account goes along, to the instant of each thing.
    """

    database: Database
    actor: Actor
    ids: IdMaker
    clock: Callable[[], datetime]
    provider: PaymentProvider
    moves_clocks: bool = False


@dataclass(slots=True)
class Report:
    """What was done, in order, and on which accounts something went wrong."""

    done: list[DueThing] = field(default_factory=list)
    failed: dict[AccountId, Exception] = field(default_factory=dict)
    is_cut_short: bool = False
    """Whether more may be due: it was told to stop, or to do no more."""


async def run_due_batch(
    runner: Runner,
    account_ids: Sequence[AccountId],
    until: datetime | None = None,
    *,
    must_stop: Callable[[], bool] = lambda: False,
    most_rounds: int | None = None,
) -> Report:
    """Do everything due on these accounts, in order, up to `until` of their own time (None: the present).

    A batch that fails is split until the accounts that fail stand alone; what went wrong on each is in the report.
    `must_stop` is asked between two transactions, and `most_rounds` bounds how many there are; what is left is due
    still. Raises DatabaseUnavailable when it is nobody's fault.
    """
    report = Report()
    pending = [list(dict.fromkeys(account_ids))]
    rounds = 0
    while pending and not must_stop() and (most_rounds is None or rounds < most_rounds):
        batch = pending.pop()
        rounds += 1
        try:
            things = await _round(runner, batch, until or runner.clock())
            report.done += things
            remaining = await _due_still(runner, [thing.account_id for thing in things], until or runner.clock())
        except DatabaseUnavailable:
            raise
        except Exception as problem:  # noqa: BLE001 - whatever it was stands in the report, account by account
            if len(batch) == 1:
                report.failed[batch[0]] = problem
            else:
                middle = len(batch) // 2
                pending += [batch[middle:], batch[:middle]]
            continue
        if remaining:
            pending.append(remaining)
    report.is_cut_short = bool(pending)
    return report


async def _round(runner: Runner, account_ids: Sequence[AccountId], until: datetime) -> Sequence[DueThing]:
    now = runner.clock()
    async with unit_of_work(runner.database, runner.actor, runner.ids, now) as unit:
        things = await next_due(
            unit, account_ids, until, moves_clocks=runner.moves_clocks, real_time_only=not runner.moves_clocks
        )
    for thing in things:
        if thing.kind in OUTSIDE:
            await OUTSIDE_STEPS[thing.kind](
                lambda: unit_of_work(runner.database, runner.actor, runner.ids, now), runner.provider, thing
            )
    return things


async def _due_still(runner: Runner, account_ids: Sequence[AccountId], until: datetime) -> list[AccountId]:
    """Those of the accounts on which something else is due: looked at without a lock, the next round looks again."""
    if not account_ids:
        return []
    async with unit_of_work(runner.database, runner.actor, runner.ids, runner.clock()) as unit:
        due = {row.account_id for row in await due_on(unit.session, unit.scope, account_ids, until)}
    return [account_id for account_id in account_ids if account_id in due]


async def run_next_due(unit: UnitOfWork, account_id: AccountId, until: datetime) -> datetime | None:
    """Do the one thing that is due first on an account, at or before `until`; its instant, None when nothing is due."""
    things = await next_due(unit, [account_id], until)
    return things[0].at if things else None
