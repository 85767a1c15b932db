"""Who is billed: the account's facts that decisions read.

Owns currency, zone, terms and the account's own clock. Does not own who may act for it (actor.py) nor what it bought.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from domain.catalog import Segment
from domain.ids import AccountId, LegalEntityId
from domain.tax import TaxExemption


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
class LegalEntity:
    """Who invoices: the seller on the document. `grace` is how long an invoice with usage stays a draft."""

    id: LegalEntityId
    code: str
    name: str
    country: str
    address: str = ""
    tax_id: str | None = None
    grace: timedelta = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Account:
    """One customer, in one currency for life. `clock_at` is the standing time of a sandbox account, else None.

    `country` (ISO 3166) and `region` say by which rates it is taxed, `tax_id` and `exemption` whether. `payer_id` is
    the parent account that its invoices are consolidated for; None: it pays its own.
    """

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
    country: str = ""
    region: str | None = None
    address: str | None = None
    tax_id: str | None = None
    exemption: TaxExemption = TaxExemption.NONE
    parent_id: AccountId | None = None
    payer_id: AccountId | None = None

    def now(self, real_now: datetime) -> datetime:
        """The account's own time: its clock where it has one, else the real time given."""
        return self.clock_at or real_now
