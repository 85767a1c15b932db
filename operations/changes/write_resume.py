"""Write a resume: the prices it had, the boundaries it had, a bill for the rest of the period.

Owns what is written, for who asks for it and for a pause whose last day has come. Does not own the bill's lines
(domain/invoicing/pausing.py).
"""

from datetime import datetime

from db import audit
from db.queries.lifecycle import waiting_changes
from db.save import changes as save_changes
from db.save import subscriptions
from db.unit_of_work import UnitOfWork
from domain.account import Account
from domain.events import items_said, plan_change_moved, subscription_event, subscription_state
from domain.ids import PlanChangeId
from domain.invoice import InvoiceReason
from domain.invoicing.documents import Documents, Heading
from domain.plan_change.delta import issued_at
from domain.plan_change.prepare import Prepared
from domain.plan_change.turn_money import resume_bill
from domain.plan_change.turning import resumed
from domain.subscription import BillingSubscription
from operations.invoices.write_documents import write_documents


async def write_resume(unit: UnitOfWork, prepared: Prepared, change_id: PlanChangeId, now: datetime) -> Documents:
    """Let it go on from the instant it was prepared for. Entitlements are the caller's.

    Raises InvalidTransition for a subscription that is not paused.
    """
    facts = prepared.facts
    account, before, after = facts.account, facts.subscription, resumed(facts, unit.ids)
    await subscriptions.open_items(unit, after, after.items)
    await subscriptions.subscription_state(unit, after)
    if before.commitment is not None and after.commitment is not None:
        await subscriptions.term_moved(unit, after, after.commitment)
    await _move_changes(unit, account, before, after, now)
    said = items_said(after.items, facts.now)
    unit.emit(account.id, subscription_event("subscription.resumed", after, now, **said))
    # the bill that was prepared, now that its items have ids
    opening = resume_bill(facts, after)
    heading = Heading(InvoiceReason.RESUME, after.id, after.period, cause=change_id)
    documents = await write_documents(
        unit, account, issued_at(opening.bill, now, account.zone), heading, coverage=opening.coverage
    )
    await unit.audit(
        audit.Entry(
            account.id,
            "subscription.resume",
            "BillingSubscription",
            after.id,
            now,
            before=subscription_state(before),
            after=subscription_state(after),
        )
    )
    return documents


async def _move_changes(
    unit: UnitOfWork, account: Account, before: BillingSubscription, after: BillingSubscription, at: datetime
) -> None:
    """What waits for the end of the commitment waits for its new end; what came due meanwhile for the next boundary."""
    old, term = before.commitment, after.commitment
    for change in await waiting_changes(unit.session, unit.scope, account.id):
        if change.subscription_id != before.id:
            continue
        day = change.effective_at
        if old is not None and term is not None and day == old.end_at:
            day = term.end_at
        # a step that is planned goes on from the one before it, on whatever day that is taken
        if not change.is_planned:
            day = max(day, after.period.end)
        if day != change.effective_at:
            await save_changes.plan_change_moved(unit, account.id, change.id, day)
            unit.emit(account.id, plan_change_moved(change.id, before.id, at, day))
