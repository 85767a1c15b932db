"""What is done for each kind of what is due: one table, so that whoever adds a kind adds a row.

Owns how the steps are called: those inside a transaction for many accounts at once, those that ask somebody else
between transactions. Does not own their order (due.py) nor what they do.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from types import MappingProxyType

from db.queries.credits import ledgers
from db.queries.settlements import billed_invoices
from db.unit_of_work import UnitOfWork
from domain.ids import ConsolidatedInvoiceId, InvoiceId, PaymentId, PlanChangeId, RefundId
from domain.provider import PaymentProvider
from operations.approvals.expire_approvals import expire_approvals
from operations.changes.expire_change import expire_change
from operations.clock.due import DueKind, DueOn, DueThing
from operations.invoices.consolidate_invoices import consolidate_invoices
from operations.invoices.finalise_invoice import finalise_invoice
from operations.payments.dun_consolidated import dun_consolidated
from operations.payments.pay import Units
from operations.payments.poll_payment import poll_payment
from operations.payments.poll_refund import poll_refund
from operations.payments.take_dunning_steps import take_dunning_steps
from operations.periods.bill_late_use import bill_late_use
from operations.periods.close_periods import close_periods
from operations.periods.give_notice import give_notice

Step = Callable[[UnitOfWork, Sequence[DueOn]], Awaitable[None]]
"""Does a thing of one kind for each of several accounts, in their transaction."""
OutsideStep = Callable[[Units, PaymentProvider, DueThing], Awaitable[object]]
"""Does one thing between transactions, in transactions of its own."""


async def _finalise(unit: UnitOfWork, due: Sequence[DueOn]) -> None:
    drafts = await billed_invoices(unit.session, unit.scope, [InvoiceId(each.thing.id) for each in due])
    known = await ledgers(unit.session, unit.scope, [each.account for each in due])
    for each in due:
        draft = drafts[InvoiceId(each.thing.id)]
        await finalise_invoice(unit, each.account, draft, each.thing.at, known[each.account.id])


async def _consolidate(unit: UnitOfWork, due: Sequence[DueOn]) -> None:
    for each in due:
        await consolidate_invoices(unit, each.account, each.thing.at)


async def _dun(unit: UnitOfWork, due: Sequence[DueOn]) -> None:
    await take_dunning_steps(unit, due)


async def _dun_consolidated(unit: UnitOfWork, due: Sequence[DueOn]) -> None:
    for each in due:
        await dun_consolidated(unit, each.account, ConsolidatedInvoiceId(each.thing.id), each.thing.at)


async def _expire_change(units: Units, provider: PaymentProvider, thing: DueThing) -> None:
    await expire_change(units, provider, thing.account_id, PlanChangeId(thing.id), thing.at)


async def _poll_payment(units: Units, provider: PaymentProvider, thing: DueThing) -> object:
    return await poll_payment(units, provider, thing.account_id, PaymentId(thing.id), thing.at)


async def _poll_refund(units: Units, provider: PaymentProvider, thing: DueThing) -> object:
    return await poll_refund(units, provider, thing.account_id, RefundId(thing.id), thing.at)


STEPS: Mapping[DueKind, Step] = MappingProxyType(
    {
        DueKind.FINALISE: _finalise,
        DueKind.EXPIRE_APPROVAL: expire_approvals,
        DueKind.CLOSE_PERIOD: close_periods,
        DueKind.LATE_USE: bill_late_use,
        DueKind.NOTICE: give_notice,
        DueKind.CONSOLIDATE: _consolidate,
        DueKind.DUN: _dun,
        DueKind.DUN_CONSOLIDATED: _dun_consolidated,
    }
)
OUTSIDE_STEPS: Mapping[DueKind, OutsideStep] = MappingProxyType(
    {
        DueKind.EXPIRE_CHANGE: _expire_change,
        DueKind.POLL_PAYMENT: _poll_payment,
        DueKind.POLL_REFUND: _poll_refund,
    }
)
