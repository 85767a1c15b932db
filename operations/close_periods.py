"""Close periods whose end has come, each for another account: what was used is billed, and the next period in advance.

A renewal, the end of a trial, and a cancellation whose instant has come are the same thing. Owns the order: read for
all, decide each, write for all. Does not own what a boundary bills (domain/invoicing/period.py).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from db import audit
from db.queries import changes
from db.queries.billing_terms import terms_of
from db.queries.changes import DueChange
from db.queries.credits import ledgers
from db.queries.entitlements import Entitling, entitling_of
from db.queries.migrations import waiting_moves
from db.queries.settlements import billed_invoices
from db.queries.subscriptions import LiveSubscription, live_of
from db.queries.waiting import for_subscription, waiting_charges
from db.save import subscriptions
from db.unit_of_work import UnitOfWork
from domain.account import Account
from domain.events import subscription_event, subscription_state
from domain.ids import AccountId, CommitmentId, SubscriptionId
from domain.invoice import InvoiceReason
from domain.invoicing.bill import Bill
from domain.invoicing.closing import Closing
from domain.invoicing.documents import Heading
from domain.invoicing.period import BoundaryFacts, BoundaryLines, close_period
from domain.invoicing.span import span_of
from domain.invoicing.starting import after_trial
from domain.invoicing.terms import BillingTerms
from domain.invoicing.waiting import WaitingCharge
from domain.migration import SubscriptionMigration
from domain.notice import notice_at
from domain.periods import next_period
from domain.subscription import BillingSubscription, SubscriptionEvent, SubscriptionStatus, following_term
from operations.closing_facts import PeriodToClose, load_closings, load_late
from operations.due import DueOn
from operations.end_subscription import end_subscription
from operations.entitle import entitle_as_known
from operations.move_version import move_version
from operations.reopen_subscription import reopen_subscription
from operations.take_due_change import take_due_change
from operations.write_documents import Known, credited_by, write_documents


@dataclass(frozen=True, slots=True)
class _Facts:
    """What was read of all accounts."""

    live: Mapping[AccountId, Sequence[LiveSubscription]]
    terms: Mapping[SubscriptionId, BillingTerms]
    changes: Mapping[SubscriptionId, DueChange]
    moves: Mapping[SubscriptionId, SubscriptionMigration]
    closings: Mapping[SubscriptionId, Closing]
    late: Mapping[SubscriptionId, tuple[Closing, ...]]
    charges: Mapping[AccountId, tuple[WaitingCharge, ...]]
    entitling: Mapping[AccountId, Entitling]


@dataclass(frozen=True, slots=True)
class _Closed:
    """A boundary as it was decided. `after` None: the subscription has ended there."""

    account: Account
    before: BillingSubscription
    after: BillingSubscription | None
    reason: InvoiceReason
    lines: BoundaryLines
    bill: Bill
    charges: tuple[WaitingCharge, ...]


async def close_periods(unit: UnitOfWork, due: Sequence[DueOn]) -> None:
    """Close the period of each of these subscriptions at its own instant; one an account, whose row is locked.

    As many statements as for one account, but for those whose plan changes, moves or ends that day.
    """
    accounts = {each.account.id: each.account for each in due}
    live = await live_of(unit.session, unit.scope, accounts.values())
    ending: dict[SubscriptionId, LiveSubscription] = {each.now.id: each for own in live.values() for each in own}
    wanted = {each.thing.id: ending[SubscriptionId(each.thing.id)] for each in due if each.thing.id in ending}
    at = {SubscriptionId(each.thing.id): each.thing.at for each in due}
    facts = await _read(unit, accounts, live, {SubscriptionId(key): each for key, each in wanted.items()}, at)
    closed: list[_Closed] = []
    for each in due:
        if each.thing.id not in wanted:
            continue
        if _resumes(wanted[each.thing.id].now, each.thing.at):
            await reopen_subscription(unit, each.account, SubscriptionId(each.thing.id), each.thing.at)
        else:
            closed.append(await _decide(unit, each.account, wanted[each.thing.id], facts, each.thing.at))
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


async def _read(
    unit: UnitOfWork,
    accounts: Mapping[AccountId, Account],
    live: Mapping[AccountId, Sequence[LiveSubscription]],
    ending: Mapping[SubscriptionId, LiveSubscription],
    at: Mapping[SubscriptionId, datetime],
) -> _Facts:
    session, scope = unit.session, unit.scope
    owners = {subscription_id: each.now.account_id for subscription_id, each in ending.items()}
    terms = await terms_of(session, scope, accounts, owners)
    closing = [
        PeriodToClose(each, span_of(each.now), terms[subscription_id])
        for subscription_id, each in ending.items()
        if each.now.status is not SubscriptionStatus.TRIALING
    ]
    return _Facts(
        live,
        terms,
        await changes.due_changes(session, scope, {key: (owners[key], at[key]) for key in ending}),
        await waiting_moves(session, scope, list(accounts)),
        await load_closings(session, scope, closing),
        await load_late(session, scope, closing),
        await waiting_charges(session, scope, list(accounts)),
        await entitling_of(session, scope, list(accounts)),
    )


async def _decide(unit: UnitOfWork, account: Account, live: LiveSubscription, facts: _Facts, at: datetime) -> _Closed:
    """How the subscription goes on, and what the boundary bills."""
    before = live.now
    charges = for_subscription(facts.charges.get(account.id, ()), before.id)
    after: BillingSubscription | None = None
    reason = InvoiceReason.CANCELLATION
    if before.cancel_at is None or before.cancel_at > at:
        if before.status is SubscriptionStatus.TRIALING:
            after, reason = _after_trial(before, account, at), InvoiceReason.TRIAL_END
        else:
            after, reason = await _renewed(unit, account, before, facts, at), InvoiceReason.RENEWAL
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
    return _Closed(account, before, after, reason, lines, lines.bill, charges)


def _after_trial(before: BillingSubscription, account: Account, at: datetime) -> BillingSubscription:
    first = after_trial(at, account.zone, before.interval)
    active = replace(before.moved(SubscriptionEvent.TRIAL_ENDED), anchor=first.anchor, period=first.period)
    return replace(active, notice_at=notice_at(active, at))


async def _renewed(
    unit: UnitOfWork, account: Account, before: BillingSubscription, facts: _Facts, at: datetime
) -> BillingSubscription:
    """The subscription in its next period: changed or moved where this is the day of that, its commitment renewed."""
    after = replace(before, period=next_period(before.anchor, before.interval, before.period))
    if (change := facts.changes.get(before.id)) is not None:
        after = await take_due_change(unit, account, before, after, change, at)
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


async def _write(unit: UnitOfWork, closed: _Closed, facts: _Facts, known: Known) -> None:
    account, before, after, at = closed.account, closed.before, closed.after, closed.lines.at
    period = before.period if after is None else after.period
    if after is not None:
        name = "subscription.trial_ended" if closed.reason is InvoiceReason.TRIAL_END else "subscription.renewed"
        await subscriptions.subscription_state(unit, after)
        unit.emit(account.id, subscription_event(name, after, at))
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
        await end_subscription(unit, account, before, at)
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
