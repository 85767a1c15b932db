"""Move a subscription onto the target of a change taken at once, and bill the delta and what ends early by it."""

from dataclasses import replace
from datetime import datetime

from db.queries.subscriptions import live_of
from db.save import subscriptions
from db.unit_of_work import UnitOfWork
from domain.events import items_said, subscription_event
from domain.ids import PlanChangeId
from domain.invoice import InvoiceReason
from domain.invoicing.closing import Closing
from domain.invoicing.documents import Documents, Heading
from domain.periods import local_day
from domain.plan_change.early_close import early_close, ended_span
from domain.plan_change.effects import move
from domain.plan_change.prepare import Prepared
from operations.closing_facts import PeriodToClose, load_closings, load_late
from operations.write_documents import write_documents


async def switch_plan(unit: UnitOfWork, prepared: Prepared, change_id: PlanChangeId, now: datetime) -> Documents:
    """Move the subscription onto the target: close and open items, bill the delta on its own invoice.

    Items change at the instant the change was prepared for; the invoice is issued at `now`, the account's own time.
    Entitlements and the change's own record are the caller's. Returns what bills the delta, nothing where it is empty.
    """
    facts = prepared.facts
    ended = await _read_early_close(unit, prepared)
    moved = move(facts, prepared.course, unit.ids)
    await subscriptions.moved(unit, moved)
    said = items_said(moved.subscription.items, moved.at)
    unit.emit(facts.account.id, subscription_event("subscription.plan_changed", moved.subscription, now, **said))
    items = {item.component: item.id for item in moved.subscription.items}
    heading = Heading(
        InvoiceReason.PLAN_CHANGE, moved.subscription.id, moved.subscription.period, items, cause=change_id
    )
    bill = replace(prepared.delta.bill, at=now, issued_on=local_day(now, facts.account.zone))
    documents = await write_documents(unit, facts.account, bill, heading, coverage=prepared.delta.coverage)
    await _close_early(unit, prepared, ended, now)
    return documents


async def _read_early_close(unit: UnitOfWork, prepared: Prepared) -> tuple[Closing, tuple[Closing, ...]] | None:
    """The part of the present period that the change ends, and the periods before whose use has changed; None where
    the period goes on.
    """
    facts = prepared.facts
    span = ended_span(facts)
    if span is None:
        return None
    live = (await live_of(unit.session, unit.scope, [facts.account]))[facts.account.id]
    own = next(each for each in live if each.now.id == facts.subscription.id)
    ending = PeriodToClose(own, span, facts.terms)
    late = (await load_late(unit.session, unit.scope, [ending])).get(own.now.id, ())
    return (await load_closings(unit.session, unit.scope, [ending]))[own.now.id], late


async def _close_early(
    unit: UnitOfWork, prepared: Prepared, ended: tuple[Closing, tuple[Closing, ...]] | None, now: datetime
) -> None:
    """What the ended part of the period owes in arrears, and what came late before it, on an invoice of its own."""
    if ended is None:
        return
    facts, (closing, late) = prepared.facts, ended
    bill = replace(early_close(facts, prepared.delta, closing, late), at=now)
    heading = Heading(InvoiceReason.PLAN_CHANGE, facts.subscription.id, closing.span.period)
    await write_documents(unit, facts.account, bill, heading)
