"""Cancel a subscription: at the end of its period or commitment, or now.

Owns what is asked and the last bill of an end at once. Does not own which instant an end comes at (domain/
cancellation.py), the end itself (end_subscription.py), nor an end whose instant comes by itself (renew.py).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from db import audit
from db.queries.waiting import for_subscription, waiting_charges
from db.save import subscriptions
from db.unit_of_work import UnitOfWork
from domain.account import Account
from domain.cancellation import Ending, EndReason, ending_of
from domain.commands import CancelSubscription
from domain.credit import CreditNoteReason
from domain.errors import InvalidInput
from domain.events import subscription_event, subscription_state
from domain.ids import CreditNoteId, InvoiceId, SubscriptionId
from domain.invoice import InvoiceReason
from domain.invoicing.bill import Bill, bill
from domain.invoicing.documents import Documents, Heading
from domain.invoicing.ending import cut_at, end_now
from domain.invoicing.late import late_lines
from domain.invoicing.pausing import unused_after
from domain.invoicing.period import BoundaryFacts, close_period
from domain.invoicing.span import span_of
from domain.invoicing.waiting import WaitingCharge, charge_lines
from domain.rights import acts_or_is_finance, is_finance
from domain.subscription import BillingSubscription, SubscriptionStatus
from domain.texts import one_line_or_none
from operations.asking import KeyReused, NotNow
from operations.asking_of_subscription import AskedAgain, AskedOf, asked_of
from operations.end_subscription import end_subscription
from operations.entitle import entitle
from operations.life_facts import LifeFacts, life_facts
from operations.remembering import remember
from operations.write_documents import write_documents

MUTATION = "subscriptionCancel"


@dataclass(frozen=True, slots=True)
class Cancelled:
    """The subscription ends, or has ended, at `ends_at`, for `reason`: with its period, its commitment, or now.

    `invoice_id` and `credit_note_ids` are the last bill of an end at once; one that is ahead is billed at its instant.
    `is_replay`: this very request had cancelled it before.
    """

    subscription_id: SubscriptionId
    ends_at: datetime
    reason: EndReason
    invoice_id: InvoiceId | None
    credit_note_ids: tuple[CreditNoteId, ...]
    is_replay: bool


async def cancel_subscription(unit: UnitOfWork, command: CancelSubscription) -> Cancelled | NotNow | KeyReused:
    """End a subscription with its running period, inside a commitment with that, or at once.

    At once: use and quantities in arrears are billed up to now, and with `credits_unused` the rest is given back. A
    paused subscription has no period that runs: it ends at once whatever is asked. Raises NotFound; Forbidden for who
    neither acts for the account nor is finance, and of unused credit for all but finance; InvalidInput naming
    `creditUnused` for an end that is not at once, `reason` for more than a line of text. NotNow: CANCELLATION_PENDING
    where it is about to end already, IN_COMMITMENT where a customer asks for an end at once (finance may), and what
    `asked_of` says.
    """
    command = replace(command, reason=one_line_or_none(command.reason, "reason"))
    if command.credits_unused and not command.is_immediate:
        message = "Only what ends at once leaves something unused."
        raise InvalidInput(("creditUnused",), message, command.credits_unused)
    asked = await asked_of(
        unit,
        command.subscription_id,
        is_finance if command.credits_unused else acts_or_is_finance,
        MUTATION,
        command.idempotency_key,
        {
            "subscription": command.subscription_id.hex,
            "immediate": command.is_immediate,
            "creditUnused": command.credits_unused,
            "reason": command.reason,
        },
    )
    match asked:
        case AskedAgain(done):
            return _again(command.subscription_id, done)
        case NotNow() | KeyReused():
            return asked
    subscription = asked.subscription
    is_paused = subscription.status is SubscriptionStatus.PAUSED
    is_immediate = command.is_immediate or is_paused
    if is_immediate and _is_bound(subscription, asked.at) and not is_finance(unit.actor, asked.request.role):
        message = "This subscription is inside a commitment and ends with it."
        return NotNow("IN_COMMITMENT", subscription.status, message)
    if subscription.cancel_at is not None and not is_immediate:
        message = "This subscription is about to end already."
        return NotNow("CANCELLATION_PENDING", subscription.status, message)
    if is_immediate:
        return await _end_now(unit, command, asked)
    return await _end_later(unit, command, asked)


def _is_bound(subscription: BillingSubscription, at: datetime) -> bool:
    """Whether a commitment holds it now; a pause does not let it go, because it goes on with the resume."""
    return subscription.committed_at(subscription.paused_at or at)


async def _end_later(unit: UnitOfWork, command: CancelSubscription, asked: AskedOf) -> Cancelled:
    """Lay the end out ahead: what it grants is cut there even if no job runs."""
    before, account, at = asked.subscription, asked.request.account, asked.at
    ending = ending_of(before, at)
    after = replace(before, cancel_at=ending.at)
    await subscriptions.subscription_state(unit, after)
    said = {"endsBecause": ending.reason.value, "reason": command.reason}
    unit.emit(account.id, subscription_event("subscription.cancel_scheduled", after, at, **said))
    await entitle(unit, account, at)
    await unit.audit(
        audit.Entry(
            account.id,
            "subscription.cancel",
            "BillingSubscription",
            before.id,
            at,
            before=subscription_state(before),
            after=subscription_state(after),
            reason=command.reason,
        )
    )
    return await _remembered(unit, asked, ending, Documents(None))


async def _end_now(unit: UnitOfWork, command: CancelSubscription, asked: AskedOf) -> Cancelled:
    """Bill what there is to bill, and end it."""
    account, at = asked.request.account, asked.at
    facts = await life_facts(unit, account, asked.subscription.id)
    subscription = facts.live.now
    waiting = (await waiting_charges(unit.session, unit.scope, [account.id])).get(account.id, ())
    charges = for_subscription(waiting, subscription.id)
    last = await _last_bill(facts, account, at, charges, gives_back=command.credits_unused)
    heading = Heading(
        InvoiceReason.CANCELLATION,
        subscription.id,
        subscription.period,
        cause=unit.ids.new(),
        credit_reason=CreditNoteReason.CANCELLATION,
        memo=command.reason,
    )
    documents = await write_documents(unit, account, last, heading, charges=[charge.id for charge in charges])
    await end_subscription(unit, account, subscription, at, command.reason)
    return await _remembered(unit, asked, Ending(at, EndReason.NOW), documents)


async def _last_bill(
    facts: LifeFacts, account: Account, at: datetime, charges: Sequence[WaitingCharge], *, gives_back: bool
) -> Bill:
    """What an end at an instant bills; of a trial nothing but the charges that wait for it."""
    subscription = facts.live.now
    if subscription.status is SubscriptionStatus.TRIALING:
        return close_period(BoundaryFacts(at, facts.terms, charges=tuple(charges))).bill
    span = span_of(subscription)
    late = await facts.late(span)
    if subscription.period.contains(at):
        cut = cut_at(span, at)
        if cut is None:
            unused = unused_after(facts.debits, at, account.zone) if gives_back else ()
            found = [*unused, *(line for each in late for line in late_lines(each, account.currency, account.zone))]
            lines = [*found, *charge_lines(charges, found, account.zone)]
            return bill(lines, facts.terms, at, held=facts.debits)
        span = cut
    closing = await facts.closing(span)
    return end_now(closing, facts.terms, at, gives_back_unused=gives_back, late=late, charges=charges)


async def _remembered(unit: UnitOfWork, asked: AskedOf, ending: Ending, documents: Documents) -> Cancelled:
    invoice_id = documents.invoice.id if documents.invoice else None
    note_ids = tuple(note.id for note in documents.credit_notes)
    outcome = {
        "endsAt": ending.at.isoformat(),
        "reason": ending.reason.value,
        "invoice": invoice_id.hex if invoice_id else None,
        "notes": [each.hex for each in note_ids],
    }
    await remember(unit, asked.request, outcome)
    return Cancelled(asked.subscription.id, ending.at, ending.reason, invoice_id, note_ids, is_replay=False)


def _again(subscription_id: SubscriptionId, done: Mapping[str, Any]) -> Cancelled:
    return Cancelled(
        subscription_id,
        datetime.fromisoformat(done["endsAt"]),
        EndReason(done["reason"]),
        InvoiceId(UUID(done["invoice"])) if done["invoice"] else None,
        tuple(CreditNoteId(UUID(each)) for each in done["notes"]),
        is_replay=True,
    )
