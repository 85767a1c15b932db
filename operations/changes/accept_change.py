"""Write an accepted change: its decision, its record, and its effect, at once or laid down for its day.

Owns what follows from a yes. Does not own the yes (change_plan.py), nor what a change of each kind does (effects.py).
"""

from dataclasses import replace
from datetime import datetime
from typing import Any

from db import audit
from db.queries.changes import AcceptedChange
from db.queries.credits import ledgers
from db.save import changes as save_changes
from db.save.changes import PlanChange
from db.unit_of_work import UnitOfWork
from domain.events import plan_change_event, subscription_state
from domain.ids import PlanChangeId, QuoteId
from domain.invoicing.documents import Documents
from domain.money import Money
from domain.periods import local_day
from domain.plan_change.awaiting import LaidOut, asks_for_money, lapses_at
from domain.plan_change.prepare import Prepared
from domain.plan_change.verdict import DecisionPurpose, PlanChangeStatus
from operations.approvals.use_approval import use_approval
from operations.changes.effects import EFFECTS
from operations.changes.lay_down_steps import lay_down_steps
from operations.changes.paid_effects import PAID_EFFECTS
from operations.changes.plan_change_facts import request_json
from operations.changes.take_back_change import take_back_change
from operations.policy.record_decision import record_decision
from operations.use.entitle import entitle


async def accept_change(
    unit: UnitOfWork, prepared: Prepared, quote_id: QuoteId | None, now: datetime
) -> tuple[AcceptedChange, Documents]:
    """Write a change that nothing stands against: at once, once paid, or for its day. The account's row is locked.

    `quote_id` is of the quote that it keeps; None for one that was asked for without. Returns the change, and what
    bills it.
    """
    facts, leading = prepared.facts, prepared.leading
    kind, request = facts.request.kind, request_json(facts.request, facts.target.id)
    change_id = PlanChangeId(unit.ids.new())
    replaced = None
    # what waits to be paid is taken back by whatever comes instead: it was asked of a subscription that is no more
    if facts.pending is not None and (facts.request.replace_pending or facts.pending.invoice_id is not None):
        replaced = await take_back_change(
            unit, facts.account, facts.pending.id, facts.subscription.id, now, is_replaced=True
        )
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
    approval = await use_approval(unit, facts.account.id, prepared.decision, change_id, now)
    documents, status = Documents(None), PlanChangeStatus.SCHEDULED
    laid_out: LaidOut | None = None
    expires_at: datetime | None = None
    if prepared.is_written_at_once and await _is_paid_first(unit, prepared):
        status, expires_at = PlanChangeStatus.AWAITING_PAYMENT, lapses_at(now, facts.subscription.period)
        lapses_on = local_day(expires_at, facts.account.zone)
        documents, laid_out = await PAID_EFFECTS[kind].bill(unit, prepared, change_id, now, lapses_on)
        laid_out = replace(laid_out, replaced=replaced)
    elif prepared.is_written_at_once:
        status = PlanChangeStatus.APPLIED
        documents = await EFFECTS[kind](unit, prepared, change_id, now)
        await entitle(unit, facts.account, now)
    invoice_id = documents.invoice.id if documents.invoice else None
    change = PlanChange(
        id=change_id,
        account_id=facts.account.id,
        subscription_id=facts.subscription.id,
        quote_id=quote_id,
        decision_id=recorded.id,
        invoice_id=invoice_id,
        from_version=leading.subscription.version.id,
        to_version=leading.target.id,
        from_interval=leading.subscription.interval,
        to_interval=leading.interval,
        direction=prepared.direction,
        status=status,
        # later steps have records of their own
        request=request_json(replace(leading.request, phases=()), leading.target.id),
        effective_at=prepared.decision.effective_at,
        created_at=now,
        applied_at=now if status is PlanChangeStatus.APPLIED else None,
        kind=kind,
        expires_at=expires_at,
        laid_out=laid_out,
        approval_id=approval.id if approval else None,
    )
    await save_changes.new_plan_change(unit, change)
    after = _summary(prepared) | ({"expiresAt": expires_at.isoformat()} if expires_at else {})
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
    await lay_down_steps(unit, prepared, change_id, status, recorded.id, now)
    of, at = facts.subscription.id, change.effective_at
    return AcceptedChange(change_id, status, invoice_id, of, prepared.decision, at, expires_at), documents


async def _is_paid_first(unit: UnitOfWork, prepared: Prepared) -> bool:
    """Whether the change waits for its money: its kind can, and more is asked for than the credit balance holds."""
    account, delta = prepared.facts.account, prepared.delta.bill
    if prepared.facts.request.kind not in PAID_EFFECTS or not asks_for_money(
        account, delta, Money.zero(delta.currency)
    ):
        return False
    balance = (await ledgers(unit.session, unit.scope, [account]))[account.id].balance
    return asks_for_money(account, delta, balance)


def _summary(prepared: Prepared) -> dict[str, Any]:
    """What the event and the audit entry say of a change."""
    facts = prepared.leading
    return {
        "from": subscription_state(prepared.facts.subscription),
        "plan": facts.target.plan.code,
        "planVersion": facts.target.number,
        "interval": facts.interval.value,
        "quantities": dict(sorted(facts.quantities.items())),
        "direction": prepared.direction.value,
        "effectiveAt": prepared.decision.effective_at.isoformat(),
        "deltaMinor": prepared.delta.net.minor,
        "currency": prepared.delta.bill.currency,
    }
