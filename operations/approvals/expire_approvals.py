"""What is due on requests for approval: those whose time is over end."""

from collections.abc import Sequence

from db.queries.approvals import approval
from db.unit_of_work import UnitOfWork
from domain.approval import OPEN
from domain.ids import ApprovalId
from operations.approvals.expire_approval import expire_approval
from operations.clock.due import DueOn


async def expire_approvals(unit: UnitOfWork, due: Sequence[DueOn]) -> None:
    """Expire those that are open still; the rows of their accounts are locked."""
    for each in due:
        found = await approval(unit.session, unit.scope, each.account.id, ApprovalId(each.thing.id))
        if found is not None and found.status in OPEN and found.expires_at <= each.thing.at:
            await expire_approval(unit, found, each.thing.at)
