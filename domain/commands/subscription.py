"""What is asked of a subscription's life: start, cancel, take that back, pause, resume; and moves of a cohort."""

from dataclasses import dataclass
from datetime import date, datetime

from domain.catalog import Segment
from domain.ids import AccountId, MigrationId, PlanId, PlanVersionId, SubscriptionId
from domain.periods import BillingInterval


@dataclass(frozen=True, slots=True)
class StartSubscription:
    """Sign the account up for a plan, from today on.

    Periods are counted from today; `anchor_day` (1 to 31) counts them from a day of the month, `anchor_on` from a date
    of the year: the first period is then a stub. `commitment_months` 0: no contract. `trial_days` 0: no trial.
    """

    account_id: AccountId
    plan_id: PlanId
    interval: BillingInterval
    idempotency_key: str
    quantities: tuple[tuple[str, int], ...] = ()
    commitment_months: int = 0
    trial_days: int = 0
    anchor_day: int | None = None
    anchor_on: date | None = None
    coupon_code: str | None = None


@dataclass(frozen=True, slots=True)
class CancelSubscription:
    """End a subscription: with its period, inside a commitment with that; or, `is_immediate`, now.

    `credits_unused` gives back what was charged for time after the end; only for an immediate one, and for finance.
    `confirm` holds the codes of the reasons that the customer has agreed to.
    """

    subscription_id: SubscriptionId
    idempotency_key: str
    is_immediate: bool = False
    credits_unused: bool = False
    reason: str | None = None
    confirm: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class UndoCancel:
    """Let a subscription run on that was to end."""

    subscription_id: SubscriptionId
    idempotency_key: str


@dataclass(frozen=True, slots=True)
class PauseSubscription:
    """Interrupt a subscription from now on; until `resumes_at`, or until somebody resumes it."""

    subscription_id: SubscriptionId
    idempotency_key: str
    resumes_at: datetime | None = None
    reason: str | None = None
    confirm: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class ResumeSubscription:
    """Go on with a paused subscription, from now on, at the prices it had."""

    subscription_id: SubscriptionId
    idempotency_key: str
    confirm: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class PreviewMigration:
    """What moving the subscriptions of a plan (of accounts of `segment`; None: of all) to a version would do.

    `to_version_id` None: the newest one.
    """

    plan_id: PlanId
    to_version_id: PlanVersionId | None = None
    segment: Segment | None = None
    notice_days: int = 30


@dataclass(frozen=True, slots=True)
class MigratePlanVersion:
    """Move them: each at its first boundary once `notice_days` have passed, and never inside a commitment."""

    plan_id: PlanId
    reason: str
    idempotency_key: str
    to_version_id: PlanVersionId | None = None
    segment: Segment | None = None
    notice_days: int = 30


@dataclass(frozen=True, slots=True)
class CancelMigration:
    """Let nobody be moved any more by a migration; who was moved stays where they are."""

    migration_id: MigrationId
    reason: str
    idempotency_key: str
