"""Close periods whose end has come, each for another account: what was used is billed, and the next period in advance.

A renewal, the end of a trial, and a cancellation whose instant has come are the same thing. Owns the order: read for
all, decide each, write for all. Does not own what a boundary bills (domain/invoicing/period.py).
"""

from collections.abc import Sequence
from datetime import datetime

from db import audit
from db.queries.credits import ledgers
from db.queries.settlements import billed_invoices
from db.queries.subscriptions import LiveSubscription, live_of
from db.save import subscriptions
from db.unit_of_work import UnitOfWork
from domain.events import items_said, subscription_event, subscription_state
from domain.ids import SubscriptionId
from domain.invoice import InvoiceReason
from domain.invoicing.documents import Heading
from domain.subscription import BillingSubscription, SubscriptionStatus
from operations.clock.due import DueOn
from operations.invoices.write_documents import Known, credited_by, write_documents
from operations.periods.boundary_facts import BoundaryReads, load_boundaries
from operations.periods.decide_boundary import Boundary, decide_boundary
from operations.subscriptions.end_subscription import end_subscription
from operations.subscriptions.reopen_subscription import reopen_subscription
from operations.use.entitle import entitle, entitle_as_known


async def close_periods(unit: UnitOfWork, due: Sequence[DueOn]) -> None:
    """Close the period of each of these subscriptions at its own instant; one an account, whose row is locked.

    As many statements as for one account, but for those whose plan changes, moves or ends that day.
    """
    accounts = {each.account.id: each.account for each in due}
    live = await live_of(unit.session, unit.scope, accounts.values())
    ending: dict[SubscriptionId, LiveSubscription] = {each.now.id: each for own in live.values() for each in own}
    wanted = {each.thing.id: ending[SubscriptionId(each.thing.id)] for each in due if each.thing.id in ending}
    at = {SubscriptionId(each.thing.id): each.thing.at for each in due}
    facts = await load_boundaries(unit, accounts, live, {SubscriptionId(key): each for key, each in wanted.items()}, at)
    closed: list[Boundary] = []
    for each in due:
        if each.thing.id not in wanted:
            continue
        if _resumes(wanted[each.thing.id].now, each.thing.at):
            await reopen_subscription(unit, each.account, SubscriptionId(each.thing.id), each.thing.at)
        else:
            closed.append(await decide_boundary(unit, each.account, wanted[each.thing.id], facts, each.thing.at))
    known_ledgers = await ledgers(unit.session, unit.scope, accounts.values())
    credited_ids = {invoice_id for own in closed for invoice_id in credited_by(own.bill)}
    credited = await billed_invoices(unit.session, unit.scope, credited_ids) if credited_ids else {}
    for own in closed:
        known = Known(known_ledgers[own.account.id], {key: credited[key] for key in credited_by(own.bill)})
        await _write(unit, own, facts, known)


def _resumes(subscription: BillingSubscription, at: datetime) -> bool:
    """Whether what is due on it is that its pause is over, and not its end."""
    is_to_end = subscription.cancel_at is not None and subscription.cancel_at <= at
    return subscription.status is SubscriptionStatus.PAUSED and not is_to_end


async def _write(unit: UnitOfWork, closed: Boundary, facts: BoundaryReads, known: Known) -> None:
    account, before, after, at = closed.account, closed.before, closed.after, closed.lines.at
    period = before.period if after is None else after.period
    if after is not None:
        name = "subscription.trial_ended" if closed.reason is InvoiceReason.TRIAL_END else "subscription.renewed"
        await subscriptions.subscription_state(unit, after)
        # a change or a new version taken at this boundary has ended items and begun others
        items = {} if after.items == before.items else items_said(after.items, at)
        unit.emit(account.id, subscription_event(name, after, at, **items))
    await write_documents(
        unit,
        account,
        closed.bill,
        Heading(closed.reason, before.id, period),
        known=known,
        coverage=closed.lines.coverage,
        charges=[each.id for each in closed.charges],
    )
    if after is None:
        await end_subscription(unit, account, before, at, said_at=at)
        await entitle(unit, account, at)
        return
    live = [after if each.now.id == after.id else each.now for each in facts.live[account.id]]
    entitle_as_known(unit, account, live, facts.entitling[account.id], at)
    await unit.audit(
        audit.Entry(
            account.id,
            "subscription.renew",
            "BillingSubscription",
            before.id,
            at,
            before=subscription_state(before),
            after=subscription_state(after),
        )
    )
