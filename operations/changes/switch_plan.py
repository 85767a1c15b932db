"""Move a subscription onto the target of a change taken at once, and bill the delta and what ends early by it."""

from datetime import datetime

from db.unit_of_work import UnitOfWork
from domain.ids import PlanChangeId
from domain.invoicing.documents import Documents
from domain.plan_change.effects import move
from domain.plan_change.prepare import Prepared
from operations.changes.bill_delta import bill_delta
from operations.changes.close_early import close_early
from operations.changes.early_close_facts import load_early_close
from operations.changes.write_move import write_move


async def switch_plan(unit: UnitOfWork, prepared: Prepared, change_id: PlanChangeId, now: datetime) -> Documents:
    """Move the subscription onto the target: close and open items, bill the delta on its own invoice.

    Items change at the instant the change was prepared for; the invoice is issued at `now`, the account's own time.
    Entitlements and the change's own record are the caller's. Returns what bills the delta, nothing where it is empty.
    """
    ended = await load_early_close(unit, prepared)
    moved = move(prepared.facts, prepared.course, unit.ids)
    await write_move(unit, moved, now)
    documents = await bill_delta(unit, prepared, moved, change_id, now)
    await close_early(unit, prepared, ended, now)
    return documents
