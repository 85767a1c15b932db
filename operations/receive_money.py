"""Money came in for invoices: what is due falls, a surplus goes to the credit balance, access comes back."""

from datetime import datetime

from db.queries.credits import ledgers
from db.queries.settlements import BilledInvoice
from db.save.credits import credit_ledger
from db.save.settlements import settlement
from db.unit_of_work import UnitOfWork
from domain.account import Account
from domain.invoice import InvoiceStatus
from domain.money import Money
from domain.money_events import credit_event, invoice_event
from domain.settlement import Received, receive


async def receive_money(
    unit: UnitOfWork, account: Account, invoice: BilledInvoice, amount: Money, at: datetime, memo: str
) -> Received:
    """Record an amount, more than nothing, for one invoice of an account whose row is locked.

    What the invoice no longer asked for (it was credited or voided while the money was under way) becomes credit, of
    the account that paid. Whether the account's standing is restored is asked once all money is recorded.
    """
    received = receive(invoice.owed, amount.minor)
    after = received.invoice
    await settlement(unit, account.id, invoice.owed, after, at)
    is_paid = after.status is InvoiceStatus.PAID and invoice.owed.status is not InvoiceStatus.PAID
    unit.emit(account.id, invoice_event("paid" if is_paid else "payment_received", after, at))
    if received.surplus_minor:
        ledger = (await ledgers(unit.session, unit.scope, [account]))[account.id]
        surplus = Money(received.surplus_minor, account.currency)
        granted = ledger.grant(surplus, at, unit.ids, invoice_id=invoice.id, memo=memo)
        await credit_ledger(unit, account.id, granted.entries)
        unit.emit(account.id, *(credit_event(entry, account.id) for entry in granted.entries))
    return received
