"""What is asked of a payment provider, and what it answers: values, and the protocol whoever moves money speaks.

Owns the questions and answers. Does not own when a provider is asked (operations), what an answer does to a payment
(payment.py), nor any provider (the sandbox one keeps its books beside the database).
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from domain.errors import DomainError
from domain.money import Money
from domain.payment import AttemptStatus, RefundStatus


class ProviderTimeout(DomainError):
    """No answer came in time: whether the money moved is not known, and only the provider's books can tell."""

    code = "PROVIDER_TIMEOUT"


class ProviderMisuse(DomainError):
    """We asked what makes no sense: one key for two things, or an unknown token. A fault of ours, never a decline."""

    code = "PROVIDER_MISUSE"


@dataclass(frozen=True, slots=True)
class ChargeRequest:
    """Take `amount` by the stored method `token`. The same `key` again is the same charge, never a second one.

    `at` is the account's own time, so that a sandbox account's provider lives at its clock.
    """

    key: str
    token: str
    amount: Money
    at: datetime


@dataclass(frozen=True, slots=True)
class RefundRequest:
    """Give back `amount` of the charge made under `charged_key`; repeated like a charge, by its own `key`."""

    key: str
    charged_key: str
    amount: Money
    at: datetime


class AnswerKind(StrEnum):
    """UNKNOWN: the books have nothing under this key, so nothing has moved."""

    SUCCEEDED = "SUCCEEDED"
    DECLINED = "DECLINED"
    REQUIRES_ACTION = "REQUIRES_ACTION"
    UNKNOWN = "UNKNOWN"


@dataclass(frozen=True, slots=True)
class Answer:
    """What the provider says. A decline has a `code`; an action has the `reference` under which it is taken."""

    kind: AnswerKind
    reference: str | None = None
    code: str | None = None

    @property
    def attempt(self) -> AttemptStatus:
        """How an attempt stands that was answered so; one that the books do not know is as if it timed out."""
        match self.kind:
            case AnswerKind.SUCCEEDED:
                return AttemptStatus.SUCCEEDED
            case AnswerKind.DECLINED:
                return AttemptStatus.DECLINED
            case AnswerKind.REQUIRES_ACTION:
                return AttemptStatus.REQUIRES_ACTION
            case AnswerKind.UNKNOWN:
                return AttemptStatus.TIMED_OUT

    @property
    def refund(self) -> RefundStatus:
        """How a refund stands that was answered so: anything but a yes or a no is still on its way."""
        match self.kind:
            case AnswerKind.SUCCEEDED:
                return RefundStatus.SUCCEEDED
            case AnswerKind.DECLINED:
                return RefundStatus.FAILED
            case AnswerKind.REQUIRES_ACTION | AnswerKind.UNKNOWN:
                return RefundStatus.PROCESSING


UNKNOWN = Answer(AnswerKind.UNKNOWN)
"""Nothing under this key, or no answer: the payment stays as it is and is asked about again."""


class PaymentProvider(Protocol):
    """Another company's programme interface. Never called inside a transaction of ours.

    Every method may raise ProviderTimeout, after which `status` tells what became of the key.
    """

    async def charge(self, request: ChargeRequest) -> Answer:
        """Take money, once a key."""
        ...

    async def refund(self, request: RefundRequest) -> Answer:
        """Give money back, once a key."""
        ...

    async def status(self, key: str, at: datetime) -> Answer:
        """What the books say under a key; UNKNOWN when nothing. Moves no money."""
        ...

    async def confirm(self, key: str, at: datetime) -> Answer:
        """The customer did what REQUIRES_ACTION asked for: the charge goes through, or not."""
        ...
