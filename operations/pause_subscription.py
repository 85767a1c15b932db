"""Pause a subscription: the rest of its period is credited, what it grants is suspended, its anchor stays.

Owns what a pause writes. Does not own the credit's arithmetic (domain/invoicing/pausing.py), nor going on again
(resume_subscription.py).
"""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from uuid import UUID

from db import audit
from db.save import subscriptions
from db.unit_of_work import UnitOfWork
from domain.commands import PauseSubscription
from domain.credit import CreditNoteReason
from domain.errors import InvalidInput
from domain.events import items_said, subscription_event, subscription_state
from domain.ids import CreditNoteId, SubscriptionId
from domain.invoice import InvoiceReason
from domain.invoicing.documents import Heading
from domain.invoicing.pausing import pause
from domain.rights import acts_or_is_finance
from domain.subscription import SubscriptionEvent, SubscriptionStatus
from domain.texts import one_line_or_none
from operations.asking import KeyReused, NotNow
from operations.asking_of_subscription import AskedAgain, asked_of, stands
from operations.entitle import entitle
from operations.life_facts import life_facts
from operations.remembering import remember
from operations.write_documents import write_documents

MUTATION = "subscriptionPause"


@dataclass(frozen=True, slots=True)
class Paused:
    """The subscription rests. `is_replay`: this very request had paused it before."""

    subscription_id: SubscriptionId
    credit_note_ids: tuple[CreditNoteId, ...]
    is_replay: bool


async def pause_subscription(unit: UnitOfWork, command: PauseSubscription) -> Paused | NotNow | KeyReused:
    """Interrupt an active subscription, until it is resumed or `resumes_at` comes.

    What was charged in advance for time to come is given back; use and quantities in arrears are billed when it
    resumes or ends. Raises NotFound, Forbidden for who neither acts for the account nor is finance, and InvalidInput
    naming `resumesAt` for an instant that is not ahead, `reason` for more than a line of text. NotNow:
    SUBSCRIPTION_TRIALING, SUBSCRIPTION_PAUSED, CANCELLATION_PENDING, and what `asked_of` says.
    """
    reason = one_line_or_none(command.reason, "reason")
    asked = await asked_of(
        unit,
        command.subscription_id,
        acts_or_is_finance,
        MUTATION,
        command.idempotency_key,
        {
            "subscription": command.subscription_id.hex,
            "resumesAt": command.resumes_at.isoformat() if command.resumes_at else None,
            "reason": command.reason,
        },
    )
    match asked:
        case AskedAgain(outcome):
            notes = tuple(CreditNoteId(UUID(each)) for each in outcome["notes"])
            return Paused(command.subscription_id, notes, is_replay=True)
        case NotNow() | KeyReused():
            return asked
    before, account, at = asked.subscription, asked.request.account, asked.at
    resumes_at = _resumes_at(command.resumes_at, at)
    if before.status is not SubscriptionStatus.ACTIVE:
        return stands(before, "Only an active subscription can be paused.")
    if before.cancel_at is not None:
        message = "This subscription is about to end; take its cancellation back first."
        return NotNow("CANCELLATION_PENDING", before.status, message)
    facts = await life_facts(unit, account, before.id)
    after = replace(
        before.moved(SubscriptionEvent.PAUSED), items=(), paused_at=at, resumes_at=resumes_at, notice_at=None
    )
    await subscriptions.close_items(unit, account.id, [item.id for item in before.items], at)
    await subscriptions.subscription_state(unit, after)
    # the quantities it had say more than none
    shown = replace(after, items=before.items)
    unit.emit(account.id, subscription_event("subscription.paused", shown, at, reason=reason, **items_said((), at)))
    heading = Heading(
        InvoiceReason.RESUME,  # there is no invoice: a pause only gives back
        before.id,
        before.period,
        cause=unit.ids.new(),
        credit_reason=CreditNoteReason.PAUSE,
        memo=reason,
    )
    documents = await write_documents(unit, account, pause(facts.debits, facts.terms, at), heading)
    await entitle(unit, account, at)
    await unit.audit(
        audit.Entry(
            account.id,
            "subscription.pause",
            "BillingSubscription",
            before.id,
            at,
            before=subscription_state(before),
            after=subscription_state(shown),
            reason=reason,
        )
    )
    note_ids = tuple(note.id for note in documents.credit_notes)
    outcome = {"subscription": before.id.hex, "notes": [each.hex for each in note_ids]}
    await remember(unit, asked.request, outcome)
    return Paused(before.id, note_ids, is_replay=False)


def _resumes_at(wanted: datetime | None, at: datetime) -> datetime | None:
    """The instant in whole seconds. Raises InvalidInput naming the field."""
    if wanted is None:
        return None
    if wanted.utcoffset() is None or wanted.replace(microsecond=0) <= at:
        raise InvalidInput(("resumesAt",), "A subscription resumes at an instant after now.", wanted)
    return wanted.astimezone(UTC).replace(microsecond=0)
