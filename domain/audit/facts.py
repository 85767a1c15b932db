"""The facts invoices are derived from, as the database holds them: what was agreed, what happened, what was paid.

Owns the shape of one account's facts. Does not own documents (documents.py), nor what follows from the facts.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from domain.credit import CreditEntryKind
from domain.discount import CouponTerms
from domain.fold import EventOnFile
from domain.invoice import ChargeKind
from domain.payment import PaymentStatus, RefundStatus
from domain.periods import BillingInterval, Period
from domain.subscription import SubscriptionStatus
from domain.tax import TaxExemption


@dataclass(frozen=True, slots=True)
class Profile:
    """What decides where an account's days begin and how it is taxed, from an instant on.

    `changed` names what was another before that: what it was, nobody may know any more.
    """

    since: datetime
    zone: str
    region: str | None
    exemption: TaxExemption
    changed: frozenset[str]


@dataclass(frozen=True, slots=True)
class AccountOnFile:
    """Who is billed, as far as it decides an amount. `event_sequence` is the last number its row gave out.

    `opened_in` is the zone it began in, `profiles` what it changed to, in order; without any it is as it ever was.
    Usage events that occurred before `usage_since` may have been dropped; None: none has.
    """

    id: UUID
    legal_entity_id: UUID
    currency: str
    zone: str
    country: str
    region: str | None
    exemption: TaxExemption
    has_tax_id: bool
    net_days: int
    is_on_a_clock: bool
    event_sequence: int
    opened_in: str | None = None
    profiles: tuple[Profile, ...] = ()
    usage_since: datetime | None = None

    @property
    def zones(self) -> frozenset[str]:
        """Every zone it has lived in: some boundaries may still be midnights of an earlier one."""
        return frozenset({self.zone, self.opened_in or self.zone, *(each.zone for each in self.profiles)})

    def zone_at(self, at: datetime) -> str:
        """The zone it lived in at an instant."""
        known = [each.zone for each in self.profiles if each.since <= at]
        return known[-1] if known else self.opened_in or self.zone

    def taxed_by(self, at: datetime) -> tuple[tuple[str | None, TaxExemption] | None, ...]:
        """The region and the exemption it had at an instant; None where nothing tells any more.

        Several where they changed at that very instant: what else was done then may have come before or after.
        """
        then = [(each.region, each.exemption) for each in self.profiles if each.since == at]
        before = [each for each in self.profiles if each.since < at]
        if before:
            return (before[-1].region, before[-1].exemption), *then
        if not self.profiles:
            return ((self.region, self.exemption),)
        first = self.profiles[0]
        is_told = not first.changed & {"region", "exemption"}
        return (first.region, first.exemption) if is_told else None, *then


@dataclass(frozen=True, slots=True)
class Turn:
    """What an event of a subscription says of it from then on; `type` as events are called: renewed, plan_changed."""

    type: str
    sequence: int
    occurred_at: datetime
    status: SubscriptionStatus
    interval: BillingInterval
    anchor_on: date
    period: Period


@dataclass(frozen=True, slots=True)
class SubscriptionOnFile:
    """A subscription as it stands, and the turns its events tell of, in order (none for one that was copied in)."""

    id: UUID
    product_id: UUID
    plan_version_id: UUID
    status: SubscriptionStatus
    interval: BillingInterval
    anchor_on: date
    period: Period
    started_at: datetime
    ended_at: datetime | None
    trial_end_at: datetime | None
    paused_at: datetime | None
    turns: tuple[Turn, ...]
    cancel_at: datetime | None = None
    resumes_at: datetime | None = None
    commitment_end_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ItemOnFile:
    """One version of one component of a subscription."""

    id: UUID
    subscription_id: UUID
    plan_version_id: UUID
    component: str
    price_id: UUID
    quantity: int
    valid_from: datetime
    valid_until: datetime | None

    def is_in_force(self, at: datetime) -> bool:
        """Whether it counts at an instant: its start does, its end no longer."""
        return self.valid_from <= at and (self.valid_until is None or at < self.valid_until)


@dataclass(frozen=True, slots=True)
class DiscountOnFile:
    """A redeemed coupon or what an agreement gives, and the billing periods it covers, in order.

    `is_agreed`: an agreement's. It may cover a period from its middle on, and then only what is billed from there.
    """

    id: UUID
    subscription_id: UUID
    terms: CouponTerms
    redeemed_at: datetime
    periods: tuple[Period, ...]
    is_agreed: bool = False


@dataclass(frozen=True, slots=True)
class ChargeOnFile:
    """What finance entered by hand; `line_id` is the line that an adjustment corrects."""

    id: UUID
    kind: ChargeKind
    subscription_id: UUID | None
    line_id: UUID | None
    amount_minor: int
    currency: str
    invoice_id: UUID | None


@dataclass(frozen=True, slots=True)
class ChangeOnFile:
    """A plan change that was applied: its id is the cause of its lines."""

    id: UUID
    subscription_id: UUID
    invoice_id: UUID | None
    effective_at: datetime


@dataclass(frozen=True, slots=True)
class ScheduledOnFile:
    """A plan change whatever became of it: waiting for its day or its money, applied, cancelled, refused or lapsed.

    `laid_out` are the items that the invoice of one that is paid first speaks of: in force once it `is_in_effect`.
    `covers` are the discounts that cover a billing period for one that waits to be paid, by the period's start.
    """

    id: UUID
    subscription_id: UUID
    status: str
    effective_at: datetime
    invoice_id: UUID | None = None
    is_in_effect: bool = True
    laid_out: frozenset[UUID] = frozenset()
    covers: frozenset[tuple[UUID, datetime]] = frozenset()


@dataclass(frozen=True, slots=True)
class OverrideOnFile:
    """A value of a feature set by hand."""

    id: UUID
    feature: str
    is_enabled: bool | None
    limit: int | None
    setting: str | None
    priority: int
    starts_at: datetime
    ends_at: datetime | None


@dataclass(frozen=True, slots=True)
class ApprovalOnFile:
    """A request for approval, wherever it stands. Its amount is in the account's currency."""

    id: UUID
    subscription_id: UUID
    status: str
    codes: tuple[str, ...]
    amount_minor: int
    currency: str
    expires_at: datetime
    answer: str | None
    answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class History:
    """What happened to an account, in order; and what is stored of plan changes, overrides and requests for approval,
    to hold against it.
    """

    events: tuple[EventOnFile, ...] = ()
    changes: tuple[ScheduledOnFile, ...] = ()
    overrides: tuple[OverrideOnFile, ...] = ()
    approvals: tuple[ApprovalOnFile, ...] = ()


