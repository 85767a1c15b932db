"""Take the steps unpaid invoices have come to: collect, remind, charge again, block, suspend. Each once."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from db import audit
from db.queries import payments
from db.queries.dunning import steps_taken
from db.queries.settlements import BilledInvoice, billed_invoices
from db.save.dunning import new_step
from db.save.settlements import next_step as save_next_step
from db.unit_of_work import UnitOfWork
from domain.account import Account
from domain.dunning import DunningAction, DunningStep, next_step, next_step_at
from domain.ids import InvoiceId
from domain.invoice import InvoiceStatus
from domain.money import Money
from domain.money_events import dunning_event
from operations.clock.due import DueOn
from operations.payments.open_payment import open_payment
from operations.use.entitle_all import entitle_all


async def take_dunning_steps(unit: UnitOfWork, due: Sequence[DueOn]) -> Mapping[InvoiceId, DunningStep]:
    """Take the next step of each of these open invoices, at its own instant; one an account, whose row is locked.

    A charge is only written down here; it is due at once, and asked for outside the transaction (poll_payment). None
    is begun while one is under way, or where the account has no default method: then the step reminds alone. Gives the
    steps taken; where there was nothing to do there is none. As many statements as for one.
    """
    session, scope, account_ids = unit.session, unit.scope, [each.account.id for each in due]
    invoices = await billed_invoices(session, scope, [InvoiceId(each.thing.id) for each in due])
    taken = await steps_taken(session, scope, account_ids, list(invoices))
    steps: dict[InvoiceId, DunningStep] = {}
    stepping: list[tuple[Account, BilledInvoice, datetime]] = []
    for each in due:
        invoice = invoices.get(InvoiceId(each.thing.id))
        if invoice is None or invoice.next_step_at is None or invoice.next_step_at > each.thing.at:
            continue
        step = next_step(taken.get(invoice.id, ())) if invoice.owed.status is InvoiceStatus.OPEN else None
        if step is None or invoice.due_on is None or invoice.finalised_at is None:
            await save_next_step(unit, each.account.id, invoice.id, None)
            continue
        steps[invoice.id] = step
        stepping.append((each.account, invoice, each.thing.at))
    charging = [account.id for account, invoice, _ in stepping if steps[invoice.id].charges]
    methods = await payments.active_methods(session, scope, charging) if charging else {}
    under_way = await payments.under_way(session, scope, charging) if charging else {}
    for account, invoice, at in stepping:
        step = steps[invoice.id]
        await _take(unit, account, invoice, step, taken.get(invoice.id, ()), at)
        default = next((method for method in methods.get(account.id, ()) if method.is_default), None)
        if step.charges and default is not None and invoice.id not in under_way:
            due_money = Money(invoice.owed.due_minor, invoice.owed.currency)
            await open_payment(unit, account.id, due_money, default, at, at, invoice_id=invoice.id)
        await _tell(unit, account, invoice, step, at)
    suspending = {invoice_id for invoice_id, step in steps.items() if DunningAction.SUSPEND in step.actions}
    if suspending:
        await entitle_all(unit, [(account, at) for account, invoice, at in stepping if invoice.id in suspending])
    return steps


async def _take(
    unit: UnitOfWork, account: Account, invoice: BilledInvoice, step: DunningStep, taken: Sequence[int], at: datetime
) -> None:
    assert invoice.due_on is not None, "a final invoice has a day to be paid by"
    assert invoice.finalised_at is not None, "only a final invoice is asked for"
    await new_step(unit, account.id, step, at, invoice_id=invoice.id)
    following = next_step_at([*taken, step.day], invoice.due_on, account.zone, invoice.finalised_at)
    await save_next_step(unit, account.id, invoice.id, following)


async def _tell(unit: UnitOfWork, account: Account, invoice: BilledInvoice, step: DunningStep, at: datetime) -> None:
    assert invoice.due_on is not None, "a final invoice has a day to be paid by"
    unit.emit(account.id, *dunning_event(step, invoice.owed, invoice.due_on, at))
    await unit.audit(
        audit.Entry(
            account.id,
            "invoice.dun",
            "Invoice",
            invoice.id,
            at,
            after={"day": step.day, "actions": [action.value for action in step.actions]},
        )
    )
