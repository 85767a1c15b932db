"""Refund a payment, all of it or a part: a credit note over its invoice whose money goes back where it came from."""

from db import audit
from db.queries import payments
from db.queries.credits import creditable
from db.queries.settlements import billed_invoices
from db.unit_of_work import UnitOfWork
from domain.commands import RefundPayment
from domain.crediting import credit_lines, share_amount
from domain.errors import NotFound
from domain.ids import CreditNoteId
from domain.money_events import payment_state
from domain.payment import PaymentStatus
from domain.rights import is_finance
from domain.settlement import send_back
from domain.texts import one_line_or_none
from operations.asking import KeyReused, NotNow, asked, change_waits
from operations.invoices.credit_invoice import CREDITABLE, Credited, credited_before, ensure_reason
from operations.invoices.issue_credit_note import Correction, issue_credit_note
from operations.payments.record_payment import ensure_within
from operations.remembering import remember

MUTATION = "paymentRefund"


async def refund_payment(unit: UnitOfWork, command: RefundPayment) -> Credited | NotNow | KeyReused:
    """Send money of a payment back. Its invoice is credited by as much, so that it is not owed again.

    Raises InvalidInput naming `amount` for none, for more than the payment has left, or for more than its invoice has
    left to credit, `memo` for more than a line of text; NotFound; Forbidden for all but finance. NotNow:
    NOT_REFUNDABLE (it has not succeeded, or nothing is left of it, or its invoice is void), PAID_CONSOLIDATED (credit
    the child's invoice instead). A refund by a stored method is only written down: `give_back` has it done.
    """
    ensure_reason(command.reason)
    memo = one_line_or_none(command.memo, "memo")
    request = await asked(
        unit,
        await payments.account_of_payment(unit.session, unit.scope, command.payment_id),
        command.payment_id,
        is_finance,
        MUTATION,
        command.idempotency_key,
        {
            "payment": command.payment_id.hex,
            "amount": command.amount.amount() if command.amount else None,
            "currency": command.amount.currency if command.amount else None,
            "reason": command.reason.value,
            "memo": command.memo,
        },
    )
    if isinstance(request, KeyReused):
        return request
    account, now, session, scope = request.account, request.now, unit.session, unit.scope
    if request.done is not None:
        return credited_before(account.id, request.done)
    payment = await payments.payment(session, scope, account.id, command.payment_id)
    if payment is None:
        raise NotFound(command.payment_id)
    if payment.invoice_id is None:
        return NotNow("PAID_CONSOLIDATED", payment.status.value, "Credit the invoices that this payment was for.")
    if payment.status is not PaymentStatus.SUCCEEDED or payment.left.is_zero:
        return NotNow("NOT_REFUNDABLE", payment.status.value, "Nothing is left of this payment to send back.")
    amount = payment.left if command.amount is None else command.amount
    ensure_within(amount, payment.left, f"The payment has {payment.left.spoken()} left to send back.")
    invoice = (await billed_invoices(session, scope, [payment.invoice_id]))[payment.invoice_id]
    if invoice.owed.status not in CREDITABLE:
        return NotNow("NOT_REFUNDABLE", invoice.owed.status.value, "What was paid for it is on the credit balance.")
    if invoice.change_id is not None:
        return change_waits(invoice.owed.status)
    of = await creditable(session, scope, account.id, invoice.owed)
    note_id = CreditNoteId(unit.ids.new())
    lines = credit_lines(of, share_amount(of, amount.minor), note_id, unit.ids)
    correction = Correction(
        note_id=note_id,
        lines=lines,
        reason=command.reason,
        memo=memo,
        after=send_back(invoice.owed, amount.minor),
        to_invoice_minor=0,
        by_payment=[(payment, amount)],
    )
    note, refunds = await issue_credit_note(unit, account, invoice, correction, now)
    await unit.audit(
        audit.Entry(
            account.id,
            "payment.refund",
            "Payment",
            payment.id,
            now,
            before=payment_state(payment),
            after={**payment_state(payment), "refundedMinor": payment.refunded.minor + amount.minor},
            reason=memo or command.reason.value,
        )
    )
    refund_ids = tuple(refund.id for refund in refunds)
    await remember(unit, request, {"note": note.id.hex, "refunds": [each.hex for each in refund_ids]})
    return Credited(account.id, note.id, refund_ids, is_replay=False)
