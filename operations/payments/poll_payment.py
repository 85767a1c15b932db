"""Find out what became of a payment: first the provider's books, then, if they know nothing, the same key again."""

from datetime import datetime

from db.queries import payments
from db.queries.accounts import account as account_for
from db.queries.settlements import billed_invoices, of_consolidated
from db.unit_of_work import UnitOfWork
from domain.ids import AccountId, PaymentId
from domain.payment import Payment, PaymentStatus
from domain.provider import UNKNOWN, AnswerKind, ChargeRequest, PaymentProvider, ProviderTimeout
from operations.payments.drop_payment import drop_payment
from operations.payments.pay import Units, charge
from operations.payments.record_answer import record_answer


async def poll_payment(
    units: Units, provider: PaymentProvider, account_id: AccountId, payment_id: PaymentId, at: datetime
) -> PaymentStatus | None:
    """Ask about a payment that is not final, at an instant of its account's own time; how it then stands.

    Safe at any time, any number of times, by several at once: a key is charged once, and an answer counts once. What
    the books do not know was never charged; if it is no longer owed by then it is dropped. None: nothing to ask.
    """
    async with units() as unit:
        open_payment = await _load(unit, account_id, payment_id, at)
    if open_payment is None:
        return None
    request, is_owed, is_new = open_payment
    try:
        answer = await provider.status(request.key, at)
    except ProviderTimeout:
        # not even its books can be read: nothing is known, so nothing is asked for
        async with units() as unit:
            return (await record_answer(unit, account_id, payment_id, UNKNOWN, at)).status
    if answer.kind is AnswerKind.UNKNOWN and is_new:
        if not is_owed:
            async with units() as unit:
                return (await drop_payment(unit, account_id, payment_id, at)).status
        answer = await charge(provider, request)
    async with units() as unit:
        return (await record_answer(unit, account_id, payment_id, answer, at)).status


async def _load(
    unit: UnitOfWork, account_id: AccountId, payment_id: PaymentId, at: datetime
) -> tuple[ChargeRequest, bool, bool] | None:
    """The request under the payment's one key, whether all of it is still owed, and whether it may be charged."""
    found = await account_for(unit.session, unit.scope, account_id, for_change=False)
    payment = found and await payments.payment(unit.session, unit.scope, account_id, payment_id)
    if not payment or payment.status not in (PaymentStatus.PROCESSING, PaymentStatus.REQUIRES_ACTION):
        return None
    method = payment.method_id and await payments.method_of(unit.session, unit.scope, account_id, payment.method_id)
    if not method or not payment.attempts:
        return None
    request = ChargeRequest(payment.attempts[-1].key, method.token, payment.amount, payment.attempts[-1].sent_at)
    return request, await _due_minor(unit, payment) >= payment.amount.minor, _may_charge(payment)


def _may_charge(payment: Payment) -> bool:
    """A payment that waits for its customer is never charged again by us."""
    return payment.status is PaymentStatus.PROCESSING


async def _due_minor(unit: UnitOfWork, payment: Payment) -> int:
    if payment.consolidated_id is not None:
        invoices = await of_consolidated(unit.session, unit.scope, [payment.consolidated_id])
        return sum(invoice.owed.due_minor for invoice in invoices)
    if payment.invoice_id is None:
        return 0
    found = await billed_invoices(unit.session, unit.scope, [payment.invoice_id])
    return found[payment.invoice_id].owed.due_minor
