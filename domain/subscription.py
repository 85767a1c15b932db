"""A customer's subscription: its items over time, its billing period, its commitment.

Owns the states a subscription may pass through. Does not own what a change costs (proration.py) or may (plan_change/).
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

from domain.catalog import PlanVersion
from domain.errors import InvalidTransition
from domain.ids import AccountId, CommitmentId, ItemId, PriceId, SubscriptionId
from domain.periods import BillingAnchor, BillingInterval, Period, boundary, local_day


class SubscriptionStatus(StrEnum):
    """Where a subscription stands. PAUSED and CANCELLED ones cannot change plan."""

    TRIALING = "TRIALING"
    ACTIVE = "ACTIVE"
    PAUSED = "PAUSED"
    CANCELLED = "CANCELLED"


class SubscriptionEvent(StrEnum):
    """What can happen to a subscription."""

    TRIAL_ENDED = "TRIAL_ENDED"
    RENEWED = "RENEWED"
    PLAN_CHANGED = "PLAN_CHANGED"
    PAUSED = "PAUSED"
    RESUMED = "RESUMED"
    CANCELLED = "CANCELLED"
    MIGRATED = "MIGRATED"


class MigrationStatus(StrEnum):
    """What became of a move to another version of the same plan."""

    SCHEDULED = "SCHEDULED"
    DONE = "DONE"
    CANCELLED = "CANCELLED"


_S, _E = SubscriptionStatus, SubscriptionEvent
TRANSITIONS: Mapping[tuple[SubscriptionStatus, SubscriptionEvent], SubscriptionStatus] = MappingProxyType(
    {
        (_S.TRIALING, _E.TRIAL_ENDED): _S.ACTIVE,
        (_S.TRIALING, _E.PLAN_CHANGED): _S.ACTIVE,
        (_S.TRIALING, _E.CANCELLED): _S.CANCELLED,
        (_S.ACTIVE, _E.RENEWED): _S.ACTIVE,
        (_S.ACTIVE, _E.PLAN_CHANGED): _S.ACTIVE,
        (_S.ACTIVE, _E.MIGRATED): _S.ACTIVE,
        (_S.ACTIVE, _E.PAUSED): _S.PAUSED,
        (_S.ACTIVE, _E.CANCELLED): _S.CANCELLED,
        (_S.PAUSED, _E.RESUMED): _S.ACTIVE,
        (_S.PAUSED, _E.CANCELLED): _S.CANCELLED,
    }
)


def after(status: SubscriptionStatus, event: SubscriptionEvent) -> SubscriptionStatus:
    """The status that follows; raises InvalidTransition naming both where the table has no row."""
    try:
        return TRANSITIONS[status, event]
    except KeyError:
        raise InvalidTransition(status, event) from None


@dataclass(frozen=True, slots=True)
class SubscriptionItem:
    """One version of one component: a price and a quantity, in force over [valid_from, valid_until)."""

    id: ItemId
    component: str
    price_id: PriceId
    quantity: int
    valid_from: datetime
    valid_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class CommitmentTerm:
    """The contract's length, apart from how often it is billed. Lower tiers wait for `end_at`."""

    id: CommitmentId
    start_at: datetime
    end_at: datetime
    months: int
    notice_days: int


def following_term(term: CommitmentTerm, anchor: BillingAnchor, at: datetime, term_id: CommitmentId) -> CommitmentTerm:
    """The term a commitment renews into `at` a boundary of the subscription: its own length again, on the anchor.

    Counted from the anchor, so it does not drift; from the boundary, because a subscription that began a new period
    since has none where the old term ended.
    """
    begins = local_day(at, anchor.zone)
    months = (begins.year - anchor.on.year) * 12 + begins.month - anchor.on.month + term.months
    return CommitmentTerm(term_id, at, boundary(anchor, BillingInterval.MONTH, months), term.months, term.notice_days)


@dataclass(frozen=True, slots=True)
class BillingSubscription:
    """A live subscription as a decision sees it: the items in force, the current period, the version it is on."""

    id: SubscriptionId
    account_id: AccountId
    version: PlanVersion
    status: SubscriptionStatus
    interval: BillingInterval
    anchor: BillingAnchor
    period: Period
    started_at: datetime
    items: tuple[SubscriptionItem, ...]
    commitment: CommitmentTerm | None = None
    version_since: datetime | None = None
    """Since when it is on its plan version; None: since it started."""
    trial_end_at: datetime | None = None
    cancel_at: datetime | None = None
    """The instant at which it will end; None while nobody has asked for it."""
    paused_at: datetime | None = None
    resumes_at: datetime | None = None
    ended_at: datetime | None = None
    notice_at: datetime | None = None
    """When its customer is told what comes next, the end of a trial for one; None: nothing to tell, or told."""

    @property
    def due_at(self) -> datetime | None:
        """When something happens to it next by itself: its period ends, it resumes, or it is cancelled."""
        match self.status:
            case SubscriptionStatus.CANCELLED:
                return None
            case SubscriptionStatus.PAUSED:
                known = [instant for instant in (self.resumes_at, self.cancel_at) if instant is not None]
                return min(known, default=None)
            case _:
                return self.period.end if self.cancel_at is None else min(self.period.end, self.cancel_at)

    @property
    def quantities(self) -> dict[str, int]:
        """Units in force by component."""
        return {item.component: item.quantity for item in self.items}

    @property
    def last_moved_at(self) -> datetime:
        """When something last happened to it: a request that waited for the lock meanwhile counts from then."""
        begun = [item.valid_from for item in self.items]
        return max([self.started_at, *begun, *([self.paused_at] if self.paused_at is not None else [])])

    def committed_at(self, instant: datetime) -> bool:
        """True while a commitment covers the instant."""
        term = self.commitment
        return term is not None and term.start_at <= instant < term.end_at

    def moved(self, event: SubscriptionEvent) -> "BillingSubscription":
        """The same subscription in the status that follows `event`."""
        return replace(self, status=after(self.status, event))
