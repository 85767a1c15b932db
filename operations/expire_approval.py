"""End a request for approval whose time is over: not answered in time, or granted and not used."""

from collections.abc import Sequence
from datetime import datetime

from db.queries.approvals import approval
from db.unit_of_work import UnitOfWork
from domain.approval import OPEN, Approval, ApprovalEvent
from domain.ids import ApprovalId
from operations.due import DueOn
from operations.turn_approval import turn_approval


async def expire_approvals(unit: UnitOfWork, due: Sequence[DueOn]) -> None:
    """Expire those that are open still; the rows of their accounts are locked."""
    for each in due:
        found = await approval(unit.session, unit.scope, each.account.id, ApprovalId(each.thing.id))
        if found is not None and found.status in OPEN and found.expires_at <= each.thing.at:
            await expire_approval(unit, found, each.thing.at)


async def expire_approval(unit: UnitOfWork, approval: Approval, at: datetime) -> Approval:
    """End it as EXPIRED. It had been of no use since its instant, whenever this runs."""
    return await turn_approval(unit, approval, approval.moved(ApprovalEvent.EXPIRED), at)
