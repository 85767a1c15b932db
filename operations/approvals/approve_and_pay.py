"""Grant a request and have what it asks for paid, in one request: as whoever asked would have paid for it.

Owns the order of the phases. Does not own the grant (approve_approval.py), nor what a payment does (record_answer.py).
"""

from dataclasses import replace

from domain.commands import AnswerApproval
from domain.provider import PaymentProvider
from operations.approvals.approve_approval import ApprovalGranted, approve_approval
from operations.asking import KeyReused, NotAllowed, NotNow
from operations.payments.pay import Units, charge
from operations.payments.record_answer import record_answer


async def approve_and_pay(
    units: Units, provider: PaymentProvider, command: AnswerApproval
) -> ApprovalGranted | NotAllowed | NotNow | KeyReused:
    """Grant; a change that waits for its money is charged to the account's default method, and takes effect with that.

    Raises as approve_approval does.
    """
    async with units() as unit:
        outcome = await approve_approval(unit, command)
    if not isinstance(outcome, ApprovalGranted) or outcome.started is None:
        return outcome
    started = outcome.started
    answer = await charge(provider, started.request)
    async with units() as unit:
        await record_answer(unit, started.account_id, started.payment_id, answer)
    return replace(outcome, started=None)
