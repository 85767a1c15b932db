"""Entitlements follow the facts: derived again, in the transaction that changed what they come from."""

from datetime import datetime

from db.queries import plan_change as facts
from db.queries.settlements import oldest_due_on
from db.queries.subscriptions import live_subscriptions
from db.save import entitlements as save
from db.unit_of_work import UnitOfWork
from domain.account import Account
from domain.dunning import Standing, standing
from domain.entitlement import derive
from domain.periods import local_day


async def entitle(unit: UnitOfWork, account: Account, since: datetime) -> None:
    """Write the account's effective values from `since` (the account's own time) on; its row is locked.

    While it is suspended for what it owes, its subscriptions grant nothing; what was set by hand stays. The dunning
    step that suspends derives again at its instant, and so does the payment that restores.
    """
    due_on = (await oldest_due_on(unit.session, unit.scope, [account.id])).get(account.id)
    is_suspended = standing(due_on, local_day(since, account.zone)) is Standing.SUSPENDED
    subscriptions = [] if is_suspended else await live_subscriptions(unit.session, unit.scope, account)
    overrides = await facts.overrides(unit.session, unit.scope, account)
    await save.timeline(unit, account, derive(subscriptions, overrides, since, account.zone), since)
