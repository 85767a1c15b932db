"""Resume a paused subscription because somebody asks for it, ahead of its day or without one."""

from dataclasses import dataclass
from uuid import UUID

from db.unit_of_work import UnitOfWork
from domain.commands import ResumeSubscription
from domain.ids import InvoiceId, SubscriptionId
from domain.rights import acts_or_is_finance, is_finance
from domain.subscription import SubscriptionStatus
from operations.asking import KeyReused, NotNow
from operations.asking_of_subscription import AskedAgain, asked_of, stands
from operations.block_changes import blocked
from operations.remembering import remember
from operations.reopen_subscription import reopen_subscription

MUTATION = "subscriptionResume"


@dataclass(frozen=True, slots=True)
class Resumed:
    """The subscription goes on; `invoice_id` is the bill up to its next boundary, None where there is none.

    `is_replay`: this very request had resumed it before.
    """

    subscription_id: SubscriptionId
    invoice_id: InvoiceId | None
    is_replay: bool


async def resume_subscription(unit: UnitOfWork, command: ResumeSubscription) -> Resumed | NotNow | KeyReused:
    """Go on from now, at the prices it had.

    Raises NotFound, Forbidden for who neither acts for the account nor is finance. NotNow: SUBSCRIPTION_ACTIVE or
    SUBSCRIPTION_TRIALING where it is not paused, CHANGES_BLOCKED for a customer who has to pay first, and what
    `asked_of` says. A pause that ends on the day that was said ends whatever is owed.
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
        case AskedAgain(outcome):
            invoice_id = InvoiceId(UUID(outcome["invoice"])) if outcome["invoice"] else None
            return Resumed(command.subscription_id, invoice_id, is_replay=True)
        case NotNow() | KeyReused():
            return asked
    if asked.subscription.status is not SubscriptionStatus.PAUSED:
        return stands(asked.subscription, "This subscription is not paused.")
    if not is_finance(unit.actor, asked.request.role):
        no = await blocked(unit, asked.request.account, asked.request.now)
        if no is not None:
            return no
    invoice_id = await reopen_subscription(unit, asked.request.account, asked.subscription.id, asked.at)
    outcome = {"subscription": asked.subscription.id.hex, "invoice": invoice_id.hex if invoice_id else None}
    await remember(unit, asked.request, outcome)
    return Resumed(asked.subscription.id, invoice_id, is_replay=False)
