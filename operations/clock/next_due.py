"""Do what is due first on each of some accounts, in one transaction.

Owns the order of what is due on an account: by instant, then kind, then id. Does not own going on (run_due.py).
"""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime

from db.queries.accounts import locked_accounts
from db.queries.due import due_on
from db.save.accounts import clock as move_clock
from db.unit_of_work import UnitOfWork
from domain.ids import AccountId
from operations.clock.due import OUTSIDE, DueKind, DueOn, DueThing
from operations.clock.steps import STEPS


async def next_due(
    unit: UnitOfWork,
    account_ids: Collection[AccountId],
    until: datetime,
    *,
    moves_clocks: bool = False,
    real_time_only: bool = False,
) -> Sequence[DueThing]:
    """Do the first thing due on each of these accounts, at or before `until`, and give what was due.

    Things that ask somebody else are only named: whoever calls does them once this transaction has ended.
    `moves_clocks`: standing clocks go along, to the instant of each thing; `real_time_only`: accounts on one are left.
    """
    accounts = await locked_accounts(unit.session, unit.scope, account_ids)
    if real_time_only:
        accounts = {account_id: account for account_id, account in accounts.items() if account.clock_at is None}
    first: dict[AccountId, DueThing] = {}
    for row in await due_on(unit.session, unit.scope, list(accounts), until):
        thing = DueThing(row.at, DueKind[row.kind], row.id, row.account_id)
        if row.account_id not in first or thing < first[row.account_id]:
            first[row.account_id] = thing
    things = sorted(first.values())
    for thing in things if moves_clocks else ():
        stands_at = accounts[thing.account_id].clock_at
        if stands_at is not None and stands_at < thing.at:
            await move_clock(unit, thing.account_id, thing.at)
            accounts[thing.account_id] = replace(accounts[thing.account_id], clock_at=thing.at)
    for kind in sorted({thing.kind for thing in things} - OUTSIDE):
        due = [DueOn(accounts[thing.account_id], thing) for thing in things if thing.kind is kind]
        await STEPS[kind](unit, due)
    return things
