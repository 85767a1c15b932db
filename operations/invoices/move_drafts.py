"""Late use moves the draft that its period was billed by, as long as that is not final.

Owns noticing it and writing the draft anew. Does not own what the period then comes to (domain/invoicing/written.py),
nor use that comes after (closing_facts.py, at the next boundary).
"""

from collections.abc import Sequence
from dataclasses import replace

from db.queries.accounts import locked_accounts
from db.queries.billing_terms import terms_of
from db.queries.debits import debits_by_line
from db.queries.drafts import StoredDraft, drafts_over, stored_drafts
from db.queries.subscriptions import LiveSubscription, PastPeriod, live_of, past_periods
from db.save.invoices import moved_draft
from db.save.usage import Measured
from db.unit_of_work import UnitOfWork
from domain.account import Account
from domain.ids import SubscriptionId
from domain.invoice import LineKind, Settlement
from domain.invoicing.draft import BillingSpan
from domain.invoicing.span import span_of
from domain.invoicing.written import move_draft
from domain.money_events import invoice_event
from domain.periods import BillingAnchor, Period
from domain.settlement import Owed
from operations.invoices.write_documents import document_state
from operations.periods.closing_facts import PeriodToClose, load_closings


async def move_drafts(unit: UnitOfWork, kept: Sequence[Measured]) -> None:
    """Move every draft that newly kept events fall into; one statement where there is none, which is nearly always.

    Their accounts are locked here, in the order of their ids: whoever finalises waits, or has finalised before, and
    then the use is late.
    """
    uses = [(each.event.account_id, meter_id, each.event.occurred_at) for each in kept for meter_id in each.meter_ids]
    over = await drafts_over(unit.session, unit.scope, uses)
    if not over:
        return
    accounts = await locked_accounts(unit.session, unit.scope, set(over.values()))
    for draft in await stored_drafts(unit.session, unit.scope, list(over), list(accounts)):
        if draft.invoice.subscription_id is not None:
            await _move(unit, accounts[draft.account_id], draft, draft.invoice.subscription_id)


async def _move(unit: UnitOfWork, account: Account, draft: StoredDraft, subscription_id: SubscriptionId) -> None:
    session, scope, invoice = unit.session, unit.scope, draft.invoice
    live = (await live_of(session, scope, [account], also=[subscription_id]))[account.id]
    own = next(each for each in live if each.now.id == subscription_id)
    owners = {subscription_id: account.id}
    terms = (await terms_of(session, scope, {account.id: account}, owners))[subscription_id]
    past = (await past_periods(session, scope, owners)).get(subscription_id, ())
    ending = _ending(own, draft, past, terms_draft=PeriodToClose(own, span_of(own.now), terms, invoice.id))
    if ending is None:
        return
    closing = (await load_closings(session, scope, [ending]))[subscription_id]
    credited_ids = {
        line.explanation.credited_line_id: account.id
        for line in invoice.lines
        if line.explanation.credited_line_id is not None
    }
    credited = await debits_by_line(session, scope, credited_ids)
    documents = move_draft(invoice, closing, terms, draft.items, unit.ids, credited)
    if documents.invoice is None or documents.credit_notes:
        # less than nothing is no draft: the next boundary gives back what is too much
        return
    moved = replace(documents.invoice, drafted_at=invoice.drafted_at)
    await moved_draft(unit, account, moved)
    owed = Owed(moved.id, moved.status, moved.currency, Settlement(moved.total.minor))
    unit.emit(account.id, invoice_event("draft_moved", owed, account.now(unit.recorded_at), **document_state(moved)))


def _ending(
    own: LiveSubscription, draft: StoredDraft, past: Sequence[PastPeriod], terms_draft: PeriodToClose
) -> PeriodToClose | None:
    """The period that the draft closed, as the subscription was counted then; its end, where that came early."""
    begins = min((line.service.start for line in draft.invoice.lines if line.kind is LineKind.USAGE), default=None)
    closed = next((each for each in past if begins is not None and each.period.contains(begins)), None)
    if closed is None:
        return None
    then = replace(
        own.now,
        period=closed.period,
        interval=closed.interval,
        anchor=BillingAnchor(closed.anchor_on, own.now.anchor.zone),
    )
    span = span_of(then)
    drafted_at = draft.invoice.drafted_at
    later = [each.period.start for each in past if closed.period.start < each.period.start < closed.period.end]
    if later or (drafted_at is not None and drafted_at < closed.period.end):
        cut = Period(closed.period.start, min([*later, *([drafted_at] if drafted_at else [])]))
        span = BillingSpan(cut, cut, span.whole)
    return replace(terms_draft, live=replace(own, now=then), span=span)
