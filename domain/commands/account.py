"""What is asked of an account: other data of its own, or to be opened."""

from dataclasses import dataclass
from datetime import datetime

from domain.catalog import Segment
from domain.ids import AccountId, UserId
from domain.tax import TaxExemption


@dataclass(frozen=True, slots=True)
class UpdateAccount:
    """Change what is given; None leaves it as it is, and an empty text takes away what may be missing.

    Documents issued before keep what they say. `exemption` is finance's to give.
    """

    account_id: AccountId
    idempotency_key: str
    name: str | None = None
    email: str | None = None
    country: str | None = None
    region: str | None = None
    address: str | None = None
    tax_id: str | None = None
    zone: str | None = None
    exemption: TaxExemption | None = None


@dataclass(frozen=True, slots=True)
class AdvanceClock:
    """Move a sandbox account's clock forward to an instant; everything due in between happens."""

    account_id: AccountId
    to: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountAsked:
    """What is asked of any account to be. `external_id` is the key: asked again, the account that has it is the answer.

    `parent_id` is an account whose people will read this one, and which may pay for it.
    """

    external_id: str
    name: str
    currency: str
    zone: str
    country: str
    segment: Segment = Segment.SMB
    net_days: int = 0
    region: str | None = None
    email: str | None = None
    parent_id: AccountId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenSandboxAccount(AccountAsked):
    """Open an account on a clock of its own that stands at `clock_at` until somebody advances it."""

    clock_at: datetime


@dataclass(frozen=True, slots=True)
class AccountOwner:
    """Who will own an account: a person as the identity provider knows them."""

    user_id: UserId
    name: str
    email: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenAccount(AccountAsked):
    """Open a customer's account, in real time and with real money; `owner` may act for it from the start."""

    owner: AccountOwner | None = None
