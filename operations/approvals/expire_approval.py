"""End a request for approval whose time is over: not answered in time, or granted and not used."""

from datetime import datetime

from db.unit_of_work import UnitOfWork
from domain.approval import Approval, ApprovalEvent
from operations.approvals.turn_approval import turn_approval


async def expire_approval(unit: UnitOfWork, approval: Approval, at: datetime) -> Approval:
    """End it as EXPIRED. It had been of no use since its instant, whenever this runs."""
    return await turn_approval(unit, approval, approval.moved(ApprovalEvent.EXPIRED), at)
