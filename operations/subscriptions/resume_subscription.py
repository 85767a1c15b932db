"""Resume a paused subscription because somebody asks for it, ahead of its day or without one."""

from dataclasses import dataclass
from uuid import UUID

from db.queries.changes import accepted_change
from db.unit_of_work import UnitOfWork
from domain.commands import Resume, ResumeSubscription
from domain.ids import InvoiceId, PlanChangeId, SubscriptionId
from domain.plan_change.verdict import Decision
from domain.rights import acts_or_is_finance
from operations.asking import KeyReused, NotAllowed, NotNow
from operations.asking_of_subscription import AskedAgain, asked_of
from operations.changes.take_turn import take_turn
from operations.remembering import remember

MUTATION = "subscriptionResume"


@dataclass(frozen=True, slots=True)
class Resumed:
    """The subscription goes on; `invoice_id` is the bill up to its next boundary, None where there is none.

    `is_replay`: this very request had resumed it before.
    """

    subscription_id: SubscriptionId
    invoice_id: InvoiceId | None
    is_replay: bool
    decision: Decision | None = None


async def resume_subscription(
    unit: UnitOfWork, command: ResumeSubscription
) -> Resumed | NotAllowed | NotNow | KeyReused:
    """Go on from now, at the prices it had.

    Raises NotFound, Forbidden for who neither acts for the account nor is finance. NotAllowed is the policy's no,
    NotNow what `asked_of` says. A pause that ends on the day that was said ends whatever is owed.
    """
    asked = await asked_of(
        unit,
        command.subscription_id,
        acts_or_is_finance,
        MUTATION,
        command.idempotency_key,
        {"subscription": command.subscription_id.hex, "confirm": sorted(command.confirm)},
    )
    match asked:
        case AskedAgain(done):
            change = await accepted_change(unit.session, unit.scope, PlanChangeId(UUID(done["change"])))
            invoice_id = InvoiceId(UUID(done["invoice"])) if done["invoice"] else None
            decision = change.decision if change else None
            return Resumed(command.subscription_id, invoice_id, is_replay=True, decision=decision)
        case NotNow() | KeyReused():
            return asked
    taken = await take_turn(unit, asked, Resume(), command.confirm)
    if isinstance(taken, NotAllowed):
        return taken
    invoice = taken.documents.invoice
    outcome = {"change": taken.change.id.hex, "invoice": invoice.id.hex if invoice else None}
    await remember(unit, asked.request, outcome)
    invoice_id = invoice.id if invoice else None
    return Resumed(asked.subscription.id, invoice_id, is_replay=False, decision=taken.prepared.decision)
