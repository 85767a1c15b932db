"""Spend the credit balance on an invoice that has become final: oldest grant first, after tax."""

from datetime import datetime

from db.save.credits import credit_ledger
from db.save.settlements import settlement
from db.unit_of_work import UnitOfWork
from domain.account import Account
from domain.credit_ledger import Ledger
from domain.money import Money
from domain.money_events import credit_event, invoice_event
from domain.settlement import Owed, pay_with_credit


async def spend_credit(
    unit: UnitOfWork, account: Account, ledger: Ledger, invoice: Owed, at: datetime
) -> tuple[Ledger, Owed]:
    """Pay what the balance can of an open invoice, written before or in this very unit; reads nothing.

    `ledger` is the account's as it stands (db.queries.credits.ledgers, for many accounts at once), whose row is locked.
    Gives both as they then are, the ledger without new entries: they are written. An invoice paid whole is PAID.
    """
    spent = ledger.apply(Money(invoice.due_minor, invoice.currency), invoice.id, at, unit.ids)
    if spent is ledger:
        return ledger, invoice
    after = pay_with_credit(invoice, spent.applied_to(invoice.id).minor)
    await settlement(unit, account.id, invoice, after, at)
    await credit_ledger(unit, account.id, spent.entries)
    unit.emit(account.id, *(credit_event(entry, account.id) for entry in spent.entries))
    unit.emit(account.id, invoice_event("paid" if after.due_minor == 0 else "credit_applied", after, at))
    return spent.written(), after
