"""Start paying an invoice by a stored method: everything that is decided before the provider is asked."""

from datetime import timedelta
from uuid import UUID

from db import audit
from db.queries import payments
from db.queries.changes import awaiting_change
from db.queries.settlements import account_of_invoice, billed_invoices
from db.unit_of_work import UnitOfWork
from domain.commands import PayInvoice
from domain.errors import NotFound
from domain.ids import PaymentId
from domain.invoice import InvoiceStatus
from domain.money import Money
from domain.money_events import invoice_state
from domain.rights import acts_for_the_account
from operations.asking import KeyReused, NotNow, asked
from operations.payments.choose_method import choose_method
from operations.payments.open_payment import open_payment
from operations.payments.payment_outcome import PaymentKnown, PaymentStarted, known
from operations.remembering import remember

MUTATION = "invoicePay"
PAYABLE = (InvoiceStatus.OPEN, InvoiceStatus.UNCOLLECTIBLE)
ANSWERS_WITHIN = timedelta(minutes=1)
"""How long whoever pays waits for the provider; after that its books are asked by the next run of what is due."""


async def start_payment(unit: UnitOfWork, command: PayInvoice) -> PaymentStarted | PaymentKnown | NotNow | KeyReused:
    """Write the payment of all that is due. The same request again tells how its payment stands, and starts none.

    Raises NotFound for an invoice or method out of reach, Forbidden for who may not pay, InvalidInput naming
    `paymentMethodId` where the account has none to charge. NotNow: ALREADY_PAID, NOT_PAYABLE (a draft, a void one),
    PAID_BY_PARENT, or PAYMENT_UNDER_WAY.
    """
    request = await asked(
        unit,
        await account_of_invoice(unit.session, unit.scope, command.invoice_id),
        command.invoice_id,
        acts_for_the_account,
        MUTATION,
        command.idempotency_key,
        {
            "invoice": command.invoice_id.hex,
            "method": command.payment_method_id.hex if command.payment_method_id else None,
        },
    )
    if isinstance(request, KeyReused):
        return request
    account, session, scope = request.account, unit.session, unit.scope
    if request.done is not None:
        payment = await payments.payment(session, scope, account.id, PaymentId(UUID(request.done["payment"])))
        if payment is None:
            raise NotFound(command.invoice_id)
        return known(payment, is_replay=True)
    invoice = (await billed_invoices(session, scope, [command.invoice_id]))[command.invoice_id]
    owed = invoice.owed
    if owed.status is InvoiceStatus.PAID:
        return NotNow("ALREADY_PAID", owed.status.value, "This invoice is paid.")
    if owed.status not in PAYABLE:
        return NotNow("NOT_PAYABLE", owed.status.value, "Only an open invoice can be paid.")
    change = invoice.change_id and await awaiting_change(session, scope, account.id, invoice.change_id)
    if change and request.now >= change.expires_at:
        return NotNow("NOT_PAYABLE", owed.status.value, "The plan change that this invoice is for has lapsed.")
    if invoice.payer_id is not None:
        return NotNow(
            "PAID_BY_PARENT", owed.status.value, "The parent account pays this with its consolidated invoice."
        )
    if invoice.id in await payments.under_way(session, scope, [account.id]):
        return NotNow("PAYMENT_UNDER_WAY", owed.status.value, "A payment of this invoice is under way.")
    method = await choose_method(unit, account.id, command.payment_method_id)
    started = await open_payment(
        unit,
        account.id,
        Money(owed.due_minor, owed.currency),
        method,
        request.now,
        request.now + ANSWERS_WITHIN,
        invoice_id=invoice.id,
    )
    await unit.audit(
        audit.Entry(account.id, "invoice.pay", "Invoice", invoice.id, request.now, before=invoice_state(owed))
    )
    await remember(unit, request, {"payment": started.payment_id.hex})
    return started
