"""Move a subscription onto the target of a change, at once or once it is paid; bill the delta and what ends early."""

from dataclasses import replace
from datetime import date, datetime

from db.queries.subscriptions import live_of
from db.save import subscriptions
from db.unit_of_work import UnitOfWork
from domain.events import items_said, subscription_event
from domain.ids import PlanChangeId
from domain.invoice import InvoiceReason
from domain.invoicing.closing import Closing
from domain.invoicing.documents import Documents, Heading
from domain.periods import local_day
from domain.plan_change.awaiting import LaidOut
from domain.plan_change.early_close import early_close, ended_span
from domain.plan_change.effects import Move, move
from domain.plan_change.prepare import Prepared
from operations.closing_facts import PeriodToClose, load_closings, load_late
from operations.write_documents import write_documents


async def switch_plan(unit: UnitOfWork, prepared: Prepared, change_id: PlanChangeId, now: datetime) -> Documents:
    """Move the subscription onto the target: close and open items, bill the delta on its own invoice.

    Items change at the instant the change was prepared for; the invoice is issued at `now`, the account's own time.
    Entitlements and the change's own record are the caller's. Returns what bills the delta, nothing where it is empty.
    """
    ended = await _read_early_close(unit, prepared)
    moved = move(prepared.facts, prepared.course, unit.ids)
    await _move(unit, moved, now)
    documents = await _bill(unit, prepared, _heading(moved, change_id), now)
    await _close_early(unit, prepared, ended, now)
    return documents


async def bill_switch(
    unit: UnitOfWork, prepared: Prepared, change_id: PlanChangeId, now: datetime, lapses_on: date
) -> tuple[Documents, LaidOut]:
    """Bill the delta of a switch that waits for its money; nothing moves. `lapses_on` is the day it is void by.

    What the end of the present period owes in arrears is billed when the switch is made, as the books then are.
    """
    moved = move(prepared.facts, prepared.course, unit.ids)
    await subscriptions.laid_out(unit, moved)
    heading = replace(_heading(moved, change_id), lapses_on=lapses_on)
    documents = await _bill(unit, prepared, heading, now)
    return documents, LaidOut({item.component: item.id for item in moved.opened}, prepared.delta.coverage)


async def make_switch(unit: UnitOfWork, prepared: Prepared, laid_out: LaidOut, now: datetime) -> None:
    """Move the subscription as its paid invoice says: the items laid out for it begin at the instant it was priced at.

    `prepared` is of that instant; its delta is billed already, the end of the present period is billed here.
    """
    ended = await _read_early_close(unit, prepared)
    moved = move(prepared.facts, prepared.course, unit.ids, laid_out.items)
    await _move(unit, moved, now, laid_out)
    await _close_early(unit, prepared, ended, now)


async def _move(unit: UnitOfWork, moved: Move, now: datetime, laid_out: LaidOut | None = None) -> None:
    await subscriptions.moved(unit, moved, laid_out.items.values() if laid_out else ())
    said = items_said(moved.subscription.items, moved.at)
    of = moved.subscription
    unit.emit(of.account_id, subscription_event("subscription.plan_changed", of, now, **said))


def _heading(moved: Move, change_id: PlanChangeId) -> Heading:
    of = moved.subscription
    items = {item.component: item.id for item in of.items}
    return Heading(InvoiceReason.PLAN_CHANGE, of.id, of.period, items, cause=change_id)


async def _bill(unit: UnitOfWork, prepared: Prepared, heading: Heading, now: datetime) -> Documents:
    account, delta = prepared.facts.account, prepared.delta
    bill = replace(delta.bill, at=now, issued_on=local_day(now, account.zone))
    return await write_documents(unit, account, bill, heading, coverage=delta.coverage)


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
