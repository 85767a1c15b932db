"""Entitlements of several accounts derived again at once, in as many statements as for one."""

from collections.abc import Sequence
from datetime import datetime

from db.queries.entitlements import entitling_of
from db.queries.subscriptions import live_of
from db.unit_of_work import UnitOfWork
from domain.account import Account
from operations.use.entitle import entitle_as_known


async def entitle_all(unit: UnitOfWork, due: Sequence[tuple[Account, datetime]]) -> None:
    """Write the effective values of each of these accounts from its own instant on; their rows are locked."""
    live = await live_of(unit.session, unit.scope, [account for account, _ in due])
    known = await entitling_of(unit.session, unit.scope, [account.id for account, _ in due])
    for account, since in due:
        entitle_as_known(unit, account, [each.now for each in live[account.id]], known[account.id], since)
