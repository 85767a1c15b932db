"""Write a pause that was accepted: its items close, the rest of its period is given back, its anchor stays.

Owns what is written. Does not own the credit's arithmetic (domain/invoicing/pausing.py), nor going on again
(write_resume.py).
"""

from dataclasses import replace
from datetime import datetime

from db import audit
from db.save import subscriptions
from db.unit_of_work import UnitOfWork
from domain.commands import Pause
from domain.credit import CreditNoteReason
from domain.events import items_said, subscription_event, subscription_state
from domain.ids import PlanChangeId
from domain.invoice import InvoiceReason
from domain.invoicing.documents import Documents, Heading
from domain.plan_change.delta import issued_at
from domain.plan_change.prepare import Prepared
from domain.plan_change.turning import paused
from operations.invoices.write_documents import write_documents


async def write_pause(unit: UnitOfWork, prepared: Prepared, change_id: PlanChangeId, now: datetime) -> Documents:
    """Interrupt it from the instant it was prepared for. Entitlements are the caller's."""
    facts = prepared.facts
    account, before, after = facts.account, facts.subscription, paused(facts)
    reason = facts.request.turn.reason if isinstance(facts.request.turn, Pause) else None
    await subscriptions.close_items(unit, account.id, [item.id for item in before.items], facts.now)
    await subscriptions.subscription_state(unit, after)
    # the quantities it had say more than none
    shown = replace(after, items=before.items)
    said = items_said((), facts.now)
    unit.emit(account.id, subscription_event("subscription.paused", shown, now, reason=reason, **said))
    heading = Heading(
        InvoiceReason.RESUME,  # there is no invoice: a pause only gives back
        before.id,
        before.period,
        cause=change_id,
        credit_reason=CreditNoteReason.PAUSE,
        memo=reason,
    )
    documents = await write_documents(unit, account, issued_at(prepared.delta.bill, now, account.zone), heading)
    await unit.audit(
        audit.Entry(
            account.id,
            "subscription.pause",
            "BillingSubscription",
            before.id,
            now,
            before=subscription_state(before),
            after=subscription_state(shown),
            reason=reason,
        )
    )
    return documents
