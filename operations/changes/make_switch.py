"""Make a move onto other terms whose invoice is paid: the second half of a change that is paid first."""

from datetime import datetime

from db.unit_of_work import UnitOfWork
from domain.plan_change.awaiting import LaidOut
from domain.plan_change.effects import move
from domain.plan_change.prepare import Prepared
from operations.changes.close_early import close_early
from operations.changes.early_close_facts import load_early_close
from operations.changes.write_move import write_move


async def make_switch(unit: UnitOfWork, prepared: Prepared, laid_out: LaidOut, now: datetime) -> None:
    """Move the subscription as its paid invoice says: the items laid out for it begin at the instant it was priced at.

    `prepared` is of that instant; its delta is billed already, the end of the present period is billed here.
    """
    ended = await load_early_close(unit, prepared)
    moved = move(prepared.facts, prepared.course, unit.ids, laid_out.items)
    await write_move(unit, moved, now, laid_out.items.values())
    await close_early(unit, prepared, ended, now)