@dataclass(frozen=True, slots=True)
class EntryOnFile:
    """An entry of the credit ledger."""

    id: UUID
    sequence: int
    kind: CreditEntryKind
    amount_minor: int
    balance_minor: int
    grant_id: UUID | None
    credit_note_id: UUID | None
    invoice_id: UUID | None
    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class PaymentOnFile:
    """Money for an invoice, or for a consolidated one."""

    id: UUID
    invoice_id: UUID | None
    consolidated_invoice_id: UUID | None
    status: PaymentStatus
    amount_minor: int
    refunded_minor: int


@dataclass(frozen=True, slots=True)
class RefundOnFile:
    """Money of a payment on its way back."""

    id: UUID
    payment_id: UUID
    credit_note_id: UUID | None
    status: RefundStatus
    amount_minor: int


@dataclass(frozen=True, slots=True)
class EventNumbers:
    """The numbers of the events of an account, or of one of its aggregates: how many, and from where to where."""

    aggregate_id: UUID | None
    count: int
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Window:
    """Usage that is counted together: a meter's, in a span of time, of the events received by an instant."""

    meter_id: UUID
    span: Period
    received_by: datetime


@dataclass(frozen=True, slots=True)
class Counted:
    """The events of a window, counted in every way a meter may aggregate. Of none: all zero, `latest` None."""

    count: int
    sum: Decimal
    max: Decimal
    latest: Decimal | None
    unique: int = 0


Usage = Mapping[Window, Counted]

NOTHING_COUNTED = Counted(0, Decimal(0), Decimal(0), None)
