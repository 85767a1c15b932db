"""Renew a subscription at the end of its period: a change scheduled for that day first, then the next period's bill."""

from dataclasses import replace
from datetime import datetime

from db import audit
from db.queries import changes
from db.queries.accounts import AccountForActor
from db.save import changes as save_changes
from db.save import invoices, subscriptions
from db.unit_of_work import UnitOfWork
from domain.events import plan_change_event, subscription_event, subscription_state
from domain.ids import CommitmentId, ItemId
from domain.invoice import InvoiceReason
from domain.invoicing import finalise, regular_lines
from domain.periods import BillingAnchor, local_day, next_period, period_at
from domain.plan_change.decide import decide
from domain.plan_change.facts import PlanChangeFacts
from domain.plan_change.verdict import PlanChangeStatus, Verdict
from domain.subscription import BillingSubscription, SubscriptionEvent, SubscriptionItem, following_term
from operations.entitle import entitle
from operations.plan_change_facts import load_facts, request_of


async def renew(unit: UnitOfWork, found: AccountForActor, subscription: BillingSubscription) -> None:
    """Bill the period that starts where the present one ends, at that very instant of the account's own time.

    The caller has locked the account and seen that the instant has come.
    """
    account, at = found.account, subscription.period.end
    subscription = await _take_due_change(unit, found, subscription, at)
    renewed = replace(
        subscription.moved(SubscriptionEvent.RENEWED),
        period=next_period(subscription.anchor, subscription.interval, subscription.period),
    )
    renewed = await _renew_commitment(unit, renewed, at)
    await subscriptions.subscription_state(unit, renewed)
    unit.emit(account.id, subscription_event("subscription.renewed", renewed, at))
    ids = {item.component: item.id for item in renewed.items}
    lines = regular_lines(
        renewed.version, account.currency, renewed.interval, renewed.quantities, renewed.period, account.zone, ids
    )
    if lines:
        invoice = finalise(account, InvoiceReason.RENEWAL, renewed.id, lines, ids, at, unit.ids)
        await invoices.new_invoice(unit, account, renewed.id, invoice)
    await entitle(unit, account, at)


async def _take_due_change(
    unit: UnitOfWork, found: AccountForActor, subscription: BillingSubscription, at: datetime
) -> BillingSubscription:
    """Decide a change scheduled for this boundary again, by today's facts, and move the items if it still may."""
    account = found.account
    due = await changes.due_change(unit.session, unit.scope, account, subscription.id, at)
    if due is None:
        return subscription
    request, target_id = request_of(due.request)
    facts = await load_facts(unit, found, request, at, target_id=target_id, is_due=True)
    decision = decide(facts)
    refused = decision.verdict is Verdict.REFUSE
    status = PlanChangeStatus.REFUSED if refused else PlanChangeStatus.APPLIED
    await save_changes.plan_change_status(unit, account.id, due.id, status, None if refused else at)
    codes = {"reasons": [reason.code for reason in decision.reasons]}
    unit.emit(account.id, plan_change_event(status, due.id, subscription.id, at, codes))
    moved = subscription if refused else await _move_items(unit, facts, at)
    await unit.audit(
        audit.Entry(
            account.id,
            f"subscription.change_plan.{status.value.lower()}",
            "BillingSubscription",
            subscription.id,
            at,
            before=subscription_state(subscription),
            after=subscription_state(moved),
            reason=", ".join(codes["reasons"]),
        )
    )
    return moved


async def _move_items(unit: UnitOfWork, facts: PlanChangeFacts, at: datetime) -> BillingSubscription:
    """Every item anew at the boundary, where nothing of the old period is left to credit."""
    old = facts.subscription
    items = tuple(
        SubscriptionItem(ItemId(unit.ids.new()), component, price.id, quantity, at)
        for component, quantity in facts.quantities.items()
        if (price := facts.target.price(component, facts.account.currency, facts.interval)) is not None
    )
    await subscriptions.close_items(unit, old.account_id, [item.id for item in old.items], at)
    moved = replace(
        old,
        version=facts.target,
        interval=facts.interval,
        anchor=_anchor(facts, at),
        items=items,
    )
    await subscriptions.open_items(unit, moved, items)
    return moved


def _anchor(facts: PlanChangeFacts, at: datetime) -> BillingAnchor:
    """The same anchor where the boundary is one of the new interval too; else boundaries count from this day."""
    anchor, interval = facts.subscription.anchor, facts.interval
    if period_at(anchor, interval, at).start == at:
        return anchor
    return BillingAnchor(local_day(at, anchor.zone), anchor.zone)


async def _renew_commitment(unit: UnitOfWork, subscription: BillingSubscription, at: datetime) -> BillingSubscription:
    """A commitment that ends here runs on for its own length."""
    term = subscription.commitment
    if term is None or term.end_at > at:
        return subscription
    new = following_term(term, subscription.anchor, CommitmentId(unit.ids.new()))
    await subscriptions.new_term(unit, subscription, new)
    return replace(subscription, commitment=new)
