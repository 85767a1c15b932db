"""Payments: money that comes in against an invoice, the attempts it took, and money that goes back.

Owns the states a payment, an attempt and a refund may pass through. Does not own what a provider is (provider.py),
when one is tried (dunning.py), nor what paying does to an invoice (invoice.py).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

from domain.ids import (
    AccountId,
    AttemptId,
    ConsolidatedInvoiceId,
    CreditNoteId,
    InvoiceId,
    PaymentId,
    PaymentMethodId,
    RefundId,
)
from domain.money import Money


class PaymentKind(StrEnum):
    """How the money comes: through a provider by a stored method, or by hand (a bank transfer finance has seen)."""

    METHOD = "METHOD"
    MANUAL = "MANUAL"


class PaymentStatus(StrEnum):
    """PROCESSING until the provider has answered for certain. CANCELLED: never asked for, it was no longer owed."""

    PROCESSING = "PROCESSING"
    REQUIRES_ACTION = "REQUIRES_ACTION"
    SUCCEEDED = "SUCCEEDED"
    FAILED = "FAILED"
    CANCELLED = "CANCELLED"


class AttemptStatus(StrEnum):
    """One asking of the provider. SENT: asked, no answer yet; TIMED_OUT: none came in time, its books will tell."""

    SENT = "SENT"
    TIMED_OUT = "TIMED_OUT"
    REQUIRES_ACTION = "REQUIRES_ACTION"
    SUCCEEDED = "SUCCEEDED"
    DECLINED = "DECLINED"


class RefundStatus(StrEnum):
    """Money on its way back."""

    PROCESSING = "PROCESSING"
    SUCCEEDED = "SUCCEEDED"
    FAILED = "FAILED"


class PaymentMethodStatus(StrEnum):
    """A removed method stays on record for the payments it made."""

    ACTIVE = "ACTIVE"
    REMOVED = "REMOVED"


_P, _A = PaymentStatus, AttemptStatus
TRANSITIONS: Mapping[tuple[PaymentStatus, AttemptStatus], PaymentStatus] = MappingProxyType(
    {
        (_P.PROCESSING, _A.TIMED_OUT): _P.PROCESSING,
        (_P.PROCESSING, _A.REQUIRES_ACTION): _P.REQUIRES_ACTION,
        (_P.PROCESSING, _A.SUCCEEDED): _P.SUCCEEDED,
        (_P.PROCESSING, _A.DECLINED): _P.FAILED,
        (_P.REQUIRES_ACTION, _A.SUCCEEDED): _P.SUCCEEDED,
        (_P.REQUIRES_ACTION, _A.DECLINED): _P.FAILED,
        # money that moved is recorded, whatever was thought before: nothing but this is ever undone
        (_P.FAILED, _A.SUCCEEDED): _P.SUCCEEDED,
        (_P.CANCELLED, _A.SUCCEEDED): _P.SUCCEEDED,
    }
)
"""What an answer of the provider does to the payment it was for. A pair that is not here changes nothing."""

ACTION_WITHIN = timedelta(hours=24)
"""How long a customer has for what the provider asks of them; then its books are asked what became of it."""
_SHORTEST_WAIT, _LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=24)


def after(status: PaymentStatus, answer: AttemptStatus) -> PaymentStatus:
    """The payment's status after an answer. One that comes late or twice, in whatever order, changes nothing.

    So a decline that was overtaken by the success it was followed by is no news: what is final stays.
    """
    return TRANSITIONS.get((status, answer), status)


def ask_again_at(status: PaymentStatus, sent_at: datetime, now: datetime) -> datetime | None:
    """When the provider's books are asked about a payment that is not final: ever later, a day at most between.

    `sent_at` is when its attempt began. None: there is nothing to ask.
    """
    match status:
        case PaymentStatus.PROCESSING:
            return now + min(max(now - sent_at, _SHORTEST_WAIT), _LONGEST_WAIT)
        case PaymentStatus.REQUIRES_ACTION:
            return max(sent_at + ACTION_WITHIN, now + _SHORTEST_WAIT)
        case PaymentStatus.SUCCEEDED | PaymentStatus.FAILED | PaymentStatus.CANCELLED:
            return None


@dataclass(frozen=True, slots=True)
class PaymentMethod:
    """A stored way to pay. `token` is the provider's name for it; a card's number is never held."""

    id: PaymentMethodId
    account_id: AccountId
    provider: str
    token: str
    brand: str
    last4: str
    expires_on: date
    is_default: bool
    status: PaymentMethodStatus = PaymentMethodStatus.ACTIVE


@dataclass(frozen=True, slots=True)
class PaymentAttempt:
    """One asking of the provider, under a key of its own that it recognises a repetition by."""

    id: AttemptId
    number: int
    status: AttemptStatus
    sent_at: datetime
    reference: str | None = None
    code: str | None = None

    @property
    def key(self) -> str:
        """What the provider knows this attempt by."""
        return self.id.hex


@dataclass(frozen=True, slots=True)
class Payment:
    """Money for one invoice (or one consolidated invoice); `refunded` is what has gone back of it."""

    id: PaymentId
    account_id: AccountId
    invoice_id: InvoiceId | None
    consolidated_id: ConsolidatedInvoiceId | None
    method_id: PaymentMethodId | None
    kind: PaymentKind
    status: PaymentStatus
    amount: Money
    refunded: Money
    attempts: tuple[PaymentAttempt, ...] = ()

    @property
    def left(self) -> Money:
        """What can still be sent back of it: nothing of one that has not succeeded."""
        if self.status is not PaymentStatus.SUCCEEDED:
            return Money.zero(self.amount.currency)
        return self.amount - self.refunded


@dataclass(frozen=True, slots=True)
class Refund:
    """Money of a payment on its way back to where it came from."""

    id: RefundId
    payment_id: PaymentId
    status: RefundStatus
    amount: Money
    credit_note_id: CreditNoteId | None = None
    created_at: datetime | None = None

    @property
    def key(self) -> str:
        """What the provider knows this refund by."""
        return self.id.hex
