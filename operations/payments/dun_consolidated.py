"""Take the step a payer's unpaid consolidated invoice has come to. The table is the same as of any invoice."""

from datetime import datetime

from db import audit
from db.queries import payments
from db.queries.consolidated import consolidated
from db.queries.dunning import steps_taken
from db.queries.settlements import of_consolidated
from db.save.consolidated import consolidated_step
from db.save.dunning import new_step
from db.unit_of_work import UnitOfWork
from domain.account import Account
from domain.dunning import DunningAction, next_step, next_step_at
from domain.ids import ConsolidatedInvoiceId
from domain.money import Money
from domain.money_events import consolidated_event
from operations.accounts.lock_children import in_its_own_time, lock_children
from operations.payments.open_payment import open_payment
from operations.use.entitle_all import entitle_all

_EVENTS = {
    DunningAction.REMIND: "reminded",
    DunningAction.BLOCK_CHANGES: "changes_blocked",
    DunningAction.SUSPEND: "suspended",
}


async def dun_consolidated(
    unit: UnitOfWork, payer: Account, consolidated_id: ConsolidatedInvoiceId, at: datetime
) -> bool:
    """Take the next step of a document of a payer whose row is locked, at the step's own instant.

    It is collected by the payer's default method. What suspends suspends the children, whose invoices are unpaid: their
    standing follows from the day on which the consolidated invoice was due. False: there was nothing to do.
    """
    session, scope = unit.session, unit.scope
    document = (await consolidated(session, scope, [consolidated_id])).get(consolidated_id)
    if document is None or document.paid_at or document.next_step_at is None or document.next_step_at > at:
        return False
    invoices = await of_consolidated(session, scope, [consolidated_id])
    due = Money(sum(invoice.owed.due_minor for invoice in invoices), document.total.currency)
    if due.is_zero:
        # its invoices were credited or voided one by one
        await consolidated_step(unit, payer.id, consolidated_id, next_step_at=None, paid_at=at)
        unit.emit(payer.id, consolidated_event("paid", consolidated_id, at, document.total, 0, len(invoices)))
        return True
    taken = (await steps_taken(session, scope, [payer.id], [consolidated_id])).get(consolidated_id, [])
    step = next_step(taken)
    if step is None:
        await consolidated_step(unit, payer.id, consolidated_id, next_step_at=None)
        return False
    await new_step(unit, payer.id, step, at, consolidated_id=consolidated_id)
    following = next_step_at([*taken, step.day], document.due_on, payer.zone, document.finalised_at)
    await consolidated_step(unit, payer.id, consolidated_id, next_step_at=following)
    if step.charges:
        await _collect(unit, payer, consolidated_id, due, at)
    for action in step.actions:
        if action in _EVENTS:
            event = consolidated_event(_EVENTS[action], consolidated_id, at, document.total, due.minor, len(invoices))
            unit.emit(payer.id, event)
    await unit.audit(
        audit.Entry(
            payer.id,
            "consolidated_invoice.dun",
            "ConsolidatedInvoice",
            consolidated_id,
            at,
            after={"day": step.day, "actions": [action.value for action in step.actions]},
        )
    )
    if DunningAction.SUSPEND in step.actions:
        unpaid = {invoice.account_id for invoice in invoices if invoice.owed.due_minor}
        children = (await lock_children(unit, unpaid)).values()
        await entitle_all(unit, [(child, in_its_own_time(child, payer, at, unit.recorded_at)) for child in children])
    return True


async def _collect(
    unit: UnitOfWork, payer: Account, consolidated_id: ConsolidatedInvoiceId, due: Money, at: datetime
) -> None:
    methods = (await payments.active_methods(unit.session, unit.scope, [payer.id])).get(payer.id, ())
    default = next((each for each in methods if each.is_default), None)
    is_under_way = consolidated_id in await payments.under_way(unit.session, unit.scope, [payer.id])
    if default is not None and not is_under_way:
        await open_payment(unit, payer.id, due, default, at, at, consolidated_id=consolidated_id)
