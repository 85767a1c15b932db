"""Go on with a payment once the customer has done what the provider asked for."""

from datetime import datetime

from db.queries import payments
from db.unit_of_work import UnitOfWork
from domain.commands import ConfirmPayment
from domain.errors import NotFound
from domain.ids import AccountId
from domain.payment import PaymentStatus
from domain.provider import UNKNOWN, PaymentProvider, ProviderTimeout
from domain.rights import acts_for_the_account
from operations.asking import KeyReused, NotNow, asked
from operations.payments.pay import Units
from operations.payments.payment_outcome import PaymentKnown, known
from operations.payments.record_answer import record_answer
from operations.remembering import remember

MUTATION = "paymentConfirm"


async def confirm_payment(
    units: Units, provider: PaymentProvider, command: ConfirmPayment
) -> PaymentKnown | NotNow | KeyReused:
    """Ask the provider for its answer, outside any transaction, and record it.

    The same request again tells how the payment stands. NotNow: NO_ACTION_NEEDED. Raises NotFound, Forbidden.
    """
    async with units() as unit:
        begun = await _begin(unit, command)
    if isinstance(begun, PaymentKnown | NotNow | KeyReused):
        return begun
    account_id, key, at = begun
    try:
        answer = await provider.confirm(key, at)
    except ProviderTimeout:
        answer = UNKNOWN
    async with units() as unit:
        return known(await record_answer(unit, account_id, command.payment_id, answer))


async def _begin(
    unit: UnitOfWork, command: ConfirmPayment
) -> tuple[AccountId, str, datetime] | PaymentKnown | NotNow | KeyReused:
    request = await asked(
        unit,
        await payments.account_of_payment(unit.session, unit.scope, command.payment_id),
        command.payment_id,
        acts_for_the_account,
        MUTATION,
        command.idempotency_key,
        {"payment": command.payment_id.hex},
    )
    if isinstance(request, KeyReused):
        return request
    account_id = request.account.id
    payment = await payments.payment(unit.session, unit.scope, account_id, command.payment_id)
    if payment is None or not payment.attempts:
        raise NotFound(command.payment_id)
    is_waiting = payment.status is PaymentStatus.REQUIRES_ACTION
    if request.done is not None and not is_waiting:
        return known(payment, is_replay=True)
    if not is_waiting:
        return NotNow("NO_ACTION_NEEDED", payment.status.value, "This payment does not wait for anybody.")
    if request.done is None:
        await remember(unit, request, {"payment": payment.id.hex})
    return account_id, payment.attempts[-1].key, request.now
