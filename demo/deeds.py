"""What may happen in a customer's story: a closed list of deeds, each a value with its instant beside it.

Owns the vocabulary of histories.py. Does not own what a deed does to the rows (simulation.py).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal

from demo.usage import UsagePattern
from domain.actor import Role
from domain.commands import CreditDestination, Phase
from domain.credit import CreditNoteReason
from domain.entitlement import FeatureValue
from domain.periods import BillingInterval


@dataclass(frozen=True, slots=True)
class SignsUp:
    """Buys a plan; `quantities` by component, the rest at the plan's minimum."""

    plan: str
    interval: BillingInterval
    quantities: Mapping[str, int] = field(default_factory=dict)
    commitment_months: int = 0
    notice_days: int = 30
    trial_days: int = 0
    coupon: str | None = None


@dataclass(frozen=True, slots=True)
class Changes:
    """Looks at the preview of a change and takes it, or `only_looks`. None keeps what is.

    `confirm` holds the codes of the reasons that it agrees to; `phases` are the later steps of a ramp.
    """

    product: str
    plan: str | None = None
    interval: BillingInterval | None = None
    quantities: Mapping[str, int] = field(default_factory=dict)
    only_looks: bool = False
    role: Role = Role.BILLING_ADMIN
    confirm: frozenset[str] = frozenset()
    phases: tuple[Phase, ...] = ()


@dataclass(frozen=True, slots=True)
class Cancels:
    """Ends a subscription with its period, or inside a commitment with that."""

    product: str
    reason: str


@dataclass(frozen=True, slots=True)
class AsksApproval:
    """Asks for approval of a change that the policy allows with it only."""

    change: Changes
    reason: str


@dataclass(frozen=True, slots=True)
class AgreesTerms:
    """Finance agrees with the customer on terms of its own; the cap is an amount in the main unit."""

    reason: str
    notice_days: int = 0
    prices_locked_until: datetime | None = None
    discount_percent: Decimal | None = None
    spend_cap: str | None = None


@dataclass(frozen=True, slots=True)
class GetsOverride:
    """The vendor's staff set a feature by hand, until `ends_at` or for good."""

    feature: str
    value: FeatureValue
    reason: str
    ends_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class StoresCard:
    """Stores a test card, by which invoices are collected from now on."""

    number: str


@dataclass(frozen=True, slots=True)
class Credits:
    """Finance credits an amount, in the main unit, of the customer's `invoice`th bill, counted from 1."""

    invoice: int
    amount: str
    reason: CreditNoteReason
    memo: str
    destination: CreditDestination = CreditDestination.BALANCE


@dataclass(frozen=True, slots=True)
class Voids:
    """Finance voids the customer's `invoice`th bill and issues it again."""

    invoice: int
    reason: str


@dataclass(frozen=True, slots=True)
class WritesOff:
    """Finance gives up on the customer's `invoice`th bill."""

    invoice: int
    reason: str


Correction = Credits | Voids | WritesOff
"""What finance does to an invoice by hand."""
Arrangement = Cancels | AsksApproval | AgreesTerms
"""What is asked for or agreed on without looking at a quote."""
Deed = SignsUp | Changes | GetsOverride | StoresCard | Correction | Arrangement


@dataclass(frozen=True, slots=True)
class Dated:
    """A deed at its instant."""

    at: datetime
    deed: Deed


@dataclass(frozen=True, slots=True)
class History:
    """A customer's story. Invoices are paid by bank `pays_after_days` after their issue, those issued since
    `stops_paying_at` not at all; None: by the stored card, on the day they are due. Usage is sent once a month,
    so many hours after the day `sends_usage_on` begins, or before it.
    """

    slug: str
    pays_after_days: int | None
    deeds: tuple[Dated, ...] = ()
    usage: tuple[UsagePattern, ...] = ()
    stops_paying_at: datetime | None = None
    sends_usage_on: int = 1
    sends_usage_after_hours: int = 3


def instant(text: str) -> datetime:
    """An instant in UTC, written as "2025-03-11T14:40"."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def on(at: str, deed: Deed) -> Dated:
    """A deed at an instant in UTC."""
    return Dated(instant(at), deed)
