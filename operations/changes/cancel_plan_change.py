"""Take back a plan change that waits: for its day, or to be paid."""

from dataclasses import dataclass

from db.queries import changes
from db.queries.payments import payment_under_way
from db.unit_of_work import UnitOfWork
from domain.commands import CancelPlanChange
from domain.errors import NotFound
from domain.ids import AccountId, InvoiceId, PlanChangeId
from domain.payment import PaymentStatus
from domain.plan_change.verdict import WAITING, PlanChangeStatus
from domain.rights import acts_for_the_account
from operations.asking import KeyReused, NotNow, asked
from operations.changes.take_back_change import take_back_change
from operations.remembering import remember

MUTATION = "planChangeCancel"


@dataclass(frozen=True, slots=True)
class ChangeCancelled:
    """The change will not happen. `is_replay`: this very request had cancelled it before."""

    change_id: PlanChangeId
    is_replay: bool


async def cancel_plan_change(unit: UnitOfWork, command: CancelPlanChange) -> ChangeCancelled | NotNow | KeyReused:
    """Cancel a change that is SCHEDULED, or AWAITING_PAYMENT: then its invoice is void with it.

    Raises NotFound for one out of reach, Forbidden for who may not change plans. NotNow: NOT_SCHEDULED for one that is
    not waiting (any more), or whose day has come; PAYMENT_UNDER_WAY while nobody knows whether it is paid.
    """
    request = await asked(
        unit,
        await changes.account_of_change(unit.session, unit.scope, command.change_id),
        command.change_id,
        acts_for_the_account,
        MUTATION,
        command.idempotency_key,
        {"change": command.change_id.hex},
    )
    if isinstance(request, KeyReused):
        return request
    if request.done is not None:
        return ChangeCancelled(command.change_id, is_replay=True)
    change = await changes.accepted_change(unit.session, unit.scope, command.change_id)
    if change is None:
        raise NotFound(command.change_id)
    # once its day has come it is the renewal's, however late that runs: the price never hangs on the worker's pace
    until = change.expires_at if change.status is PlanChangeStatus.AWAITING_PAYMENT else change.effective_at
    if change.status not in WAITING or until is None or request.now >= until:
        return NotNow("NOT_SCHEDULED", change.status.value, "This change is not waiting for its day.")
    if change.invoice_id is not None and await _is_being_paid(unit, request.account.id, change.invoice_id):
        return NotNow("PAYMENT_UNDER_WAY", change.status.value, "A payment for this change is under way.")
    await take_back_change(unit, request.account, change.id, change.subscription_id, request.now, is_replaced=False)
    await remember(unit, request, {"change": change.id.hex})
    return ChangeCancelled(change.id, is_replay=False)


async def _is_being_paid(unit: UnitOfWork, account_id: AccountId, invoice_id: InvoiceId) -> bool:
    payment = await payment_under_way(unit.session, unit.scope, account_id, invoice_id)
    return payment is not None and payment.status is PaymentStatus.PROCESSING
