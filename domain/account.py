"""Who is billed: the account's facts that decisions read.

Owns currency, zone, terms and the account's own clock. Does not own who may act for it (actor.py) nor what it bought.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from domain.catalog import Segment
from domain.ids import AccountId, LegalEntityId


class AccountStatus(StrEnum):
    """An account is open until it is closed; what it may do meanwhile is its Standing."""

    ACTIVE = "ACTIVE"
    CLOSED = "CLOSED"


@dataclass(frozen=True, slots=True)
class PaymentTerms:
    """How long after the issue day an invoice may be paid: 0 days is due on receipt."""

    net_days: int

    def due_on(self, issued_on: date) -> date:
        """The last day on which a payment is in time."""
        return issued_on + timedelta(days=self.net_days)


@dataclass(frozen=True, slots=True)
class Account:
    """One customer, in one currency for life. `clock_at` is the standing time of a sandbox account, else None."""

    id: AccountId
    legal_entity_id: LegalEntityId
    name: str
    email: str | None
    currency: str
    zone: str
    segment: Segment
    terms: PaymentTerms
    clock_at: datetime | None = None
    is_sandbox: bool = False
    status: AccountStatus = AccountStatus.ACTIVE

    def now(self, real_now: datetime) -> datetime:
        """The account's own time: its clock where it has one, else the real time given."""
        return self.clock_at or real_now
