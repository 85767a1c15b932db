"""A payer's money for a consolidated invoice: shared over the children's invoices on it, the oldest first."""

from datetime import datetime

from db.queries.consolidated import consolidated
from db.queries.credits import ledgers
from db.queries.settlements import BilledInvoice, of_consolidated
from db.save.consolidated import consolidated_step
from db.save.credits import credit_ledger
from db.unit_of_work import UnitOfWork
from domain.account import Account
from domain.errors import NotFound
from domain.ids import ConsolidatedInvoiceId
from domain.money import Money
from domain.money_events import consolidated_event, credit_event
from operations.accounts.lock_children import in_its_own_time, lock_children
from operations.payments.receive_money import receive_money
from operations.payments.restore_standing import restore_standing

_MEMO = "More came in for a consolidated invoice than was due."


async def settle_consolidated(
    unit: UnitOfWork, payer: Account, consolidated_id: ConsolidatedInvoiceId, amount: Money, at: datetime
) -> None:
    """Record an amount for the document of a payer whose row is locked; its children's rows are locked here, by id.

    What each child's invoice gets stands beside it, with an event of its own, in the child's own time. What none asks
    for any more becomes credit of the payer. Raises NotFound.
    """
    document = (await consolidated(unit.session, unit.scope, [consolidated_id])).get(consolidated_id)
    invoices = await of_consolidated(unit.session, unit.scope, [consolidated_id])
    if document is None:
        raise NotFound(consolidated_id)
    children = await lock_children(unit, {invoice.account_id for invoice in invoices})
    # read again under the locks: a child's invoice may have been credited meanwhile
    invoices = await of_consolidated(unit.session, unit.scope, [consolidated_id])
    its_time = {key: in_its_own_time(child, payer, at, unit.recorded_at) for key, child in children.items()}
    left = amount.minor
    settled: list[BilledInvoice] = []
    for invoice in invoices:
        share = min(left, invoice.owed.due_minor)
        if share:
            left -= share
            paid = Money(share, amount.currency)
            await receive_money(unit, children[invoice.account_id], invoice, paid, its_time[invoice.account_id], _MEMO)
            settled += [invoice] if share == invoice.owed.due_minor else []
    if left:
        ledger = (await ledgers(unit.session, unit.scope, [payer]))[payer.id]
        granted = ledger.grant(Money(left, amount.currency), at, unit.ids, memo=_MEMO)
        await credit_ledger(unit, payer.id, granted.entries)
        unit.emit(payer.id, *(credit_event(entry, payer.id) for entry in granted.entries))
    due = sum(invoice.owed.due_minor for invoice in invoices) - (amount.minor - left)
    if due == 0 and document.paid_at is None:
        await consolidated_step(unit, payer.id, consolidated_id, next_step_at=None, paid_at=at)
    type_ = "paid" if due == 0 else "payment_received"
    unit.emit(payer.id, consolidated_event(type_, consolidated_id, at, document.total, due, len(invoices)))
    for child in children.values():
        own = [invoice for invoice in settled if invoice.account_id == child.id]
        await restore_standing(unit, child, own, its_time[child.id])
