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
from domain.ids import CommitmentId, DecisionId
from domain.invoice import InvoiceReason
from domain.invoicing.bill import bill
from domain.invoicing.documents import Heading, issue
from domain.invoicing.regular import lines_in_advance
from domain.invoicing.terms import untaxed
from domain.periods import next_period
from domain.plan_change.course import course_at_boundary
from domain.plan_change.decide import asked_to_confirm, decide, waits_for
from domain.plan_change.effects import move
from domain.plan_change.verdict import PlanChangeStatus, Verdict
from domain.subscription import BillingSubscription, SubscriptionEvent, following_term
from operations.entitle import entitle
from operations.plan_change_facts import load_facts, request_of


async def renew(unit: UnitOfWork, found: AccountForActor, subscription: BillingSubscription) -> None:
    """Bill the period that starts where the present one ends, at that very instant of the account's own time.

    The caller has locked the account and seen that the instant has come.
    """
    account, at = found.account, subscription.period.end
    entering = await _take_due_change(unit, found, subscription, at)
    renewed = await _renew_commitment(unit, entering.moved(SubscriptionEvent.RENEWED), at)
    await subscriptions.subscription_state(unit, renewed)
    unit.emit(account.id, subscription_event("subscription.renewed", renewed, at))
    lines = lines_in_advance(renewed, account.currency, renewed.period)
    heading = Heading(InvoiceReason.RENEWAL, renewed.id, renewed.period)
    invoice = issue(bill(lines, untaxed(account), at), account, heading, unit.ids).invoice
    if invoice is not None:
        await invoices.new_invoice(unit, account, renewed.id, invoice)
    await entitle(unit, account, at)
    await unit.audit(
        audit.Entry(
            account.id,
            "subscription.renew",
            "BillingSubscription",
            renewed.id,
            at,
            before=subscription_state(subscription),
            after=subscription_state(renewed),
        )
    )


async def _take_due_change(
    unit: UnitOfWork, found: AccountForActor, subscription: BillingSubscription, at: datetime
) -> BillingSubscription:
    """The subscription as it enters its next period.

    A change scheduled for this boundary is decided again, by the facts of the day. It is taken only if nothing stands
    against it that its customer has not agreed to; else it ends as REFUSED, with the reasons of this decision.
    """
    account = found.account
    following = replace(
        subscription, period=next_period(subscription.anchor, subscription.interval, subscription.period)
    )
    due = await changes.due_change(unit.session, unit.scope, account, subscription.id, at)
    if due is None:
        return following
    request, target_id = request_of(due.request)
    facts = await load_facts(unit, found, request, at, known_at=at, target_id=target_id, is_due=True)
    decision = decide(facts)
    is_open = waits_for(decision, asked_to_confirm(due.decision)) is Verdict.ALLOW and decision.effective_at <= at
    if is_open:
        moved = move(facts, course_at_boundary(facts), unit.ids)
        await subscriptions.moved(unit, moved)
        following = moved.subscription
    status = PlanChangeStatus.APPLIED if is_open else PlanChangeStatus.REFUSED
    decision_id = DecisionId(unit.ids.new())
    await save_changes.new_decision(unit, account.id, subscription.id, decision_id, decision, quote_id=None)
    await save_changes.plan_change_outcome(unit, account.id, due.id, status, decision_id, at if is_open else None)
    codes = [reason.code for reason in decision.reasons]
    unit.emit(account.id, plan_change_event(status, due.id, subscription.id, at, {"reasons": codes}))
    await unit.audit(
        audit.Entry(
            account.id,
            f"subscription.change_plan.{status.value.lower()}",
            "BillingSubscription",
            subscription.id,
            at,
            before=subscription_state(subscription),
            after=subscription_state(following),
            reason=", ".join(codes),
        )
    )
    return following


async def _renew_commitment(unit: UnitOfWork, subscription: BillingSubscription, at: datetime) -> BillingSubscription:
    """A commitment that has ended by now runs on for its own length."""
    term = subscription.commitment
    if term is None or term.end_at > at:
        return subscription
    new = following_term(term, subscription.anchor, at, CommitmentId(unit.ids.new()))
    await subscriptions.new_term(unit, subscription, new)
    return replace(subscription, commitment=new)
