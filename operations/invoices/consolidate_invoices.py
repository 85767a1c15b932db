"""Consolidate: one document for a payer over its children's open invoices, on the payer's day of the month."""

from datetime import datetime

from db import audit
from db.queries.consolidated import consolidation_day, waiting
from db.save.consolidated import ConsolidatedInvoice, consolidation, new_consolidated, put_on
from db.unit_of_work import UnitOfWork
from domain.account import Account
from domain.consolidation import next_consolidation_at
from domain.dunning import next_step_at
from domain.ids import AccountId, ConsolidatedInvoiceId, InvoiceId
from domain.money import Money
from domain.money_events import consolidated_event
from domain.periods import local_day
from operations.accounts.lock_children import lock_children


async def consolidate_invoices(unit: UnitOfWork, payer: Account, at: datetime) -> ConsolidatedInvoiceId | None:
    """Issue the payer's document over what waits for it at `at`, its own time, and set the day of the next.

    The payer's row is locked by the caller, its children's are locked here. The invoices stay the children's; from now
    on they are due by this document. Only those in the payer's currency are on it. None: nothing waited.
    """
    day = await consolidation_day(unit.session, unit.scope, payer.id)
    await consolidation(unit, payer.id, day, next_consolidation_at(day, payer.zone, at) if day else None)
    found = await waiting(unit.session, unit.scope, payer.id, payer.currency, at)
    await lock_children(unit, {invoice.account_id for invoice in found})
    # read again under the locks: one may have been voided or credited meanwhile
    found = await waiting(unit.session, unit.scope, payer.id, payer.currency, at)
    if not found:
        return None
    issued_on = local_day(at, payer.zone)
    due_on = payer.terms.due_on(issued_on)
    document = ConsolidatedInvoice(
        id=ConsolidatedInvoiceId(unit.ids.new()),
        total=Money(sum(invoice.due_minor for invoice in found), payer.currency),
        invoices=len(found),
        issued_on=issued_on,
        due_on=due_on,
        finalised_at=at,
        next_step_at=next_step_at((), due_on, payer.zone, at),
    )
    await new_consolidated(unit, payer, document)
    of: dict[AccountId, list[InvoiceId]] = {}
    for invoice in found:
        of.setdefault(invoice.account_id, []).append(invoice.id)
    for account_id, invoice_ids in of.items():
        await put_on(unit, account_id, invoice_ids, document.id, due_on)
    event = consolidated_event("finalised", document.id, at, document.total, document.total.minor, document.invoices)
    unit.emit(payer.id, event)
    await unit.audit(
        audit.Entry(
            payer.id,
            "consolidated_invoice.issue",
            "ConsolidatedInvoice",
            document.id,
            at,
            after={"invoices": document.invoices, "totalMinor": document.total.minor},
        )
    )
    return document.id
