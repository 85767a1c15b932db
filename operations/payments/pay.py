"""Pay a document by a stored method: write it down, ask the provider outside any transaction, write down the answer.

Owns the two phases. Whatever happens between them, the payment is on record with the key that the provider knows it
by, and `poll_payment` finds out what became of it.
"""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

from db.unit_of_work import UnitOfWork
from domain.commands import PayConsolidatedInvoice, PayInvoice
from domain.provider import UNKNOWN, Answer, ChargeRequest, PaymentProvider, ProviderTimeout
from operations.asking import KeyReused, NotNow
from operations.payments.payment_outcome import PaymentKnown, PaymentStarted, known
from operations.payments.record_answer import record_answer
from operations.payments.start_consolidated_payment import start_consolidated_payment
from operations.payments.start_payment import start_payment

Units = Callable[[], AbstractAsyncContextManager[UnitOfWork]]
"""Opens a unit of work of who asks; each is one transaction."""


async def pay(
    units: Units, provider: PaymentProvider, command: PayInvoice | PayConsolidatedInvoice
) -> PaymentKnown | NotNow | KeyReused:
    """Charge what is due now. Raises as start_payment and start_consolidated_payment do, before anything is charged.

    A provider that does not answer in time leaves the payment PROCESSING: it is never charged again but under its key.
    """
    async with units() as unit:
        match command:
            case PayInvoice():
                started = await start_payment(unit, command)
            case PayConsolidatedInvoice():
                started = await start_consolidated_payment(unit, command)
    if not isinstance(started, PaymentStarted):
        return started
    answer = await charge(provider, started.request)
    async with units() as unit:
        return known(await record_answer(unit, started.account_id, started.payment_id, answer))


async def charge(provider: PaymentProvider, request: ChargeRequest) -> Answer:
    """Ask for money; UNKNOWN when no answer came in time."""
    try:
        return await provider.charge(request)
    except ProviderTimeout:
        return UNKNOWN
