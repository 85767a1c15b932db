"""Record what the provider said of a refund. Money that cannot go back where it came from becomes credit."""

from dataclasses import replace
from datetime import datetime

from db import audit
from db.queries import payments
from db.queries.accounts import account as account_for
from db.queries.credits import ledgers
from db.save import payments as save
from db.save.credits import credit_ledger
from db.unit_of_work import UnitOfWork
from domain.account import Account
from domain.errors import NotFound
from domain.ids import AccountId, RefundId
from domain.money_events import credit_event, refund_event
from domain.payment import PaymentStatus, Refund, RefundStatus, ask_again_at
from domain.provider import Answer

_MEMO = "A refund that the provider declined."


async def record_refund(
    unit: UnitOfWork, account_id: AccountId, refund_id: RefundId, answer: Answer, at: datetime
) -> Refund:
    """Write down an answer to a refund; one that is final stays as it is. `at` is the account's own time.

    A refund that fails is credit from then on: the customer was promised the money. Raises NotFound.
    """
    found = await account_for(unit.session, unit.scope, account_id, for_change=True)
    refund = found and await payments.refund(unit.session, unit.scope, account_id, refund_id)
    if not found or not refund:
        raise NotFound(refund_id)
    if refund.status is not RefundStatus.PROCESSING:
        return refund
    changed = replace(refund, status=answer.refund)
    is_open = changed.status is RefundStatus.PROCESSING
    poll_at = ask_again_at(PaymentStatus.PROCESSING, refund.created_at or at, at) if is_open else None
    await save.refund_answered(
        unit, account_id, changed, at, poll_at=poll_at, reference=answer.reference, code=answer.code
    )
    if is_open:
        return changed
    unit.emit(account_id, refund_event(changed, at))
    if changed.status is RefundStatus.FAILED:
        await _to_balance(unit, found.account, changed, at)
    await unit.audit(
        audit.Entry(
            account_id,
            f"refund.{changed.status.value.lower()}",
            "Refund",
            refund_id,
            at,
            before={"status": refund.status.value},
            after={"status": changed.status.value},
        )
    )
    return changed


async def _to_balance(unit: UnitOfWork, account: Account, refund: Refund, at: datetime) -> None:
    payment = await payments.payment(unit.session, unit.scope, account.id, refund.payment_id)
    if payment is None:
        raise NotFound(refund.payment_id)
    await save.refunded(unit, payment, payment.refunded - refund.amount)
    ledger = (await ledgers(unit.session, unit.scope, [account]))[account.id]
    granted = ledger.grant(
        refund.amount,
        at,
        unit.ids,
        credit_note_id=refund.credit_note_id,
        invoice_id=payment.invoice_id,
        memo=_MEMO,
    )
    await credit_ledger(unit, account.id, granted.entries)
    unit.emit(account.id, *(credit_event(entry, account.id) for entry in granted.entries))
