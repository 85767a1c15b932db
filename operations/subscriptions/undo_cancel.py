"""Take a cancellation back before its instant."""

from dataclasses import dataclass, replace

from db import audit
from db.save import subscriptions
from db.unit_of_work import UnitOfWork
from domain.commands import UndoCancel
from domain.events import subscription_event, subscription_state
from domain.ids import SubscriptionId
from domain.rights import acts_or_is_finance
from operations.asking import KeyReused, NotNow
from operations.asking_of_subscription import AskedAgain, asked_of
from operations.remembering import remember
from operations.use.entitle import entitle

MUTATION = "subscriptionUndoCancel"


@dataclass(frozen=True, slots=True)
class CancelUndone:
    """The subscription runs on. `is_replay`: this very request had said so before."""

    subscription_id: SubscriptionId
    is_replay: bool


async def undo_cancel(unit: UnitOfWork, command: UndoCancel) -> CancelUndone | NotNow | KeyReused:
    """Let a subscription run on that was to end; what it grants lasts again.

    What was scheduled for it stands as it did. Raises NotFound; Forbidden for who neither acts for the account nor is
    finance. NotNow: NOT_CANCELLING where nobody has cancelled it, and what `asked_of` says.
    """
    asked = await asked_of(
        unit,
        command.subscription_id,
        acts_or_is_finance,
        MUTATION,
        command.idempotency_key,
        {"subscription": command.subscription_id.hex},
    )
    match asked:
        case AskedAgain():
            return CancelUndone(command.subscription_id, is_replay=True)
        case NotNow() | KeyReused():
            return asked
    before, account, at = asked.subscription, asked.request.account, asked.at
    if before.cancel_at is None:
        return NotNow("NOT_CANCELLING", before.status, "This subscription is not about to end.")
    after = replace(before, cancel_at=None)
    await subscriptions.subscription_state(unit, after)
    unit.emit(account.id, subscription_event("subscription.cancel_undone", after, at))
    await entitle(unit, account, at)
    await unit.audit(
        audit.Entry(
            account.id,
            "subscription.undo_cancel",
            "BillingSubscription",
            after.id,
            at,
            before=subscription_state(before),
            after=subscription_state(after),
        )
    )
    await remember(unit, asked.request, {"subscription": after.id.hex})
    return CancelUndone(after.id, is_replay=False)
