"""Use an approval up: the change it allowed is accepted, and it allows no other."""

from datetime import datetime

from db.queries import approvals
from db.unit_of_work import UnitOfWork
from domain.approval import Approval, ApprovalEvent
from domain.errors import NotFound
from domain.ids import PREFIXES, AccountId, PlanChangeId, public_id
from domain.plan_change.approved import granted_in
from domain.plan_change.verdict import Decision
from operations.approvals.turn_approval import turn_approval


async def use_approval(
    unit: UnitOfWork, account_id: AccountId, decision: Decision, change_id: PlanChangeId, now: datetime
) -> Approval | None:
    """Use up what an accepted change went by; None where it went by no approval. The account's row is locked."""
    granted = granted_in(decision)
    if granted is None:
        return None
    approval = await approvals.approval(unit.session, unit.scope, account_id, granted.id)
    if approval is None:
        raise NotFound(granted.id)
    change = public_id(PREFIXES["PlanChange"], change_id)
    return await turn_approval(unit, approval, approval.moved(ApprovalEvent.USED), now, planChange=change)
