"""Give money back: write the credit note and its refunds, then see the refunds through, outside any transaction."""

from db.unit_of_work import UnitOfWork
from domain.commands import CreditInvoice, RefundPayment
from domain.provider import PaymentProvider
from operations.asking import KeyReused, NotNow
from operations.invoices.credit_invoice import Credited, credit_invoice
from operations.payments.pay import Units
from operations.payments.poll_refund import poll_refund
from operations.payments.refund_payment import refund_payment


async def give_back(
    units: Units, provider: PaymentProvider, command: CreditInvoice | RefundPayment
) -> Credited | NotNow | KeyReused:
    """Do what finance asks. Raises as credit_invoice and refund_payment do, before anything is sent back.

    Refunds that the provider has not answered stay PROCESSING, and are asked about by the next run of what is due.
    """
    async with units() as unit:
        outcome = await _write(unit, command)
    if not isinstance(outcome, Credited) or not outcome.refund_ids:
        return outcome
    for refund_id in outcome.refund_ids:
        await poll_refund(units, provider, outcome.account_id, refund_id)
    return outcome


async def _write(unit: UnitOfWork, command: CreditInvoice | RefundPayment) -> Credited | NotNow | KeyReused:
    match command:
        case CreditInvoice():
            return await credit_invoice(unit, command)
        case RefundPayment():
            return await refund_payment(unit, command)
