"""Apply a quoted plan change: exactly what was promised, or the reason why not. Nothing is half-written."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from db import audit, idempotency
from db.queries import changes
from db.queries.accounts import account as account_for
from db.queries.subscriptions import live_of
from db.save import changes as save_changes
from db.save import subscriptions
from db.save.changes import PlanChange, Quote
from db.unit_of_work import UnitOfWork
from domain.account import Account
from domain.commands import ApplyQuote
from domain.errors import NotFound
from domain.events import items_said, plan_change_event, subscription_event, subscription_state
from domain.ids import DecisionId, InvoiceId, PlanChangeId
from domain.invoice import InvoiceReason
from domain.invoicing.closing import Closing
from domain.invoicing.documents import Heading
from domain.periods import local_day
from domain.plan_change.decide import waits_for
from domain.plan_change.early_close import early_close, ended_span
from domain.plan_change.effects import move
from domain.plan_change.outcome import differences
from domain.plan_change.prepare import Prepared, prepare
from domain.plan_change.questions import not_a_billing_admin
from domain.plan_change.verdict import Decision, PlanChangeStatus, Verdict
from domain.subscription import BillingSubscription
from operations.closing_facts import PeriodToClose, load_closings, load_late
from operations.entitle import entitle
from operations.plan_change_facts import load_facts, request_of
from operations.write_documents import write_documents

MUTATION = "subscriptionChangePlan"


@dataclass(frozen=True, slots=True)
class Accepted:
    """The change is applied or scheduled. `is_replay`: this very request had done it before."""

    change: changes.AcceptedChange
    is_replay: bool


@dataclass(frozen=True, slots=True)
class NotAllowed:
    """The policy says no, or waits for a confirmation that was not given. Nothing was stored."""

    decision: Decision


@dataclass(frozen=True, slots=True)
class StaleQuote:
    """Today the answer would be another; `differs` names the parts: verdict, lines, … Nothing was stored."""

    differs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ExpiredQuote:
    """The quote is past its time. Nothing was stored."""

    expired_at: datetime


@dataclass(frozen=True, slots=True)
class KeyReused:
    """The idempotency key was used with another input. Nothing was stored."""


Outcome = Accepted | NotAllowed | StaleQuote | ExpiredQuote | KeyReused


async def change_plan(unit: UnitOfWork, command: ApplyQuote) -> Outcome:
    """Apply a quote under the account's lock, priced at the quote's instant with today's facts.

    The same key and input again gives the same answer and no second effect. Raises NotFound for a quote out of reach.
    """
    quote = await changes.quote(unit.session, unit.scope, command.quote_id)
    found = quote and await account_for(unit.session, unit.scope, quote.account_id, for_change=True)
    if not quote or not found:
        raise NotFound(command.quote_id)
    digest = idempotency.input_hash(MUTATION, {"quote": quote.id.hex, "confirm": sorted(command.confirm)})
    known = await idempotency.replay(unit, quote.account_id, command.idempotency_key, digest)
    if known is not None:
        return await _replayed(unit, known)
    now = found.account.now(unit.recorded_at)
    if now >= quote.expires_at:
        return ExpiredQuote(quote.expires_at)
    request, target_id = request_of(quote.request)
    prepared = prepare(await load_facts(unit, found, request, quote.priced_at, known_at=now, target_id=target_id))
    # a quote is a promise to who may take it: to anyone else the policy's no is the answer, not a stale quote
    if not_a_billing_admin(prepared.facts):
        return NotAllowed(prepared.decision)
    differs = differences(quote.outcome, prepared)
    if differs:
        return StaleQuote(differs)
    if waits_for(prepared.decision, command.confirm) is not Verdict.ALLOW:
        return NotAllowed(prepared.decision)
    change = await _accept(unit, quote, prepared, now)
    await idempotency.remember(
        unit, quote.account_id, command.idempotency_key, MUTATION, digest, {"change": change.id.hex}
    )
    return Accepted(change, is_replay=False)


async def _replayed(unit: UnitOfWork, known: idempotency.Replay) -> Outcome:
    if known.outcome is None:
        return KeyReused()
    change = await changes.accepted_change(unit.session, unit.scope, PlanChangeId(UUID(known.outcome["change"])))
    if change is None:
        raise NotFound(known.outcome["change"])
    return Accepted(change, is_replay=True)


async def _accept(unit: UnitOfWork, quote: Quote, prepared: Prepared, now: datetime) -> changes.AcceptedChange:
    """Write an allowed change: at once, or for its day."""
    facts = prepared.facts
    change_id = PlanChangeId(unit.ids.new())
    decision_id = DecisionId(unit.ids.new())
    if facts.pending is not None:
        await _cancel_pending(unit, facts.account, facts.pending.id, facts.subscription, now)
    await save_changes.new_decision(
        unit, facts.account.id, facts.subscription.id, decision_id, prepared.decision, quote.id
    )
    invoice_id: InvoiceId | None = None
    if prepared.is_immediate:
        invoice_id = await _switch(unit, prepared, change_id, now)
        await entitle(unit, facts.account, now)
    status = PlanChangeStatus.APPLIED if prepared.is_immediate else PlanChangeStatus.SCHEDULED
    change = PlanChange(
        id=change_id,
        account_id=facts.account.id,
        subscription_id=facts.subscription.id,
        quote_id=quote.id,
        decision_id=decision_id,
        invoice_id=invoice_id,
        from_version=facts.subscription.version.id,
        to_version=facts.target.id,
        from_interval=facts.subscription.interval,
        to_interval=facts.interval,
        direction=prepared.direction,
        status=status,
        request=quote.request,
        effective_at=prepared.decision.effective_at,
        created_at=now,
        applied_at=now if prepared.is_immediate else None,
    )
    await save_changes.new_plan_change(unit, change)
    after = _summary(prepared)
    unit.emit(facts.account.id, plan_change_event(status, change_id, facts.subscription.id, now, after))
    await unit.audit(
        audit.Entry(
            facts.account.id,
            f"subscription.change_plan.{status.value.lower()}",
            "BillingSubscription",
            facts.subscription.id,
            now,
            before=subscription_state(facts.subscription),
            after=after,
        )
    )
    return changes.AcceptedChange(change_id, status, invoice_id, facts.subscription.id, prepared.decision)


async def _cancel_pending(
    unit: UnitOfWork, account: Account, pending_id: PlanChangeId, subscription: BillingSubscription, now: datetime
) -> None:
    status = PlanChangeStatus.CANCELLED
    await save_changes.plan_change_status(unit, account.id, pending_id, status)
    unit.emit(account.id, plan_change_event(status, pending_id, subscription.id, now, {"replaced": True}))
    await unit.audit(
        audit.Entry(
            account.id,
            "plan_change.replace",
            "PlanChange",
            pending_id,
            now,
            before={"status": PlanChangeStatus.SCHEDULED.value},
            after={"status": status.value},
        )
    )


async def _switch(unit: UnitOfWork, prepared: Prepared, change_id: PlanChangeId, now: datetime) -> InvoiceId | None:
    """Move the subscription onto the target: close and open items, bill the delta on its own invoice.

    Items change at the instant the change was prepared for; the invoice is issued at `now`, the account's own time.
    Entitlements and the change's own record are the caller's. Returns the invoice, None when there is nothing to bill.
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
    return documents.invoice.id if documents.invoice else None


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


def _summary(prepared: Prepared) -> Mapping[str, Any]:
    """What the event and the audit entry say of a change."""
    facts = prepared.facts
    return {
        "from": subscription_state(facts.subscription),
        "plan": facts.target.plan.code,
        "planVersion": facts.target.number,
        "interval": facts.interval.value,
        "quantities": dict(sorted(facts.quantities.items())),
        "direction": prepared.direction.value,
        "effectiveAt": prepared.decision.effective_at.isoformat(),
        "deltaMinor": prepared.delta.net.minor,
        "currency": prepared.delta.bill.currency,
    }
