"""Decide a boundary of a subscription: how it goes on there, and what that bills.

Closing a period writes what this decides; previewing the next invoice shows it. Does not own what a boundary bills
(domain/invoicing/period.py).
"""

from dataclasses import dataclass, replace
from datetime import datetime

from db.queries.subscriptions import LiveSubscription
from db.queries.waiting import for_subscription
from db.save import subscriptions
from db.unit_of_work import UnitOfWork
from domain.account import Account
from domain.ids import CommitmentId
from domain.invoice import InvoiceReason
from domain.invoicing.bill import Bill
from domain.invoicing.period import BoundaryFacts, BoundaryLines, close_period
from domain.invoicing.starting import after_trial
from domain.invoicing.waiting import WaitingCharge
from domain.notice import notice_at
from domain.periods import next_period
from domain.subscription import BillingSubscription, SubscriptionEvent, SubscriptionStatus, following_term
from operations.catalog.move_version import move_version
from operations.changes.take_due_change import take_due_change
from operations.periods.boundary_facts import BoundaryReads


@dataclass(frozen=True, slots=True)
class Boundary:
    """A boundary as it was decided. `after` None: the subscription has ended there."""

    account: Account
    before: BillingSubscription
    after: BillingSubscription | None
    reason: InvoiceReason
    lines: BoundaryLines
    bill: Bill
    charges: tuple[WaitingCharge, ...]


async def decide_boundary(
    unit: UnitOfWork,
    account: Account,
    live: LiveSubscription,
    facts: BoundaryReads,
    at: datetime,
    *,
    standing_at: datetime | None = None,
) -> Boundary:
    """How the subscription goes on at its boundary, and what that bills; queues what a change of that day brings.

    Who looks ahead gives the present as `standing_at`: what is open today counts as paid in time.
    """
    before = live.now
    charges = for_subscription(facts.charges.get(account.id, ()), before.id)
    after: BillingSubscription | None = None
    reason = InvoiceReason.CANCELLATION
    if before.cancel_at is None or before.cancel_at > at:
        if before.status is SubscriptionStatus.TRIALING:
            after, reason = _after_trial(before, account, at), InvoiceReason.TRIAL_END
        else:
            after, reason = await _renewed(unit, account, before, facts, at, standing_at or at), InvoiceReason.RENEWAL
    lines = close_period(
        BoundaryFacts(
            at,
            facts.terms[before.id],
            closing=facts.closings.get(before.id),
            opening=after,
            late=facts.late.get(before.id, ()),
            charges=charges,
        )
    )
    return Boundary(account, before, after, reason, lines, lines.bill, charges)


def _after_trial(before: BillingSubscription, account: Account, at: datetime) -> BillingSubscription:
    first = after_trial(at, account.zone, before.interval)
    active = replace(before.moved(SubscriptionEvent.TRIAL_ENDED), anchor=first.anchor, period=first.period)
    return replace(active, notice_at=notice_at(active, at))


async def _renewed(
    unit: UnitOfWork,
    account: Account,
    before: BillingSubscription,
    facts: BoundaryReads,
    at: datetime,
    standing_at: datetime,
) -> BillingSubscription:
    """The subscription in its next period: changed or moved where this is the day of that, its commitment renewed."""
    after = replace(before, period=next_period(before.anchor, before.interval, before.period))
    if (change := facts.changes.get(before.id)) is not None:
        after = await take_due_change(unit, account, before, after, change, at, standing_at=standing_at)
    if (move := facts.moves.get(before.id)) is not None:
        after = await move_version(unit, account, after, move, at)
    after = after.moved(SubscriptionEvent.RENEWED)
    term = after.commitment
    if term is not None and term.end_at <= at:
        new = following_term(term, after.anchor, at, CommitmentId(unit.ids.new()))
        await subscriptions.new_term(unit, after, new)
        after = replace(after, commitment=new)
        after = replace(after, notice_at=notice_at(after, at))
    return after
