"""Credit an invoice: whole, by lines, or by an amount; to the balance, or back by the payments it had."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from db import audit
from db.queries.credits import creditable
from db.queries.payments import received_for
from db.queries.settlements import account_of_invoice, billed_invoices
from db.unit_of_work import UnitOfWork
from domain.commands import CreditDestination, CreditInvoice
from domain.credit import CreditNoteReason
from domain.crediting import Creditable, CreditShare, credit_lines, share_amount, share_lines, share_whole
from domain.errors import InvalidInput
from domain.ids import AccountId, CreditNoteId, RefundId
from domain.invoice import InvoiceStatus
from domain.invoicing.debits import WAIVED
from domain.money import Money
from domain.money_events import invoice_state
from domain.payment import Payment
from domain.rights import is_finance
from domain.settlement import lighten
from domain.texts import one_line_or_none
from operations.asking import KeyReused, NotNow, asked, change_waits
from operations.invoices.issue_credit_note import Correction, issue_credit_note
from operations.remembering import remember

MUTATION = "invoiceCredit"
CREDITABLE = (InvoiceStatus.OPEN, InvoiceStatus.PAID, InvoiceStatus.UNCOLLECTIBLE)


@dataclass(frozen=True, slots=True)
class Credited:
    """The credit note is issued; `refund_ids` are the refunds on their way. `is_replay`: it had been issued before."""

    account_id: AccountId
    credit_note_id: CreditNoteId
    refund_ids: tuple[RefundId, ...]
    is_replay: bool


async def credit_invoice(unit: UnitOfWork, command: CreditInvoice) -> Credited | NotNow | KeyReused:
    """Issue a credit note over an invoice that is final and not void.

    Raises InvalidInput naming `amount`, `lines`, or the line's field at fault for more than there is left, for another
    currency, or for lines and an amount at once, `reason` for one that is the engine's, and `memo` for more than a line
    of text; NotFound; Forbidden for all but finance. NotNow: NOT_CREDITABLE,
    CHANGE_AWAITS_PAYMENT.
    Refunds by a stored method are only written down: `give_back` has them done.
    """
    ensure_reason(command.reason)
    memo = one_line_or_none(command.memo, "memo")
    if command.lines and command.amount is not None:
        raise InvalidInput(("amount",), "Credit lines or an amount, not both.", command.amount)
    request = await asked(
        unit,
        await account_of_invoice(unit.session, unit.scope, command.invoice_id),
        command.invoice_id,
        is_finance,
        MUTATION,
        command.idempotency_key,
        _payload(command),
    )
    if isinstance(request, KeyReused):
        return request
    account, now = request.account, request.now
    if request.done is not None:
        return credited_before(account.id, request.done)
    invoice = (await billed_invoices(unit.session, unit.scope, [command.invoice_id]))[command.invoice_id]
    owed = invoice.owed
    if owed.status not in CREDITABLE:
        return NotNow("NOT_CREDITABLE", owed.status.value, "Only a final invoice that is not void can be credited.")
    if invoice.change_id is not None:
        return change_waits(owed.status)
    of = await creditable(unit.session, unit.scope, account.id, owed)
    note_id = CreditNoteId(unit.ids.new())
    lines = credit_lines(of, _shares(of, command), note_id, unit.ids)
    total = sum(line.amount.minor + line.tax_minor for line in lines)
    after, to_invoice = lighten(owed, total)
    by_payment: Sequence[tuple[Payment, Money]] = ()
    if command.destination is CreditDestination.REFUND:
        received = await received_for(unit.session, unit.scope, account.id, invoice.id)
        by_payment = spread(Money(total - to_invoice, account.currency), received)
    correction = Correction(note_id, lines, command.reason, memo, after, to_invoice, by_payment)
    note, refunds = await issue_credit_note(unit, account, invoice, correction, now)
    await unit.audit(
        audit.Entry(
            account.id,
            "invoice.credit",
            "Invoice",
            invoice.id,
            now,
            before=invoice_state(owed),
            after=invoice_state(after),
            reason=memo or command.reason.value,
        )
    )
    refund_ids = tuple(refund.id for refund in refunds)
    await remember(unit, request, {"note": note.id.hex, "refunds": [each.hex for each in refund_ids]})
    return Credited(account.id, note.id, refund_ids, is_replay=False)


def ensure_reason(reason: CreditNoteReason) -> None:
    """A reason that somebody may give. Raises InvalidInput naming `reason` for those that tell of unused service.

    They are the engine's: whoever credits by hand waives an amount and says nothing of when a service was used.
    """
    if reason not in WAIVED:
        allowed = " or ".join(sorted(each.value for each in WAIVED))
        raise InvalidInput(("reason",), f"The reason of a credit by hand is {allowed}.", reason.value)


def spread(amount: Money, received: Sequence[Payment]) -> list[tuple[Payment, Money]]:
    """What goes back by each payment, in their order, as far as they have money left; the rest is nobody's."""
    parts: list[tuple[Payment, Money]] = []
    for payment in received:
        part = min(amount, payment.left)
        if part.minor > 0:
            parts.append((payment, part))
            amount -= part
    return parts


def credited_before(account_id: AccountId, done: Mapping[str, Any]) -> Credited:
    """What a request did that is asked again, from what was remembered of it."""
    refund_ids = tuple(RefundId(UUID(each)) for each in done["refunds"])
    return Credited(account_id, CreditNoteId(UUID(done["note"])), refund_ids, is_replay=True)


def _shares(of: Creditable, command: CreditInvoice) -> tuple[CreditShare, ...]:
    if command.amount is not None:
        _ensure_currency(command.amount, of.currency, "amount")
        return share_amount(of, command.amount.minor)
    if not command.lines:
        return share_whole(of)
    for position, line in enumerate(command.lines):
        if line.amount is not None:
            _ensure_currency(line.amount, of.currency, "lines", str(position), "amount")
    wanted = [CreditShare(each.line_id, None if each.amount is None else each.amount.minor) for each in command.lines]
    return share_lines(of, wanted)


def _ensure_currency(amount: Money, currency: str, *path: str) -> None:
    if amount.currency != currency:
        raise InvalidInput(path, f"The invoice is in {currency}.", amount.currency)


def _payload(command: CreditInvoice) -> dict[str, object]:
    return {
        "invoice": command.invoice_id.hex,
        "reason": command.reason.value,
        "lines": [[each.line_id.hex, each.amount.amount() if each.amount else None] for each in command.lines],
        "amount": command.amount.amount() if command.amount else None,
        "destination": command.destination.value,
        "memo": command.memo,
    }
