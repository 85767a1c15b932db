"""Make a draft final because finance says so, before its grace is over."""

from dataclasses import dataclass

from db.queries.credits import ledgers
from db.queries.settlements import account_of_invoice, billed_invoices
from db.unit_of_work import UnitOfWork
from domain.commands import FinaliseInvoice
from domain.ids import InvoiceId
from domain.invoice import InvoiceStatus
from domain.rights import is_finance
from operations.asking import KeyReused, NotNow, asked
from operations.invoices.finalise_invoice import finalise_invoice
from operations.remembering import remember

MUTATION = "invoiceFinalise"


@dataclass(frozen=True, slots=True)
class Finalised:
    """The invoice is final. `is_replay`: this very request had made it so before."""

    invoice_id: InvoiceId
    is_replay: bool


async def finalise_draft(unit: UnitOfWork, command: FinaliseInvoice) -> Finalised | NotNow | KeyReused:
    """Finalise it at the account's own now, as the end of its grace would. What is used of its period later is
    adjusted on the next one.

    Raises NotFound, Forbidden for all but finance. NotNow: NOT_DRAFT, for one that is final already.
    """
    request = await asked(
        unit,
        await account_of_invoice(unit.session, unit.scope, command.invoice_id),
        command.invoice_id,
        is_finance,
        MUTATION,
        command.idempotency_key,
        {"invoice": command.invoice_id.hex},
    )
    if isinstance(request, KeyReused):
        return request
    if request.done is not None:
        return Finalised(command.invoice_id, is_replay=True)
    account = request.account
    draft = (await billed_invoices(unit.session, unit.scope, [command.invoice_id]))[command.invoice_id]
    if draft.owed.status is not InvoiceStatus.DRAFT:
        return NotNow("NOT_DRAFT", draft.owed.status.value, "This invoice is final already.")
    ledger = (await ledgers(unit.session, unit.scope, [account]))[account.id]
    await finalise_invoice(unit, account, draft, request.now, ledger)
    await remember(unit, request, {"invoice": draft.id.hex})
    return Finalised(draft.id, is_replay=False)
