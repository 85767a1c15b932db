"""What finance asks of a credit balance: to put in, to take out."""

from dataclasses import dataclass

from domain.ids import AccountId, CreditEntryId
from domain.money import Money


@dataclass(frozen=True, slots=True)
class GrantCredit:
    """Put `amount` into an account's credit balance; `memo` says why, to the customer too."""

    account_id: AccountId
    amount: Money
    memo: str
    idempotency_key: str


@dataclass(frozen=True, slots=True)
class WithdrawCredit:
    """Take `amount` out of a grant, at most what it has left; `memo` says why, to the customer too."""

    grant_id: CreditEntryId
    amount: Money
    memo: str
    idempotency_key: str
