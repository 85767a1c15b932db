"""Bill the part of a period that a change ends: what it owes in arrears, and what came late before it."""

from dataclasses import replace
from datetime import datetime

from db.unit_of_work import UnitOfWork
from domain.invoice import InvoiceReason
from domain.invoicing.documents import Heading
from domain.plan_change.early_close import early_close
from domain.plan_change.prepare import Prepared
from operations.changes.early_close_facts import EarlyClose
from operations.invoices.write_documents import write_documents


async def close_early(unit: UnitOfWork, prepared: Prepared, ended: EarlyClose | None, now: datetime) -> None:
    """An invoice of its own, beside the delta's; nothing where no period ends."""
    if ended is None:
        return
    facts, (closing, late) = prepared.facts, ended
    bill = replace(early_close(facts, prepared.delta, closing, late), at=now)
    heading = Heading(InvoiceReason.PLAN_CHANGE, facts.subscription.id, closing.span.period)
    await write_documents(unit, facts.account, bill, heading)
