"""Write what happened to a request for approval: where it stands, the event, and who did it.

Owns that the three are written together. Does not own who may do it, nor when (the verbs).
"""

from datetime import datetime
from typing import Any

from db import audit
from db.save.approvals import approval_turned
from db.unit_of_work import UnitOfWork
from domain.approval import Approval
from domain.approval_events import approval_event, approval_state


async def turn_approval(
    unit: UnitOfWork,
    before: Approval,
    turned: Approval,
    at: datetime,
    *,
    verb: str | None = None,
    reason: str | None = None,
    **said: Any,
) -> Approval:
    """Write `before` as it has `turned`; the account's row is locked. `said` is what its event says besides; its `verb`
    is that of where it stands, unless another is given.
    """
    verb = verb or turned.status.value.lower()
    await approval_turned(unit, turned)
    unit.emit(turned.account_id, approval_event(turned, verb, at, **said))
    await unit.audit(
        audit.Entry(
            turned.account_id,
            f"approval.{verb}",
            "Approval",
            turned.id,
            at,
            before=approval_state(before),
            after=approval_state(turned) | said,
            reason=reason,
        )
    )
    return turned
