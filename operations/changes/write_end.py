"""Write the end of a subscription that was accepted: laid out ahead, or made at once with its last bill.

Owns what is written. Does not own which instant an end comes at (domain/plan_change/timing.py), the end itself
(end_subscription.py), nor an end whose instant comes by itself (close_periods.py).
"""

from dataclasses import replace
from datetime import datetime

from db import audit
from db.save import subscriptions
from db.unit_of_work import UnitOfWork
from domain.commands import Cancel
from domain.credit import CreditNoteReason
from domain.events import subscription_event, subscription_state
from domain.ids import PlanChangeId
from domain.invoice import InvoiceReason
from domain.invoicing.documents import Documents, Heading
from domain.plan_change.delta import issued_at
from domain.plan_change.prepare import Prepared
from domain.plan_change.timing import ending_with_notice
from operations.invoices.write_documents import write_documents
from operations.subscriptions.end_subscription import end_subscription


async def write_end(unit: UnitOfWork, prepared: Prepared, change_id: PlanChangeId, now: datetime) -> Documents:
    """End it at the instant it was prepared for, or say when it will. Entitlements are the caller's."""
    facts = prepared.facts
    reason = facts.request.turn.reason if isinstance(facts.request.turn, Cancel) else None
    if not prepared.is_immediate:
        await _lay_out(unit, prepared, reason, now)
        return Documents(None)
    account, subscription = facts.account, facts.subscription
    heading = Heading(
        InvoiceReason.CANCELLATION,
        subscription.id,
        subscription.period,
        cause=change_id,
        credit_reason=CreditNoteReason.CANCELLATION,
        memo=reason,
    )
    last = issued_at(prepared.delta.bill, now, account.zone)
    charges = [charge.id for charge in facts.so_far.charges]
    documents = await write_documents(unit, account, last, heading, charges=charges)
    await end_subscription(unit, account, subscription, facts.now, reason, said_at=now)
    return documents


async def _lay_out(unit: UnitOfWork, prepared: Prepared, reason: str | None, now: datetime) -> None:
    """Say when it ends: what it grants is cut there even if no job runs."""
    facts = prepared.facts
    before = facts.subscription
    after = replace(before, cancel_at=prepared.decision.effective_at)
    await subscriptions.subscription_state(unit, after)
    said = {"endsBecause": ending_with_notice(facts).reason.value, "reason": reason}
    unit.emit(facts.account.id, subscription_event("subscription.cancel_scheduled", after, now, **said))
    await unit.audit(
        audit.Entry(
            facts.account.id,
            "subscription.cancel",
            "BillingSubscription",
            before.id,
            now,
            before=subscription_state(before),
            after=subscription_state(after),
            reason=reason,
        )
    )
