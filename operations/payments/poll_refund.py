"""See a refund through: first the provider's books, then, if they know nothing, the same key again."""

from datetime import datetime

from db.queries import payments
from db.queries.accounts import account as account_for
from db.unit_of_work import UnitOfWork
from domain.ids import AccountId, RefundId
from domain.payment import RefundStatus
from domain.provider import UNKNOWN, AnswerKind, PaymentProvider, ProviderTimeout, RefundRequest
from operations.payments.pay import Units
from operations.payments.record_refund import record_refund


async def poll_refund(
    units: Units, provider: PaymentProvider, account_id: AccountId, refund_id: RefundId, at: datetime | None = None
) -> RefundStatus | None:
    """Ask about a refund that is not final; how it then stands. `at` is the account's own time, None: the present.

    Safe at any time and by several at once: a key is refunded once. None: nothing to ask.
    """
    async with units() as unit:
        request = await _load(unit, account_id, refund_id, at)
    if request is None:
        return None
    try:
        answer = await provider.status(request.key, request.at)
        if answer.kind is AnswerKind.UNKNOWN:
            answer = await provider.refund(request)
    except ProviderTimeout:
        answer = UNKNOWN
    async with units() as unit:
        return (await record_refund(unit, account_id, refund_id, answer, request.at)).status


async def _load(
    unit: UnitOfWork, account_id: AccountId, refund_id: RefundId, at: datetime | None
) -> RefundRequest | None:
    found = await account_for(unit.session, unit.scope, account_id, for_change=False)
    refund = found and await payments.refund(unit.session, unit.scope, account_id, refund_id)
    if not found or not refund or refund.status is not RefundStatus.PROCESSING:
        return None
    payment = await payments.payment(unit.session, unit.scope, account_id, refund.payment_id)
    if payment is None or not payment.attempts:
        return None
    return RefundRequest(refund.key, payment.attempts[-1].key, refund.amount, at or found.account.now(unit.recorded_at))
