"""Entitlements follow the facts: derived again, in the transaction that changed what they come from."""

from datetime import datetime

from db.queries import plan_change as facts
from db.queries.subscriptions import live_subscriptions
from db.save import entitlements as save
from db.unit_of_work import UnitOfWork
from domain.account import Account
from domain.entitlement import derive


async def entitle(unit: UnitOfWork, account: Account, since: datetime) -> None:
    """Write the account's effective values from `since` (the account's own time) on; its row is locked."""
    subscriptions = await live_subscriptions(unit.session, unit.scope, account)
    overrides = await facts.overrides(unit.session, unit.scope, account)
    await save.timeline(unit, account, derive(subscriptions, overrides, since, account.zone), since)
