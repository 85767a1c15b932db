"""Make a draft final: from now on its document never changes. It gets its number, and the credit balance pays of it."""

from dataclasses import replace
from datetime import datetime

from db import audit
from db.queries.settlements import BilledInvoice
from db.save import invoices
from db.unit_of_work import UnitOfWork
from domain.account import Account
from domain.credit_ledger import Ledger
from domain.dunning import next_step_at
from domain.invoice import InvoiceEvent, InvoiceStatus, after
from domain.money_events import invoice_event
from domain.periods import local_day
from domain.settlement import Owed, settled
from operations.invoices.spend_credit import spend_credit


async def finalise_invoice(
    unit: UnitOfWork, account: Account, draft: BilledInvoice, at: datetime, ledger: Ledger
) -> tuple[Ledger, Owed]:
    """Finalise a draft of an account whose row is locked, at an instant of its own time; reads nothing.

    It is issued that local day and due by the account's terms. Gives the ledger and the invoice as they then are; one
    over nothing is PAID. Raises InvalidTransition for an invoice that is no draft.
    """
    issued_on = local_day(at, account.zone)
    due_on = account.terms.due_on(issued_on)
    owed = settled(replace(draft.owed, status=after(draft.owed.status, InvoiceEvent.FINALISED)))
    is_asked_for = owed.status is InvoiceStatus.OPEN and account.payer_id is None
    step_at = next_step_at((), due_on, account.zone, at) if is_asked_for else None
    await invoices.final_invoice(unit, account, draft.id, owed.status, issued_on, due_on, at, step_at)
    says = {"issuedOn": issued_on.isoformat(), "dueOn": due_on.isoformat()}
    unit.emit(account.id, invoice_event("finalised", owed, at, **says))
    await unit.audit(
        audit.Entry(
            account.id,
            "invoice.finalise",
            "Invoice",
            draft.id,
            at,
            before={"status": draft.owed.status.value},
            after={"status": owed.status.value},
        )
    )
    if owed.status is not InvoiceStatus.OPEN:
        unit.emit(account.id, invoice_event("paid", owed, at))
        return ledger, owed
    return await spend_credit(unit, account, ledger, owed, at)
