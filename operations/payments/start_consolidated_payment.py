"""Start paying a consolidated invoice: everything that is decided before the provider is asked."""

from uuid import UUID

from db import audit
from db.queries import payments
from db.queries.consolidated import account_of_consolidated
from db.queries.settlements import of_consolidated
from db.unit_of_work import UnitOfWork
from domain.commands import PayConsolidatedInvoice
from domain.errors import NotFound
from domain.ids import PaymentId
from domain.money import Money
from domain.rights import acts_for_the_account
from operations.asking import KeyReused, NotNow, asked
from operations.payments.choose_method import choose_method
from operations.payments.open_payment import open_payment
from operations.payments.payment_outcome import PaymentKnown, PaymentStarted, known
from operations.payments.start_payment import ANSWERS_WITHIN
from operations.remembering import remember

MUTATION = "consolidatedInvoicePay"


async def start_consolidated_payment(
    unit: UnitOfWork, command: PayConsolidatedInvoice
) -> PaymentStarted | PaymentKnown | NotNow | KeyReused:
    """Write the payment of all that is due of a payer's document, by a method of the payer.

    Raises as start_payment does. NotNow: ALREADY_PAID or PAYMENT_UNDER_WAY.
    """
    request = await asked(
        unit,
        await account_of_consolidated(unit.session, unit.scope, command.consolidated_invoice_id),
        command.consolidated_invoice_id,
        acts_for_the_account,
        MUTATION,
        command.idempotency_key,
        {
            "consolidatedInvoice": command.consolidated_invoice_id.hex,
            "method": command.payment_method_id.hex if command.payment_method_id else None,
        },
    )
    if isinstance(request, KeyReused):
        return request
    account = request.account
    if request.done is not None:
        payment = await payments.payment(unit.session, unit.scope, account.id, PaymentId(UUID(request.done["payment"])))
        if payment is None:
            raise NotFound(command.consolidated_invoice_id)
        return known(payment, is_replay=True)
    invoices = await of_consolidated(unit.session, unit.scope, [command.consolidated_invoice_id])
    due = Money(sum(invoice.owed.due_minor for invoice in invoices), account.currency)
    if due.is_zero:
        return NotNow("ALREADY_PAID", "PAID", "This consolidated invoice is paid.")
    if command.consolidated_invoice_id in await payments.under_way(unit.session, unit.scope, [account.id]):
        return NotNow("PAYMENT_UNDER_WAY", "OPEN", "A payment of this consolidated invoice is under way.")
    method = await choose_method(unit, account.id, command.payment_method_id)
    started = await open_payment(
        unit,
        account.id,
        due,
        method,
        request.now,
        request.now + ANSWERS_WITHIN,
        consolidated_id=command.consolidated_invoice_id,
    )
    await unit.audit(
        audit.Entry(
            account.id,
            "consolidated_invoice.pay",
            "ConsolidatedInvoice",
            command.consolidated_invoice_id,
            request.now,
            after={"amountMinor": due.minor, "currency": due.currency},
        )
    )
    await remember(unit, request, {"payment": started.payment_id.hex})
    return started
