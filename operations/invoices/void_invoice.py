"""Void an invoice: it is asked for no more, the credit it took is back, and another may take its place."""

from dataclasses import dataclass
from uuid import UUID

from db import audit
from db.queries.changes import awaiting_change
from db.queries.corrected import corrected
from db.queries.credits import applied_credit, ledgers
from db.queries.payments import payment_under_way, under_way
from db.queries.settlements import BilledInvoice, account_of_invoice, billed_invoices
from db.save.credits import credit_ledger
from db.save.settlements import settlement
from db.unit_of_work import UnitOfWork
from domain.commands import VoidInvoice
from domain.errors import InvalidTransition
from domain.ids import InvoiceId
from domain.invoice import InvoiceEvent, InvoiceStatus, after
from domain.money_events import credit_event, invoice_event, invoice_state
from domain.payment import PaymentStatus
from domain.plan_change.verdict import PlanChangeStatus
from domain.rights import is_finance
from domain.settlement import Corrected, annul
from domain.texts import one_line
from operations.asking import Asked, KeyReused, NotNow, asked, change_waits
from operations.changes.lapse_change import lapse_change
from operations.invoices.reissue_invoice import reissue_invoice
from operations.payments.restore_standing import restore_standing
from operations.remembering import remember

MUTATION = "invoiceVoid"


@dataclass(frozen=True, slots=True)
class Voided:
    """The invoice is VOID. `replaced_by` is the one in its place, if that was asked for. `is_replay`: done before."""

    invoice_id: InvoiceId
    replaced_by: InvoiceId | None
    is_replay: bool


async def void_invoice(unit: UnitOfWork, command: VoidInvoice) -> Voided | NotNow | KeyReused:
    """Void an open invoice that nothing was paid for. Its lines are no debits any more; its number stays taken.

    Raises InvalidInput naming `reason` for one that is no line of text, NotFound, Forbidden for all but finance.
    NotNow: NOT_OPEN (a draft, one that is paid, void or written off), PARTLY_PAID and LINES_CREDITED (credit it
    instead), PAYMENT_UNDER_WAY, and CHANGE_AWAITS_PAYMENT for one to be issued again that a plan change waits for.
    """
    reason = one_line(command.reason, "reason")
    request = await asked(
        unit,
        await account_of_invoice(unit.session, unit.scope, command.invoice_id),
        command.invoice_id,
        is_finance,
        MUTATION,
        command.idempotency_key,
        {"invoice": command.invoice_id.hex, "reason": command.reason, "reissue": command.reissue},
    )
    if isinstance(request, KeyReused):
        return request
    if request.done is not None:
        stored = request.done["replacedBy"]
        return Voided(command.invoice_id, InvoiceId(UUID(stored)) if stored else None, is_replay=True)
    account, now, session, scope = request.account, request.now, unit.session, unit.scope
    invoice = (await billed_invoices(session, scope, [command.invoice_id]))[command.invoice_id]
    owed = invoice.owed
    if invoice.change_id is not None:
        return await _void_with_change(unit, request, invoice, command)
    refusal = _refusal(owed.status, owed.settlement.paid, await corrected(session, scope, account.id, invoice.id))
    if refusal is not None:
        return refusal
    if invoice.id in await under_way(session, scope, [account.id]):
        return NotNow("PAYMENT_UNDER_WAY", owed.status.value, "A payment of this invoice is under way.")
    void = annul(owed)
    applied = await applied_credit(session, scope, account.id, invoice.id)
    ledger = (await ledgers(session, scope, [account]))[account.id]
    restored = ledger.restore(applied, invoice.id, now, unit.ids)
    await settlement(unit, account.id, owed, void, now)
    await credit_ledger(unit, account.id, restored.entries)
    unit.emit(account.id, invoice_event("voided", void, now))
    unit.emit(account.id, *(credit_event(entry, account.id) for entry in restored.entries))
    await unit.audit(
        audit.Entry(
            account.id,
            "invoice.void",
            "Invoice",
            invoice.id,
            now,
            before=invoice_state(owed),
            after=invoice_state(void),
            reason=reason,
        )
    )
    await restore_standing(unit, account, [invoice], now)
    replaced_by = await reissue_invoice(unit, account, invoice.id, now) if command.reissue else None
    outcome = {"invoice": invoice.id.hex, "replacedBy": replaced_by.hex if replaced_by else None}
    await remember(unit, request, outcome)
    return Voided(invoice.id, replaced_by, is_replay=False)


async def _void_with_change(
    unit: UnitOfWork, request: Asked, invoice: BilledInvoice, command: VoidInvoice
) -> Voided | NotNow:
    """Void what a plan change waits for, and the change with it; what was never made is not billed again."""
    account, status = request.account, invoice.owed.status
    if command.reissue:
        return change_waits(status)
    change = invoice.change_id and await awaiting_change(unit.session, unit.scope, account.id, invoice.change_id)
    assert change, "the change that the invoice was read with waits still, under one lock"
    payment = await payment_under_way(unit.session, unit.scope, account.id, invoice.id)
    if payment is not None and payment.status is PaymentStatus.PROCESSING:
        return NotNow("PAYMENT_UNDER_WAY", status.value, "A payment of this invoice is under way.")
    await lapse_change(unit, account, change, PlanChangeStatus.CANCELLED, request.now, reason=command.reason)
    await remember(unit, request, {"invoice": invoice.id.hex, "replacedBy": None})
    return Voided(invoice.id, None, is_replay=False)


def _refusal(status: InvoiceStatus, paid_minor: int, so_far: Corrected) -> NotNow | None:
    try:
        after(status, InvoiceEvent.VOIDED)
    except InvalidTransition:
        return NotNow("NOT_OPEN", status.value, "Only an open invoice can be voided.")
    if paid_minor:
        return NotNow("PARTLY_PAID", status.value, "A part of it was paid: write a credit note instead.")
    if so_far.is_credited:
        return NotNow(
            "LINES_CREDITED",
            status.value,
            "Something of its lines was given back already: credit the rest with a credit note instead.",
        )
    if so_far.is_waiting:
        return NotNow(
            "LINES_CREDITED",
            status.value,
            "An adjustment of its lines waits for the next invoice: credit the rest with a credit note instead.",
        )
    return None
