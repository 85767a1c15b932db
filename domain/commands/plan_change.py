"""What is asked of a subscription: other terms or another turn of its life, a quote to keep, a change to take back."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from domain.ids import PlanChangeId, PlanId, PlanVersionId, QuoteId, SubscriptionId
from domain.periods import BillingInterval
from domain.plan_change.verdict import ChangeKind


@dataclass(frozen=True, slots=True)
class EndTrial:
    """Pay from now on: the trial ends, and what it was a trial of begins, or other terms where some are asked for."""

    kind: ClassVar[ChangeKind] = ChangeKind.END_TRIAL


@dataclass(frozen=True, slots=True)
class Cancel:
    """End it: with its period, inside a commitment with that; or, `is_immediate`, now.

    `credits_unused` gives back what was charged for time after the end; only for an immediate one, and for finance.
    """

    kind: ClassVar[ChangeKind] = ChangeKind.CANCEL
    is_immediate: bool = False
    credits_unused: bool = False
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Pause:
    """Interrupt it from now on; until `resumes_at`, or until somebody resumes it."""

    kind: ClassVar[ChangeKind] = ChangeKind.PAUSE
    resumes_at: datetime | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Resume:
    """Go on with what was paused, from now on, at the prices it had."""

    kind: ClassVar[ChangeKind] = ChangeKind.RESUME


Turn = EndTrial | Cancel | Pause | Resume
"""Another turn of a subscription's life."""


@dataclass(frozen=True, slots=True)
class Phase:
    """A later step of a ramp: from when, and what is then. None keeps what is in the phase before.

    From the first billing boundary on or after the local day `on`, or once the phase before has had `after_periods`
    billing periods, the running one counted: one of the two. `version_id` is the version of its plan that a quote pins.
    """

    on: date | None = None
    after_periods: int | None = None
    plan_id: PlanId | None = None
    interval: BillingInterval | None = None
    quantities: tuple[tuple[str, int], ...] = ()
    version_id: PlanVersionId | None = None


@dataclass(frozen=True, slots=True)
class ChangePlan:
    """Change a subscription: another plan, another interval, other quantities, or several of them at once; or `turn`.

    None keeps what is. `quantities` are (component, units) pairs, sorted; a component left out keeps its quantity as
    far as the plan allows it. `replace_pending` puts this change in the place of one already scheduled. Other terms
    come with no turn but the end of a trial: the edge says so of any other. `phases` are what comes later, in order;
    with them what is asked for now may be nothing.
    """

    subscription_id: SubscriptionId
    plan_id: PlanId | None = None
    interval: BillingInterval | None = None
    quantities: tuple[tuple[str, int], ...] = ()
    replace_pending: bool = False
    turn: Turn | None = None
    phases: tuple[Phase, ...] = ()

    @property
    def kind(self) -> ChangeKind:
        """What is asked for."""
        return ChangeKind.SWITCH if self.turn is None else self.turn.kind


@dataclass(frozen=True, slots=True)
class ApplyQuote:
    """Do exactly what a quote promised. `confirm` holds the codes of the reasons the customer has agreed to."""

    quote_id: QuoteId
    idempotency_key: str
    confirm: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class CancelPlanChange:
    """Take back a scheduled change."""

    change_id: PlanChangeId
    idempotency_key: str
