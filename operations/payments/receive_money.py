"""Money came in for invoices: what is due falls, a surplus goes to the credit balance, what waited for it happens."""

from datetime import datetime

from db.queries.changes import awaiting_change
from db.queries.credits import ledgers
from db.queries.settlements import BilledInvoice
from db.save.credits import credit_ledger
from db.save.settlements import settlement
from db.unit_of_work import UnitOfWork
from domain.account import Account
from domain.invoice import InvoiceStatus
from domain.money import Money
from domain.money_events import credit_event, invoice_event
from domain.plan_change.awaiting import is_in_time
from domain.plan_change.verdict import PlanChangeStatus
from domain.settlement import Received, receive
from operations.changes.lapse_change import lapse_change
from operations.changes.take_paid_change import take_paid_change


async def receive_money(
    unit: UnitOfWork,
    account: Account,
    invoice: BilledInvoice,
    amount: Money,
    at: datetime,
    memo: str,
    *,
    asked_at: datetime | None = None,
) -> Received:
    """Record an amount, more than nothing, for one invoice of an account whose row is locked.

    What the invoice no longer asked for (it was credited or voided while the money was under way) becomes credit, of
    the account that paid. A plan change that waits for the invoice takes effect once it is paid; what comes too late
    for it finds the invoice void. `asked_at` is when the money was asked for, where that was before `at`. Whether the
    account's standing is restored is asked once all money is recorded.
    """
    change = invoice.change_id and await awaiting_change(unit.session, unit.scope, account.id, invoice.change_id)
    owed = invoice.owed
    if change and not is_in_time(change.expires_at, change.period_end, asked_at or at, at):
        owed, change = await lapse_change(unit, account, change, PlanChangeStatus.EXPIRED, at), None
    received = receive(owed, amount.minor)
    after = received.invoice
    await settlement(unit, account.id, owed, after, at)
    is_paid = after.status is InvoiceStatus.PAID and owed.status is not InvoiceStatus.PAID
    unit.emit(account.id, invoice_event("paid" if is_paid else "payment_received", after, at))
    if received.surplus_minor:
        ledger = (await ledgers(unit.session, unit.scope, [account]))[account.id]
        surplus = Money(received.surplus_minor, account.currency)
        granted = ledger.grant(surplus, at, unit.ids, invoice_id=invoice.id, memo=memo)
        await credit_ledger(unit, account.id, granted.entries)
        unit.emit(account.id, *(credit_event(entry, account.id) for entry in granted.entries))
    if change and is_paid:
        await take_paid_change(unit, account, change, at)
    return received
