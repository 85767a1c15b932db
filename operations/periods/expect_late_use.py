"""Use that comes in for a subscription that has ended: it is billed where its next invoice would have been.

Owns noticing it. Does not own the bill (bill_late_use.py), nor use that a draft still waits for (move_drafts.py).
"""

from collections.abc import Sequence

from db.queries.accounts import locked_accounts
from db.queries.subscriptions import live_of
from db.queries.usage import ended_over
from db.save.subscriptions import late_use_expected
from db.save.usage import Measured
from db.unit_of_work import UnitOfWork
from domain.periods import period_at


async def expect_late_use(unit: UnitOfWork, kept: Sequence[Measured]) -> None:
    """Lay the bill of these newly kept events out ahead, for each subscription that had ended when they came in.

    One statement where there is none. Else all accounts of the events are locked, in the order of their ids, so that
    no look at the use of one misses them: it comes before, or it is asked to look again.
    """
    over = await ended_over(
        unit.session, unit.scope, [(each.event.account_id, each.event.occurred_at) for each in kept]
    )
    if not over:
        return
    accounts = await locked_accounts(unit.session, unit.scope, {each.event.account_id for each in kept})
    live = await live_of(unit.session, unit.scope, [accounts[account_id] for account_id in over.values()], also=[*over])
    for account_id in set(over.values()):
        now = accounts[account_id].now(unit.recorded_at)
        for subscription in (each.now for each in live[account_id] if each.now.id in over):
            at = period_at(subscription.anchor, subscription.interval, now).end
            await late_use_expected(unit, subscription, at)
