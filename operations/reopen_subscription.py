"""Let a paused subscription go on at an instant: the prices it had, the boundaries it had, a bill for the rest.

Owns the resume itself, for who asks for it and for one whose instant has come. Does not own the bill's lines
(domain/invoicing/pausing.py).
"""

from dataclasses import replace
from datetime import datetime

from db import audit
from db.queries.lifecycle import waiting_changes
from db.save import changes as save_changes
from db.save import subscriptions
from db.unit_of_work import UnitOfWork
from domain.account import Account
from domain.events import items_said, plan_change_moved, subscription_event, subscription_state
from domain.ids import InvoiceId, ItemId, SubscriptionId
from domain.invoice import InvoiceReason
from domain.invoicing.documents import Heading
from domain.invoicing.pausing import held_when_paused, resumed_period
from domain.invoicing.pausing import resume as resume_billing
from domain.invoicing.span import span_of
from domain.notice import notice_at
from domain.subscription import BillingSubscription, CommitmentTerm, SubscriptionEvent
from operations.entitle import entitle
from operations.life_facts import LifeFacts, life_facts
from operations.write_documents import write_documents


async def reopen_subscription(
    unit: UnitOfWork, account: Account, subscription_id: SubscriptionId, at: datetime
) -> InvoiceId | None:
    """Go on at `at`, in whole seconds of the account's own time; its row is locked. The invoice, if there is one.

    Raises InvalidTransition for a subscription that is not paused.
    """
    facts = await life_facts(unit, account, subscription_id)
    before = facts.live.now
    after = _resumed(facts, at, unit)
    # the period it was paused in, where that is over by now: what it owes in arrears is billed here
    closing = None if after.period == before.period else await facts.closing(span_of(before))
    late = () if closing is None else await facts.late(span_of(before))
    await subscriptions.open_items(unit, after, after.items)
    await subscriptions.subscription_state(unit, after)
    if before.commitment is not None and after.commitment is not None:
        await subscriptions.term_moved(unit, after, after.commitment)
        await _move_change(unit, account, before, after.commitment, at)
    unit.emit(account.id, subscription_event("subscription.resumed", after, at, **items_said(after.items, at)))
    opening = resume_billing(after, facts.terms, at, closing, late)
    heading = Heading(InvoiceReason.RESUME, after.id, after.period, cause=unit.ids.new())
    documents = await write_documents(unit, account, opening.bill, heading, coverage=opening.coverage)
    await entitle(unit, account, at)
    await unit.audit(
        audit.Entry(
            account.id,
            "subscription.resume",
            "BillingSubscription",
            after.id,
            at,
            before=subscription_state(before),
            after=subscription_state(after),
        )
    )
    return documents.invoice.id if documents.invoice else None


def _resumed(facts: LifeFacts, at: datetime, unit: UnitOfWork) -> BillingSubscription:
    """The subscription with the items it was paused with, each a new version, in the period around `at`."""
    before = facts.live.now
    paused_at = before.paused_at or at
    active = before.moved(SubscriptionEvent.RESUMED)
    items = tuple(
        replace(held.item, id=ItemId(unit.ids.new()), valid_from=at, valid_until=None)
        for held in held_when_paused(facts.live.held, before.version.id, paused_at)
    )
    term = before.commitment
    resumed = replace(
        active,
        items=items,
        period=resumed_period(before, at),
        commitment=term and replace(term, end_at=term.end_at + (at - paused_at)),
        paused_at=None,
        resumes_at=None,
    )
    return replace(resumed, notice_at=notice_at(resumed, at))


async def _move_change(
    unit: UnitOfWork, account: Account, before: BillingSubscription, term: CommitmentTerm, at: datetime
) -> None:
    """A change that waits for the end of the commitment waits for its new end."""
    old = before.commitment
    for change in await waiting_changes(unit.session, unit.scope, account.id):
        if old is not None and change.subscription_id == before.id and change.effective_at == old.end_at:
            await save_changes.plan_change_moved(unit, account.id, change.id, term.end_at)
            unit.emit(account.id, plan_change_moved(change.id, before.id, at, term.end_at))
