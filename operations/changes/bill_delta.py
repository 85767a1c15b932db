"""Bill the delta of a change on an invoice of its own, or by what credit notes it takes."""

from dataclasses import replace
from datetime import date, datetime

from db.unit_of_work import UnitOfWork
from domain.ids import PlanChangeId
from domain.invoice import InvoiceReason
from domain.invoicing.documents import Documents, Heading
from domain.periods import local_day
from domain.plan_change.effects import Move
from domain.plan_change.prepare import Prepared
from operations.invoices.write_documents import write_documents


async def bill_delta(
    unit: UnitOfWork,
    prepared: Prepared,
    moved: Move,
    change_id: PlanChangeId,
    now: datetime,
    lapses_on: date | None = None,
) -> Documents:
    """Issue it at `now`, the account's own time, whenever it was priced; its lines name the items of the move.

    `lapses_on` is the day by which it is void unless it is paid, where the change waits for that.
    """
    of, account, delta = moved.subscription, prepared.facts.account, prepared.delta
    items = {item.component: item.id for item in of.items}
    heading = Heading(InvoiceReason.PLAN_CHANGE, of.id, of.period, items, cause=change_id, lapses_on=lapses_on)
    bill = replace(delta.bill, at=now, issued_on=local_day(now, account.zone))
    return await write_documents(unit, account, bill, heading, coverage=delta.coverage)
