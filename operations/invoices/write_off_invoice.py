"""Write an invoice off: nobody is asked for it any more. A payment that comes all the same still counts."""

from dataclasses import dataclass, replace

from db import audit
from db.queries.payments import under_way
from db.queries.settlements import account_of_invoice, billed_invoices
from db.save.settlements import settlement
from db.unit_of_work import UnitOfWork
from domain.commands import WriteOffInvoice
from domain.errors import InvalidTransition
from domain.ids import InvoiceId
from domain.invoice import InvoiceEvent, after
from domain.money_events import invoice_event, invoice_state
from domain.rights import is_finance
from domain.texts import one_line
from operations.asking import KeyReused, NotNow, asked, change_waits
from operations.payments.restore_standing import restore_standing
from operations.remembering import remember

MUTATION = "invoiceWriteOff"


@dataclass(frozen=True, slots=True)
class WrittenOff:
    """The invoice is UNCOLLECTIBLE. `is_replay`: this very request had written it off before."""

    invoice_id: InvoiceId
    is_replay: bool


async def write_off_invoice(unit: UnitOfWork, command: WriteOffInvoice) -> WrittenOff | NotNow | KeyReused:
    """Give up on an open invoice; it counts as overdue no more.

    Raises InvalidInput naming `reason` for one that is no line of text, NotFound, Forbidden for all but finance.
    NotNow: NOT_OPEN, PAYMENT_UNDER_WAY, or CHANGE_AWAITS_PAYMENT.
    """
    reason = one_line(command.reason, "reason")
    request = await asked(
        unit,
        await account_of_invoice(unit.session, unit.scope, command.invoice_id),
        command.invoice_id,
        is_finance,
        MUTATION,
        command.idempotency_key,
        {"invoice": command.invoice_id.hex, "reason": command.reason},
    )
    if isinstance(request, KeyReused):
        return request
    if request.done is not None:
        return WrittenOff(command.invoice_id, is_replay=True)
    account, now = request.account, request.now
    invoice = (await billed_invoices(unit.session, unit.scope, [command.invoice_id]))[command.invoice_id]
    owed = invoice.owed
    try:
        status = after(owed.status, InvoiceEvent.WRITTEN_OFF)
    except InvalidTransition:
        return NotNow("NOT_OPEN", owed.status.value, "Only an open invoice can be written off.")
    if invoice.change_id is not None:
        return change_waits(owed.status)
    if invoice.id in await under_way(unit.session, unit.scope, [account.id]):
        return NotNow("PAYMENT_UNDER_WAY", owed.status.value, "A payment of this invoice is under way.")
    given_up = replace(owed, status=status)
    await settlement(unit, account.id, owed, given_up, now)
    unit.emit(account.id, invoice_event("written_off", given_up, now))
    await unit.audit(
        audit.Entry(
            account.id,
            "invoice.write_off",
            "Invoice",
            invoice.id,
            now,
            before=invoice_state(owed),
            after=invoice_state(given_up),
            reason=reason,
        )
    )
    await restore_standing(unit, account, [invoice], now)
    await remember(unit, request, {"invoice": invoice.id.hex})
    return WrittenOff(invoice.id, is_replay=False)
