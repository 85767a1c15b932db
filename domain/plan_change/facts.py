"""Everything a plan change is decided from, loaded once and passed as one value.

Owns the list of facts. A new rule that needs a new fact adds it here and in its query (db/queries/plan_change.py).
Does not own questions about the facts (questions.py).
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from domain.account import Account
from domain.account_terms import AccountTerms
from domain.actor import Actor, Role
from domain.catalog import PlanVersion
from domain.commands import ChangePlan
from domain.dunning import Standing
from domain.entitlement import EntitlementOverride
from domain.ids import InvoiceId, PlanChangeId
from domain.invoicing.arrears import HeldItem
from domain.invoicing.closing import Closing
from domain.invoicing.debited import DebitedLine
from domain.invoicing.pausing import held_when_paused
from domain.invoicing.terms import BillingTerms
from domain.invoicing.waiting import WaitingCharge
from domain.money import Money
from domain.periods import BillingInterval
from domain.plan_change.approved import Approved, RequestInFull, in_full
from domain.subscription import BillingSubscription, SubscriptionStatus


@dataclass(frozen=True, slots=True)
class PendingChange:
    """A change already accepted that waits: for its day, or for the invoice `invoice_id` to be paid.

    `is_being_paid`: a payment of it is under way, and nobody knows yet what becomes of it.
    """

    id: PlanChangeId
    plan_name: str
    effective_at: datetime
    invoice_id: InvoiceId | None = None
    is_being_paid: bool = False


@dataclass(frozen=True, slots=True)
class OverdueInvoice:
    """The unpaid invoice that is longest overdue."""

    id: InvoiceId
    number: str
    due_on: date


@dataclass(frozen=True, slots=True)
class SoFar:
    """What an end at once, or a resume after its period, bills beside what is charged in advance.

    `closing` is the period that ends, up to the instant; None where none does. `late` are those before it whose use has
    changed since their bill, `charges` what finance left to the next invoice.
    """

    closing: Closing | None = None
    late: tuple[Closing, ...] = ()
    charges: tuple[WaitingCharge, ...] = ()


@dataclass(frozen=True, slots=True)
class PlanChangeFacts:
    """One request against one subscription, at one instant of the account's own time."""

    now: datetime
    """The instant the request is priced at and takes effect from; a quote pins it."""
    known_at: datetime
    """The account's time at which the facts were looked up; later than `now` where a quote is applied."""
    request: ChangePlan
    actor: Actor
    role: Role | None
    """The actor's role on this account; None for staff."""
    account: Account
    subscription: BillingSubscription
    target: PlanVersion
    others: tuple[BillingSubscription, ...]
    """The account's other live subscriptions: their entitlements add to this one's."""
    overrides: tuple[EntitlementOverride, ...]
    usage: Mapping[str, Decimal]
    """Usage so far by feature code, in the window each feature is measured over."""
    debits: tuple[DebitedLine, ...]
    standing: Standing
    overdue: Money
    oldest_overdue: OverdueInvoice | None
    pending: PendingChange | None
    changes_last_day: int
    terms: BillingTerms
    """What its money becomes documents by: the seller, the rates, the discounts of this subscription."""
    agreement: AccountTerms | None = None
    """What was agreed with the account beyond the catalog; None: nothing."""
    others_charged: Money | None = None
    """What the running periods of the account's other subscriptions have come to before tax; None: not asked."""
    held: tuple[HeldItem, ...] = ()
    """Every item version the subscription has had; none: those in force."""
    upgraded_at: datetime | None = None
    """When this subscription last went up in the days that count against going down again; None: it did not."""
    so_far: SoFar = SoFar()
    """Read where the request needs it only."""
    is_due: bool = False
    """The change was accepted earlier and its day has come: it is decided again, by the facts of today."""
    is_put_forward: bool = False
    """The request is put to approval or answered, not taken: who may take it is asked once somebody does."""
    is_ahead: bool = False
    """A later step of a ramp, looked at before its day: `now` is that day, everything else is known of today."""
    phase_targets: tuple[PlanVersion, ...] = ()
    """The version that each phase of the request leads to, in order."""
    approval: Approved | None = None
    """What somebody has granted for this subscription and nobody has used, whatever was asked there."""

    def asked(self, request: ChangePlan, target: PlanVersion) -> "PlanChangeFacts":
        """The same facts of another request, which leads to `target`."""
        return replace(self, request=request, target=target)

    @property
    def in_full(self) -> RequestInFull:
        """The request with everything said that it leaves as it is."""
        return in_full(self.request, self.target.plan.id, self.interval, self.quantities)

    @property
    def granted(self) -> frozenset[str]:
        """The codes granted to this very request, or to the accepted change whose day has come."""
        approval = self.approval
        if approval is None or (approval.asked is not None and approval.asked != self.in_full):
            return frozenset()
        return approval.codes

    @property
    def interval(self) -> BillingInterval:
        """The billing interval asked for, else the present one."""
        return self.request.interval or self.subscription.interval

    @property
    def quantities(self) -> dict[str, int]:
        """Units of each component of the target plan: as asked, else as now within the plan's bounds."""
        wanted = dict(self.request.quantities)
        now = self._present_quantities
        for component in self.target.components:
            if component.code not in wanted and component.code in now:
                most = now[component.code] if component.maximum is None else component.maximum
                wanted[component.code] = max(component.minimum, min(now[component.code], most))
        return self.target.quantities(wanted)

    @property
    def _present_quantities(self) -> dict[str, int]:
        """Units it has; of one that is paused, those it goes on with."""
        subscription = self.subscription
        if subscription.status is not SubscriptionStatus.PAUSED or subscription.paused_at is None:
            return subscription.quantities
        items = held_when_paused(self.held, subscription.version.id, subscription.paused_at)
        return {held.item.component: held.item.quantity for held in items}
