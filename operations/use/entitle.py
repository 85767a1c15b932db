"""Entitlements follow the facts: derived again, in the transaction that changed what they come from."""

from collections.abc import Sequence
from datetime import datetime

from db.queries.entitlements import Entitling, entitling_of
from db.queries.subscriptions import live_subscriptions
from db.save import entitlements as save
from db.unit_of_work import UnitOfWork
from domain.account import Account
from domain.dunning import Standing, standing
from domain.entitlement import derive
from domain.periods import local_day
from domain.subscription import BillingSubscription


async def entitle(unit: UnitOfWork, account: Account, since: datetime) -> None:
    """Write the account's effective values from `since` (the account's own time) on; its row is locked."""
    subscriptions = await live_subscriptions(unit.session, unit.scope, account)
    known = (await entitling_of(unit.session, unit.scope, [account.id]))[account.id]
    entitle_as_known(unit, account, subscriptions, known, since)


def entitle_as_known(
    unit: UnitOfWork, account: Account, live: Sequence[BillingSubscription], known: Entitling, since: datetime
) -> None:
    """The same where everything has been read; only what differs is written.

    While it is suspended for what it owes, its subscriptions grant nothing; what was set by hand stays. The dunning
    step that suspends derives again at its instant, and so does the payment that restores.
    """
    how = standing(known.oldest_due_on, local_day(since, account.zone))
    granting = () if how is Standing.SUSPENDED else live
    save.replace(unit, account, known.stored, derive(granting, known.overrides, since, account.zone, known.only), since)
