"""Take the step an unpaid invoice has come to: collect, remind, charge again, block, suspend. Each once."""

from datetime import datetime

from db import audit
from db.queries import payments
from db.queries.dunning import steps_taken
from db.queries.settlements import billed_invoices
from db.save.dunning import new_step
from db.save.settlements import next_step as save_next_step
from db.unit_of_work import UnitOfWork
from domain.account import Account
from domain.dunning import DunningAction, next_step, next_step_at
from domain.ids import InvoiceId
from domain.invoice import InvoiceStatus
from domain.money import Money
from domain.money_events import dunning_event
from operations.entitle import entitle
from operations.open_payment import open_payment


async def take_dunning_step(unit: UnitOfWork, account: Account, invoice_id: InvoiceId, at: datetime) -> bool:
    """Take the next step of an open invoice of an account whose row is locked, at the step's own instant.

    A charge is only written down here; it is due at once, and asked for outside the transaction (poll_payment). None
    is begun while one is under way, or where the account has no default method: then the step reminds alone. False:
    there was nothing to do.
    """
    session, scope = unit.session, unit.scope
    invoice = (await billed_invoices(session, scope, [invoice_id])).get(invoice_id)
    if invoice is None or invoice.next_step_at is None or invoice.next_step_at > at:
        return False
    taken = (await steps_taken(session, scope, [account.id], [invoice_id])).get(invoice_id, [])
    step = next_step(taken) if invoice.owed.status is InvoiceStatus.OPEN else None
    if step is None or invoice.due_on is None or invoice.finalised_at is None:
        await save_next_step(unit, account.id, invoice_id, None)
        return False
    days = [*taken, step.day]
    await new_step(unit, account.id, step, at, invoice_id=invoice_id)
    following = next_step_at(days, invoice.due_on, account.zone, invoice.finalised_at)
    await save_next_step(unit, account.id, invoice_id, following)
    if step.charges:
        method = (await payments.active_methods(session, scope, [account.id])).get(account.id, ())
        default = next((each for each in method if each.is_default), None)
        is_under_way = invoice_id in await payments.under_way(session, scope, [account.id])
        if default is not None and not is_under_way:
            due = Money(invoice.owed.due_minor, invoice.owed.currency)
            await open_payment(unit, account.id, due, default, at, at, invoice_id=invoice_id)
    unit.emit(account.id, *dunning_event(step, invoice.owed, invoice.due_on, at))
    await unit.audit(
        audit.Entry(
            account.id,
            "invoice.dun",
            "Invoice",
            invoice_id,
            at,
            after={"day": step.day, "actions": [action.value for action in step.actions]},
        )
    )
    if DunningAction.SUSPEND in step.actions:
        await entitle(unit, account, at)
    return True
