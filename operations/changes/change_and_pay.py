"""Apply a quote and pay for it in one request: accept, ask the provider outside any transaction, write its answer.

Owns the order of the phases. Does not own the yes (change_plan.py), nor what a payment does (record_answer.py).
Whatever happens between them, the change waits with its invoice and its payment on record: `poll_payment` finds out.
"""

from dataclasses import replace

from db.queries.changes import accepted_change
from domain.commands import ApplyQuote
from domain.errors import NotFound
from domain.provider import PaymentProvider
from operations.changes.change_plan import Accepted, Outcome, change_plan
from operations.payments.pay import Units, charge
from operations.payments.payment_outcome import known
from operations.payments.record_answer import record_answer


async def change_and_pay(units: Units, provider: PaymentProvider, command: ApplyQuote) -> Outcome:
    """Apply a quote; a change that waits for its money is charged to the default method at once, and takes effect with
    the answer. Raises as change_plan does.
    """
    async with units() as unit:
        outcome = await change_plan(unit, command)
    if not isinstance(outcome, Accepted) or outcome.started is None:
        return outcome
    started = outcome.started
    answer = await charge(provider, started.request)
    async with units() as unit:
        payment = await record_answer(unit, started.account_id, started.payment_id, answer)
        change = await accepted_change(unit.session, unit.scope, outcome.change.id)
    if change is None:
        raise NotFound(outcome.change.id)
    return replace(outcome, change=change, payment=known(payment), started=None)
