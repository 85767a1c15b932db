"""Add a charge by hand: it waits for the next invoice, or is invoiced at once."""

from dataclasses import dataclass
from uuid import UUID

from db import audit
from db.queries.accounts import account_of_subscription
from db.queries.billing_terms import account_terms
from db.save.charges import Charge, new_charge
from db.unit_of_work import UnitOfWork
from domain.account import Account
from domain.commands import AddCharge
from domain.errors import InvalidInput, NotFound
from domain.ids import PREFIXES, ChargeId, InvoiceId, public_id
from domain.invoice import ChargeKind, InvoiceReason
from domain.invoicing.bill import bill
from domain.invoicing.documents import Heading
from domain.invoicing.waiting import WaitingCharge, charge_lines
from domain.money_events import money_event
from domain.rights import is_finance
from domain.texts import one_line
from operations.asking import KeyReused, asked
from operations.invoices.write_documents import write_documents
from operations.remembering import remember

MUTATION = "chargeAdd"


@dataclass(frozen=True, slots=True)
class ChargeAdded:
    """The charge stands. `invoice_id` None: it waits for the next invoice. `is_replay`: it had been added before."""

    charge_id: ChargeId
    invoice_id: InvoiceId | None
    is_replay: bool


async def add_charge(unit: UnitOfWork, command: AddCharge) -> ChargeAdded | KeyReused:
    """Charge an amount before tax, with the tax of the day it is invoiced.

    Raises InvalidInput naming `amount` for none, less than nothing or another currency, `description` for no line of
    text; NotFound for an account, or a subscription of it, that is not there; Forbidden for all but finance.
    """
    if not command.description.strip():
        raise InvalidInput(("description",), "Say what the charge is for.", "")
    description = one_line(command.description, "description")
    request = await asked(
        unit,
        command.account_id,
        command.account_id,
        is_finance,
        MUTATION,
        command.idempotency_key,
        {
            "account": command.account_id.hex,
            "amountMinor": command.amount.minor,
            "currency": command.amount.currency,
            "description": command.description,
            "subscription": command.subscription_id.hex if command.subscription_id else None,
            "isImmediate": command.is_immediate,
        },
    )
    if isinstance(request, KeyReused):
        return request
    if request.done is not None:
        invoice = request.done["invoice"]
        charge_id = ChargeId(UUID(request.done["charge"]))
        return ChargeAdded(charge_id, InvoiceId(UUID(invoice)) if invoice else None, is_replay=True)
    account, now = request.account, request.now
    if command.amount.currency != account.currency:
        raise InvalidInput(("amount",), f"The account is billed in {account.currency}.", command.amount.currency)
    if command.amount.minor <= 0:
        raise InvalidInput(("amount",), "A charge is more than nothing; give back with a credit note.", command.amount)
    if command.subscription_id is not None:
        owner = await account_of_subscription(unit.session, unit.scope, command.subscription_id)
        if owner != account.id:
            raise NotFound(command.subscription_id)
    charge = Charge(
        id=ChargeId(unit.ids.new()),
        kind=ChargeKind.ONE_OFF,
        amount=command.amount,
        description=description,
        created_at=now,
        subscription_id=command.subscription_id,
    )
    await new_charge(unit, account.id, charge)
    invoice_id = await _bill(unit, account, charge) if command.is_immediate else None
    data = {
        "kind": charge.kind.value,
        "amountMinor": charge.amount.minor,
        "currency": charge.amount.currency,
        "invoice": public_id(PREFIXES["Invoice"], invoice_id) if invoice_id else None,
    }
    unit.emit(account.id, money_event("charge.added", "OneOffCharge", charge.id, now, **data))
    await unit.audit(
        audit.Entry(account.id, "charge.add", "OneOffCharge", charge.id, now, after=data, reason=charge.description)
    )
    await remember(unit, request, {"charge": charge.id.hex, "invoice": invoice_id.hex if invoice_id else None})
    return ChargeAdded(charge.id, invoice_id, is_replay=False)


async def _bill(unit: UnitOfWork, account: Account, charge: Charge) -> InvoiceId | None:
    """The charge on an invoice of its own, at once."""
    terms = await account_terms(unit.session, account)
    waiting = WaitingCharge(
        charge.id, charge.kind, charge.amount, charge.description, charge.created_at, charge.subscription_id
    )
    lines = charge_lines([waiting], (), account.zone)
    heading = Heading(InvoiceReason.ONE_OFF, subscription_id=None)
    documents = await write_documents(
        unit, account, bill(lines, terms, charge.created_at), heading, charges=[charge.id]
    )
    return documents.invoice.id if documents.invoice else None
