"""Write an accepted change: its decision, its record, and its effect, at once or laid down for its day.

Owns what follows from a yes. Does not own the yes (change_plan.py), nor what a change of each kind does (effects.py).
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from db import audit
from db.queries.changes import AcceptedChange
from db.save import changes as save_changes
from db.save.changes import PlanChange
from db.unit_of_work import UnitOfWork
from domain.account import Account
from domain.events import plan_change_event, subscription_state
from domain.ids import PlanChangeId, QuoteId
from domain.invoicing.documents import Documents
from domain.plan_change.prepare import Prepared
from domain.plan_change.verdict import DecisionPurpose, PlanChangeStatus
from domain.subscription import BillingSubscription
from operations.effects import EFFECTS
from operations.entitle import entitle
from operations.plan_change_facts import request_json
from operations.record_decision import record_decision


async def accept_change(
    unit: UnitOfWork, prepared: Prepared, quote_id: QuoteId | None, now: datetime
) -> tuple[AcceptedChange, Documents]:
    """Write a change that nothing stands against: at once, or for its day. The account's row is locked.

    `quote_id` is of the quote that it keeps; None for one that was asked for without. Returns the change, and what
    bills it.
    """
    facts = prepared.facts
    kind, request = facts.request.kind, request_json(facts.request, facts.target.id)
    change_id = PlanChangeId(unit.ids.new())
    if facts.pending is not None:
        await _cancel_pending(unit, facts.account, facts.pending.id, facts.subscription, now)
    recorded = await record_decision(
        unit,
        facts,
        prepared.decision,
        prepared.editions,
        purpose=DecisionPurpose.APPLY,
        kind=kind,
        request=request,
        quote_id=quote_id,
    )
    documents = Documents(None)
    if prepared.is_written_at_once:
        documents = await EFFECTS[kind](unit, prepared, change_id, now)
        await entitle(unit, facts.account, now)
    invoice_id = documents.invoice.id if documents.invoice else None
    status = PlanChangeStatus.APPLIED if prepared.is_written_at_once else PlanChangeStatus.SCHEDULED
    change = PlanChange(
        id=change_id,
        account_id=facts.account.id,
        subscription_id=facts.subscription.id,
        quote_id=quote_id,
        decision_id=recorded.id,
        invoice_id=invoice_id,
        from_version=facts.subscription.version.id,
        to_version=facts.target.id,
        from_interval=facts.subscription.interval,
        to_interval=facts.interval,
        direction=prepared.direction,
        status=status,
        request=request,
        effective_at=prepared.decision.effective_at,
        created_at=now,
        applied_at=now if prepared.is_written_at_once else None,
        kind=kind,
    )
    await save_changes.new_plan_change(unit, change)
    after = _summary(prepared)
    unit.emit(facts.account.id, plan_change_event(status, change_id, facts.subscription.id, now, after))
    await unit.audit(
        audit.Entry(
            facts.account.id,
            f"subscription.change_plan.{status.value.lower()}",
            "BillingSubscription",
            facts.subscription.id,
            now,
            before=subscription_state(facts.subscription),
            after=after,
        )
    )
    return AcceptedChange(change_id, status, invoice_id, facts.subscription.id, prepared.decision), documents


async def _cancel_pending(
    unit: UnitOfWork, account: Account, pending_id: PlanChangeId, subscription: BillingSubscription, now: datetime
) -> None:
    status = PlanChangeStatus.CANCELLED
    await save_changes.plan_change_status(unit, account.id, pending_id, status)
    unit.emit(account.id, plan_change_event(status, pending_id, subscription.id, now, {"replaced": True}))
    await unit.audit(
        audit.Entry(
            account.id,
            "plan_change.replace",
            "PlanChange",
            pending_id,
            now,
            before={"status": PlanChangeStatus.SCHEDULED.value},
            after={"status": status.value},
        )
    )


def _summary(prepared: Prepared) -> Mapping[str, Any]:
    """What the event and the audit entry say of a change."""
    facts = prepared.facts
    return {
        "from": subscription_state(facts.subscription),
        "plan": facts.target.plan.code,
        "planVersion": facts.target.number,
        "interval": facts.interval.value,
        "quantities": dict(sorted(facts.quantities.items())),
        "direction": prepared.direction.value,
        "effectiveAt": prepared.decision.effective_at.isoformat(),
        "deltaMinor": prepared.delta.net.minor,
        "currency": prepared.delta.bill.currency,
    }
