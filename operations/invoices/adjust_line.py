"""Adjust a line of an earlier invoice: a correction that goes on the next one, linked to the line."""

from dataclasses import dataclass
from uuid import UUID

from db import audit
from db.queries.credits import creditable, place_of_line
from db.queries.settlements import billed_invoices
from db.save.charges import Charge, new_charge
from db.unit_of_work import UnitOfWork
from domain.commands import AdjustLine
from domain.errors import InvalidInput, NotFound
from domain.ids import PREFIXES, ChargeId, public_id
from domain.invoice import ChargeKind
from domain.money import Money
from domain.money_events import money_event
from domain.rights import is_finance
from domain.texts import one_line
from operations.asking import KeyReused, NotNow, asked, change_waits
from operations.invoices.credit_invoice import CREDITABLE
from operations.remembering import remember

MUTATION = "invoiceLineAdjust"


@dataclass(frozen=True, slots=True)
class LineAdjusted:
    """The adjustment waits for the next invoice. `is_replay`: this very request had asked for it before."""

    charge_id: ChargeId
    is_replay: bool


async def adjust_line(unit: UnitOfWork, command: AdjustLine) -> LineAdjusted | NotNow | KeyReused:
    """Ask for more or give back of a line, which is taxed as it was.

    Raises InvalidInput naming `amount` for none, another currency, or more back than the line has left, what waits
    included; `lineId` for a line that is no charge; `description` for an empty one. NotFound; Forbidden for all but
    finance. NotNow: NOT_CREDITABLE, where the line's invoice is a draft or void.
    """
    if not command.description.strip():
        raise InvalidInput(("description",), "Say what the adjustment is for.", "")
    description = one_line(command.description, "description")
    place = await place_of_line(unit.session, unit.scope, command.line_id)
    if place is None:
        raise NotFound(command.line_id)
    request = await asked(
        unit,
        place.account_id,
        command.line_id,
        is_finance,
        MUTATION,
        command.idempotency_key,
        {
            "line": command.line_id.hex,
            "amountMinor": command.amount.minor,
            "currency": command.amount.currency,
            "description": command.description,
        },
    )
    if isinstance(request, KeyReused):
        return request
    if request.done is not None:
        return LineAdjusted(ChargeId(UUID(request.done["charge"])), is_replay=True)
    account, now = request.account, request.now
    invoice = (await billed_invoices(unit.session, unit.scope, [place.invoice_id]))[place.invoice_id]
    owed = invoice.owed
    if owed.status not in CREDITABLE:
        return NotNow("NOT_CREDITABLE", owed.status.value, "Only lines of a final invoice can be adjusted.")
    if invoice.change_id is not None:
        return change_waits(owed.status)
    if command.amount.currency != account.currency:
        raise InvalidInput(("amount",), f"The account is billed in {account.currency}.", command.amount.currency)
    if command.amount.is_zero:
        raise InvalidInput(("amount",), "An adjustment is more or less than nothing.", command.amount)
    of = await creditable(unit.session, unit.scope, account.id, owed)
    line = next((each for each in of.lines if each.id == command.line_id), None)
    if line is None:
        raise InvalidInput(("lineId",), "Only a charge can be adjusted.", command.line_id)
    if -command.amount.minor > line.left_stated_minor:
        left = Money(line.left_stated_minor, account.currency).spoken()
        raise InvalidInput(("amount",), f"The line has {left} left to give back.", command.amount)
    charge = Charge(
        id=ChargeId(unit.ids.new()),
        kind=ChargeKind.ADJUSTMENT,
        amount=command.amount,
        description=description,
        created_at=now,
        subscription_id=place.subscription_id,
        line_id=line.id,
    )
    await new_charge(unit, account.id, charge)
    data = {
        "kind": charge.kind.value,
        "line": public_id(PREFIXES["InvoiceLine"], line.id),
        "amountMinor": charge.amount.minor,
        "currency": charge.amount.currency,
    }
    unit.emit(account.id, money_event("charge.added", "OneOffCharge", charge.id, now, **data))
    await unit.audit(
        audit.Entry(account.id, "line.adjust", "OneOffCharge", charge.id, now, after=data, reason=charge.description)
    )
    await remember(unit, request, {"charge": charge.id.hex})
    return LineAdjusted(charge.id, is_replay=False)
