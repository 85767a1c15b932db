"""Record what the provider answered: the second of a payment's two transactions, and every later word about it."""

from dataclasses import replace
from datetime import datetime

from db import audit
from db.queries import payments
from db.queries.accounts import account as account_for
from db.queries.settlements import billed_invoices
from db.save import payments as save
from db.unit_of_work import UnitOfWork
from domain.account import Account
from domain.errors import NotFound
from domain.ids import AccountId, PaymentId
from domain.money_events import payment_event, payment_state
from domain.payment import AttemptStatus, Payment, PaymentStatus, after, ask_again_at
from domain.provider import Answer
from operations.payments.receive_money import receive_money
from operations.payments.restore_standing import restore_standing
from operations.payments.settle_consolidated import settle_consolidated

_MEMO = "A payment that was no longer owed when it came in."


async def record_answer(
    unit: UnitOfWork, account_id: AccountId, payment_id: PaymentId, answer: Answer, at: datetime | None = None
) -> Payment:
    """Write down an answer to a payment's attempt, and what follows from it; the payment as it then stands.

    Answers may come late, twice and in any order: to a final payment one that changes nothing writes nothing (a decline
    that was overtaken by the success is no news), and money that moved is always recorded, once. A payment that is not
    final is asked about again later. `at` None: the account's own time. Raises NotFound.
    """
    found = await account_for(unit.session, unit.scope, account_id, for_change=True)
    payment = found and await payments.payment(unit.session, unit.scope, account_id, payment_id)
    if not found or not payment or not payment.attempts:
        raise NotFound(payment_id)
    account = found.account
    now = account.now(unit.recorded_at) if at is None else at
    attempt = payment.attempts[-1]
    status = after(payment.status, answer.attempt)
    ask_at = ask_again_at(status, attempt.sent_at, now)
    if status is payment.status and ask_at is None:
        return payment
    heard = attempt
    is_silent = payment.status is PaymentStatus.PROCESSING and answer.attempt is AttemptStatus.TIMED_OUT
    if status is not payment.status or is_silent:
        heard = replace(attempt, status=answer.attempt, reference=answer.reference, code=answer.code)
    changed = replace(payment, status=status, attempts=(*payment.attempts[:-1], heard))
    await save.answered(unit, changed, heard, now, ask_at)
    if status is payment.status:
        return changed
    unit.emit(account_id, payment_event(changed, now))
    await unit.audit(
        audit.Entry(
            account_id,
            f"payment.{status.value.lower()}",
            "Payment",
            payment_id,
            now,
            before={"status": payment.status.value},
            after=payment_state(changed),
        )
    )
    if status is PaymentStatus.SUCCEEDED:
        # an answer that was late in coming is to what was asked for then; an action is taken when it is taken
        asked_at = attempt.sent_at if payment.status is PaymentStatus.PROCESSING else now
        await _receive(unit, account, changed, now, asked_at)
    return changed


async def _receive(unit: UnitOfWork, account: Account, payment: Payment, at: datetime, asked_at: datetime) -> None:
    if payment.consolidated_id is not None:
        await settle_consolidated(unit, account, payment.consolidated_id, payment.amount, at)
    elif payment.invoice_id is not None:
        invoice = (await billed_invoices(unit.session, unit.scope, [payment.invoice_id]))[payment.invoice_id]
        received = await receive_money(unit, account, invoice, payment.amount, at, _MEMO, asked_at=asked_at)
        if received.invoice.due_minor == 0:
            await restore_standing(unit, account, [invoice], at)
