"""Bill a move onto other terms that waits for its money: the first half of a change that is paid first."""

from datetime import date, datetime

from db.save import subscriptions
from db.unit_of_work import UnitOfWork
from domain.ids import PlanChangeId
from domain.invoicing.documents import Documents
from domain.plan_change.awaiting import LaidOut
from domain.plan_change.effects import move
from domain.plan_change.prepare import Prepared
from operations.changes.bill_delta import bill_delta


async def bill_switch(
    unit: UnitOfWork, prepared: Prepared, change_id: PlanChangeId, now: datetime, lapses_on: date
) -> tuple[Documents, LaidOut]:
    """Issue the invoice of the delta; nothing moves. `lapses_on` is the day it is void by unless it is paid.

    What the end of the present period owes in arrears is billed when the switch is made, as the books then are.
    """
    moved = move(prepared.facts, prepared.course, unit.ids)
    await subscriptions.laid_out(unit, moved)
    documents = await bill_delta(unit, prepared, moved, change_id, now, lapses_on)
    return documents, LaidOut({item.component: item.id for item in moved.opened}, prepared.delta.coverage)
