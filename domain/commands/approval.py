"""What is asked about approvals: put a change to approval, answer, withdraw, and how much somebody may approve."""

from dataclasses import dataclass
from datetime import datetime

from domain.commands.plan_change import ChangePlan
from domain.ids import ApprovalId, UserId
from domain.money import Money


@dataclass(frozen=True, slots=True)
class RequestApproval:
    """Ask for what the policy allows only with approval. `replace_open` withdraws the request that is open."""

    change: ChangePlan
    reason: str
    idempotency_key: str
    replace_open: bool = False


@dataclass(frozen=True, slots=True)
class AnswerApproval:
    """Grant a request, or turn it down: which of the two is the verb's."""

    approval_id: ApprovalId
    answer: str
    idempotency_key: str


@dataclass(frozen=True, slots=True)
class WithdrawApproval:
    """Take a request back, or what was granted of it."""

    approval_id: ApprovalId
    reason: str
    idempotency_key: str


@dataclass(frozen=True, slots=True)
class SetApprovalLimit:
    """How much one person may approve in a currency, until an instant of real time; None: until another is set."""

    user_id: UserId
    limit: Money
    idempotency_key: str
    until: datetime | None = None
