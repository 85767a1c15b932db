"""Write where a change leaves its subscription: items that end and begin, its own row, the event that says so."""

from collections.abc import Collection
from datetime import datetime

from db.save import subscriptions
from db.unit_of_work import UnitOfWork
from domain.events import items_said, subscription_event
from domain.ids import ItemId
from domain.plan_change.effects import Move


async def write_move(unit: UnitOfWork, moved: Move, now: datetime, laid_out: Collection[ItemId] = ()) -> None:
    """Write a move at `now`, the account's own time; `laid_out` are items that were written before and begin now."""
    await subscriptions.moved(unit, moved, laid_out)
    said = items_said(moved.subscription.items, moved.at)
    of = moved.subscription
    unit.emit(of.account_id, subscription_event("subscription.plan_changed", of, now, **said))
