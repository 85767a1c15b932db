"""What paying comes to, for whoever asked: the answers that the operations of payments share."""

from dataclasses import dataclass

from domain.ids import AccountId, AttemptId, PaymentId
from domain.payment import Payment, PaymentStatus
from domain.provider import ChargeRequest


@dataclass(frozen=True, slots=True)
class PaymentStarted:
    """The payment and its attempt are written, the provider is yet to be asked, outside any transaction."""

    account_id: AccountId
    payment_id: PaymentId
    attempt_id: AttemptId
    request: ChargeRequest


@dataclass(frozen=True, slots=True)
class PaymentKnown:
    """How a payment stands. PROCESSING: no answer yet, its books will be asked. `is_replay`: nothing new was done.

    `failure_code` says why it FAILED, `action_reference` where the customer does what the provider asks for.
    """

    payment_id: PaymentId
    status: PaymentStatus
    failure_code: str | None = None
    action_reference: str | None = None
    is_replay: bool = False


def known(payment: Payment, *, is_replay: bool = False) -> PaymentKnown:
    """How a payment stands, in the words of an outcome."""
    last = payment.attempts[-1] if payment.attempts else None
    return PaymentKnown(
        payment_id=payment.id,
        status=payment.status,
        failure_code=last.code if last and payment.status is PaymentStatus.FAILED else None,
        action_reference=last.reference if last and payment.status is PaymentStatus.REQUIRES_ACTION else None,
        is_replay=is_replay,
    )
