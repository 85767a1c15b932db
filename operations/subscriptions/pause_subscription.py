"""Pause a subscription: the rest of its period is credited, what it grants is suspended, its anchor stays.

Owns what is asked. Does not own whether it may be (domain/plan_change/), what a pause writes (write_pause.py), nor
going on again (resume_subscription.py).
"""

from dataclasses import dataclass
from uuid import UUID

from db.queries.changes import accepted_change
from db.unit_of_work import UnitOfWork
from domain.commands import Pause, PauseSubscription
from domain.ids import CreditNoteId, PlanChangeId, SubscriptionId
from domain.plan_change.asked_turn import checked_pause
from domain.plan_change.verdict import Decision
from domain.rights import acts_or_is_finance
from operations.asking import KeyReused, NotAllowed, NotNow
from operations.asking_of_subscription import AskedAgain, asked_of
from operations.changes.take_turn import take_turn
from operations.remembering import remember

MUTATION = "subscriptionPause"


@dataclass(frozen=True, slots=True)
class Paused:
    """The subscription rests. `is_replay`: this very request had paused it before."""

    subscription_id: SubscriptionId
    credit_note_ids: tuple[CreditNoteId, ...]
    is_replay: bool
    decision: Decision | None = None


async def pause_subscription(unit: UnitOfWork, command: PauseSubscription) -> Paused | NotAllowed | NotNow | KeyReused:
    """Interrupt an active subscription, until it is resumed or `resumes_at` comes.

    What was charged in advance for time to come is given back; use and quantities in arrears are billed when it
    resumes or ends. Raises NotFound, Forbidden for who neither acts for the account nor is finance, and InvalidInput
    naming `resumesAt` for an instant that is not ahead, `reason` for more than a line of text. NotAllowed is the
    policy's no, NotNow what `asked_of` says.
    """
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
            "confirm": sorted(command.confirm),
        },
    )
    match asked:
        case AskedAgain(done):
            change = await accepted_change(unit.session, unit.scope, PlanChangeId(UUID(done["change"])))
            notes = tuple(CreditNoteId(UUID(each)) for each in done["notes"])
            decision = change.decision if change else None
            return Paused(command.subscription_id, notes, is_replay=True, decision=decision)
        case NotNow() | KeyReused():
            return asked
    turn = checked_pause(Pause(command.resumes_at, command.reason), asked.at)
    taken = await take_turn(unit, asked, turn, command.confirm)
    if isinstance(taken, NotAllowed):
        return taken
    note_ids = tuple(note.id for note in taken.documents.credit_notes)
    outcome = {"change": taken.change.id.hex, "notes": [each.hex for each in note_ids]}
    await remember(unit, asked.request, outcome)
    return Paused(asked.subscription.id, note_ids, is_replay=False, decision=taken.prepared.decision)
