"""A change that was not paid in time lapses, once it is certain that it was not."""

from datetime import datetime

from db.queries.accounts import account as account_for
from db.queries.changes import AwaitingChange, awaiting_change
from db.queries.payments import payment_under_way
from db.save.changes import plan_change_held
from db.unit_of_work import UnitOfWork
from domain.account import Account
from domain.ids import AccountId, PlanChangeId
from domain.payment import Payment, PaymentStatus, ask_again_at
from domain.plan_change.verdict import PlanChangeStatus
from domain.provider import PaymentProvider
from operations.changes.lapse_change import lapse_change
from operations.payments.pay import Units
from operations.payments.poll_payment import poll_payment


async def expire_change(
    units: Units, provider: PaymentProvider, account_id: AccountId, change_id: PlanChangeId, at: datetime
) -> None:
    """Let a waiting change lapse at its instant, in the account's own time; nothing where it waits no more, or longer.

    A payment under way is asked about first, outside any transaction: had it succeeded, the change takes effect. While
    its books do not say, the change is held, until the billing period ends at the latest.
    """
    async with units() as unit:
        waiting = await _waiting(unit, account_id, change_id, at)
        payment = waiting and await _processing(unit, waiting[1])
    if waiting is None:
        return
    if payment is not None:
        await poll_payment(units, provider, account_id, payment.id, at)
    async with units() as unit:
        waiting = await _waiting(unit, account_id, change_id, at)
        if waiting is not None:
            await _lapse_or_hold(unit, *waiting, at)


async def _lapse_or_hold(unit: UnitOfWork, account: Account, change: AwaitingChange, at: datetime) -> None:
    payment = await _processing(unit, change)
    if payment is not None and at < change.period_end:
        next_at = ask_again_at(payment.status, payment.attempts[-1].sent_at, at)
        assert next_at is not None, "a payment whose answer is not known is asked about again"
        await plan_change_held(unit, account.id, change.id, min(next_at, change.period_end))
        return
    await lapse_change(unit, account, change, PlanChangeStatus.EXPIRED, at)


async def _waiting(
    unit: UnitOfWork, account_id: AccountId, change_id: PlanChangeId, at: datetime
) -> tuple[Account, AwaitingChange] | None:
    """The change on its locked account, if it waits still and its time is over."""
    found = await account_for(unit.session, unit.scope, account_id, for_change=True)
    change = found and await awaiting_change(unit.session, unit.scope, account_id, change_id)
    return (found.account, change) if found and change and change.expires_at <= at else None


async def _processing(unit: UnitOfWork, change: AwaitingChange) -> Payment | None:
    """The payment of a waiting change whose answer is not known."""
    payment = await payment_under_way(unit.session, unit.scope, change.account_id, change.invoice_id)
    return payment if payment and payment.status is PaymentStatus.PROCESSING else None
