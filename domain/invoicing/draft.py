"""A line before it is written: what it states, before discounts and tax, and what it will be explained by.

Owns the shape every source of lines gives and every step after it takes. Does not own where a line comes from
(regular.py, arrears.py, prorating.py, …) nor what follows it (assemble.py).
"""

from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction
from functools import lru_cache
from uuid import UUID

from domain.catalog import BASE, PlanVersion
from domain.ids import DiscountId, ItemId, PlanVersionId, PriceId, SubscriptionId
from domain.invoice import LineExplanation, LineKind
from domain.invoicing.debited import DebitedLine
from domain.money import Money
from domain.periods import Period, local_day
from domain.tax import AppliedTax


@dataclass(frozen=True, slots=True)
class BillingSpan:
    """Which billing period a draft belongs to, for what is agreed per period: fixed discounts, caps.

    `period` is the billing period itself. `window` is the time its drafts charge for: all of it, or the rest after a
    change. `whole` is what a price is for; longer than the period where that is a stub.
    """

    period: Period
    window: Period
    whole: Period

    @classmethod
    def of(cls, period: Period) -> "BillingSpan":
        """All of a period that is a whole one."""
        return cls(period, period, period)

    @property
    def share(self) -> Fraction:
        """The part of a whole period that is charged for."""
        return self.window.seconds / self.whole.seconds


@dataclass(frozen=True, slots=True)
class DraftLine:
    """A line before it is written: all but its ids, its discounts and its tax.

    `stated` is what the price says: net, or with the tax inside where `tax_inclusive`. `item_id` None: the item of
    `component` that is yet to open; `component` None: of no item. `span` None: no discount touches it. `credited` is
    the line it gives back of, already less its discount; it is taxed as that was (`taxed`), any other line as the
    account is on the issue day. `cause` None: that of the document it ends on.
    """

    component: str | None
    item_id: ItemId | None
    plan_version_id: PlanVersionId | None
    price_id: PriceId | None
    kind: LineKind
    description: str
    quantity: Fraction | int
    unit_minor: Fraction | None
    stated: Money
    service: Period
    explanation: LineExplanation
    tax_inclusive: bool = False
    span: BillingSpan | None = None
    taxed: AppliedTax | None = None
    credited: DebitedLine | None = None
    cause: UUID | None = None
    subscription_id: SubscriptionId | None = None
    """Of a one-off line that belongs to a subscription; any other line belongs to its document's."""
    discount_id: DiscountId | None = None
    """Of a DISCOUNT line that was written before and is taken over, below the line it takes from."""


def describe(version: PlanVersion, component: str, quantity: int) -> str:
    """What a line is for, in the customer's words: the plan for its base fee, else "component × quantity"."""
    if component == BASE:
        return version.plan.name
    name = next((each.name for each in version.components if each.code == component), component)
    return f"{version.plan.name}: {name} × {quantity}"


@lru_cache(maxsize=4_096)  # pure, and thousands of accounts are billed for the same days
def days_of(service: Period, zone: str) -> str:
    """ "1 Mar 2026 to 31 Mar 2026": the local days a period covers, both ends included."""
    first = local_day(service.start, zone)
    last = local_day(service.end - timedelta(microseconds=1), zone)
    return f"{first.day} {first:%b %Y} to {last.day} {last:%b %Y}"
