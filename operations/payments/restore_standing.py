"""Paying restores: where an account was suspended and no longer is, its entitlements are derived again."""

from collections.abc import Sequence
from datetime import datetime

from db.queries.settlements import BilledInvoice, oldest_due_on
from db.unit_of_work import UnitOfWork
from domain.account import Account
from domain.dunning import Standing, standing
from domain.invoice import InvoiceStatus
from domain.periods import local_day
from operations.use.entitle import entitle


async def restore_standing(unit: UnitOfWork, account: Account, settled: Sequence[BilledInvoice], at: datetime) -> None:
    """Give access back if `settled`, invoices as they were, are what suspended the account, and are owed no more.

    One statement, and the entitlements' where it matters. `at` is the account's own time.
    """
    was_owed = [each.due_on for each in settled if each.owed.status is InvoiceStatus.OPEN and each.due_on]
    if not was_owed:
        return
    others = await oldest_due_on(unit.session, unit.scope, [account.id], but=[each.id for each in settled])
    left, today = others.get(account.id), local_day(at, account.zone)
    before = standing(min([*was_owed, left] if left else was_owed), today)
    if before is Standing.SUSPENDED and standing(left, today) is not Standing.SUSPENDED:
        await entitle(unit, account, at)
