"""Cancel a subscription: at the end of its period or commitment, or now.

Owns what is asked. Does not own which instant an end comes at or whether it may (domain/plan_change/), what it writes
(write_end.py), nor an end whose instant comes by itself (close_periods.py).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from db.queries.changes import accepted_change
from db.unit_of_work import UnitOfWork
from domain.cancellation import EndReason
from domain.commands import Cancel, CancelSubscription
from domain.ids import CreditNoteId, InvoiceId, PlanChangeId, SubscriptionId
from domain.plan_change.asked_turn import checked_end
from domain.plan_change.timing import ending_with_notice
from domain.plan_change.verdict import Decision
from domain.rights import acts_or_is_finance, is_finance
from operations.asking import KeyReused, NotAllowed, NotNow
from operations.asking_of_subscription import AskedAgain, asked_of
from operations.changes.take_turn import take_turn
from operations.remembering import remember

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
    decision: Decision | None = None


async def cancel_subscription(
    unit: UnitOfWork, command: CancelSubscription
) -> Cancelled | NotAllowed | NotNow | KeyReused:
    """End a subscription with its running period, inside a commitment with that, or at once.

    At once: use and quantities in arrears are billed up to now, and with `credits_unused` the rest is given back. A
    paused subscription has no period that runs: it ends at once whatever is asked. Raises NotFound; Forbidden for who
    neither acts for the account nor is finance, and of unused credit for all but finance; InvalidInput naming
    `creditUnused` for an end that is not at once, `reason` for more than a line of text. NotAllowed is the policy's no,
    NotNow what `asked_of` says.
    """
    turn = checked_end(Cancel(command.is_immediate, command.credits_unused, command.reason))
    asked = await asked_of(
        unit,
        command.subscription_id,
        is_finance if turn.credits_unused else acts_or_is_finance,
        MUTATION,
        command.idempotency_key,
        {
            "subscription": command.subscription_id.hex,
            "immediate": turn.is_immediate,
            "creditUnused": turn.credits_unused,
            "reason": turn.reason,
            "confirm": sorted(command.confirm),
        },
    )
    match asked:
        case AskedAgain(done):
            return await _again(unit, command.subscription_id, done)
        case NotNow() | KeyReused():
            return asked
    taken = await take_turn(unit, asked, turn, command.confirm)
    if isinstance(taken, NotAllowed):
        return taken
    decision, documents = taken.prepared.decision, taken.documents
    reason = EndReason.NOW if taken.prepared.is_immediate else ending_with_notice(taken.prepared.facts).reason
    invoice_id = documents.invoice.id if documents.invoice else None
    note_ids = tuple(note.id for note in documents.credit_notes)
    outcome = {
        "change": taken.change.id.hex,
        "endsAt": decision.effective_at.isoformat(),
        "reason": reason.value,
        "invoice": invoice_id.hex if invoice_id else None,
        "notes": [each.hex for each in note_ids],
    }
    await remember(unit, asked.request, outcome)
    ends_at, of = decision.effective_at, asked.subscription.id
    return Cancelled(of, ends_at, reason, invoice_id, note_ids, is_replay=False, decision=decision)


async def _again(unit: UnitOfWork, subscription_id: SubscriptionId, done: Mapping[str, Any]) -> Cancelled:
    change = await accepted_change(unit.session, unit.scope, PlanChangeId(UUID(done["change"])))
    return Cancelled(
        subscription_id,
        datetime.fromisoformat(done["endsAt"]),
        EndReason(done["reason"]),
        InvoiceId(UUID(done["invoice"])) if done["invoice"] else None,
        tuple(CreditNoteId(UUID(each)) for each in done["notes"]),
        is_replay=True,
        decision=change.decision if change else None,
    )
