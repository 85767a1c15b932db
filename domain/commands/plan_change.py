"""What is asked of a plan change: change, apply a quote, take a scheduled change back."""

from dataclasses import dataclass

from domain.ids import PlanChangeId, PlanId, QuoteId, SubscriptionId
from domain.periods import BillingInterval
from domain.plan_change.verdict import ChangeKind


@dataclass(frozen=True, slots=True)
class ChangePlan:
    """Move a subscription: another plan, another interval, other quantities, or several of them at once.

    None keeps what is. `quantities` are (component, units) pairs, sorted; a component left out keeps its quantity as
    far as the plan allows it. `replace_pending` puts this change in the place of one already scheduled.
    """

    subscription_id: SubscriptionId
    plan_id: PlanId | None = None
    interval: BillingInterval | None = None
    quantities: tuple[tuple[str, int], ...] = ()
    replace_pending: bool = False

    @property
    def kind(self) -> ChangeKind:
        """What is asked for."""
        return ChangeKind.SWITCH


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
