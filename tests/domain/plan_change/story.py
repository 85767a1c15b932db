"""A subscription through changes taken at once, in plain values: what the operations do, without a database.

The policy is not asked here: the laws of money hold for any change, allowed or not.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from domain.account import Account
from domain.catalog import PlanVersion
from domain.commands import EndTrial, Turn
from domain.credit import CreditNoteReason
from domain.ids import ItemId
from domain.invoice import InvoiceReason
from domain.invoicing.arrears import HeldItem
from domain.invoicing.bill import bill
from domain.invoicing.closing import Closing
from domain.invoicing.debited import DebitedLine
from domain.invoicing.documents import Documents, Heading, issue
from domain.invoicing.regular import lines_in_advance
from domain.invoicing.terms import BillingTerms, untaxed
from domain.money import Money
from domain.periods import BillingInterval
from domain.plan_change.course import course_at_once
from domain.plan_change.delta import DeltaCharge, delta_of
from domain.plan_change.effects import move
from domain.plan_change.facts import PlanChangeFacts, SoFar
from domain.plan_change.turn_money import closed_span, resume_bill
from domain.plan_change.turning import paused, resumed
from domain.plan_change.verdict import ChangeKind
from domain.subscription import BillingSubscription, SubscriptionEvent, SubscriptionItem, SubscriptionStatus
from tests.domain.invoicing.books import Books
from tests.make import ACCOUNT, NumberedIds, facts


@dataclass
class Story:
    """A subscription whose present period was charged in advance, unless it is in its trial, and every delta since."""

    subscription: BillingSubscription
    account: Account = ACCOUNT
    terms: BillingTerms = field(default_factory=lambda: untaxed(ACCOUNT))
    deltas: list[DeltaCharge] = field(default_factory=list)
    documents: list[Documents] = field(default_factory=list)
    ids: NumberedIds = field(default_factory=NumberedIds)
    books: Books = field(default_factory=Books)
    versions: dict[ItemId, PlanVersion] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Charge the present period, as its renewal did."""
        period = self.subscription.period
        self.terms = replace(self.terms, account=self.account)
        self.paid_before = Money.zero(self.account.currency)
        self._know(self.subscription.items)
        if self.subscription.status is SubscriptionStatus.TRIALING:
            return
        self.terms = self.terms.opened(period)
        lines = lines_in_advance(self.subscription, self.account.currency, period)
        heading = Heading(InvoiceReason.RENEWAL, self.subscription.id, period)
        self.books.write(issue(bill(lines, self.terms, period.start), self.account, heading, self.ids))
        self.paid_before = Money.total((debit.debited for debit in self.debits), self.account.currency)

    @property
    def debits(self) -> tuple[DebitedLine, ...]:
        """The charges so far, with what each has given back."""
        return self.books.debits

    def change(
        self,
        target: PlanVersion | None = None,
        at: datetime | None = None,
        *,
        interval: BillingInterval | None = None,
        quantities: Mapping[str, int] | None = None,
        turn: EndTrial | None = None,
    ) -> Money:
        """Take a change at an instant; returns what it costs before tax, negative when it gives back."""
        asked = facts(
            self.subscription,
            target,
            now=at or self.subscription.period.start,
            interval=interval,
            quantities=quantities,
            account=self.account,
            debits=self.debits,
            terms=self.terms,
            turn=turn,
        )
        course = course_at_once(asked)
        delta, moved = delta_of(asked), move(asked, course, self.ids)
        self.deltas.append(delta)
        self.subscription = moved.subscription
        self._end(moved.closed, moved.at)
        self._know(moved.opened)
        if course.is_new:
            self.terms = self.terms.opened(course.period)
        self._issue(delta, InvoiceReason.PLAN_CHANGE, CreditNoteReason.PLAN_CHANGE)
        return delta.net

    def turn(self, turn: Turn, at: datetime) -> Money:
        """Let it rest, go on or end at an instant; returns what that costs before tax, negative when it gives back."""
        asked = self._asked(turn, at)
        delta, before = delta_of(asked), self.subscription
        match asked.request.kind:
            case ChangeKind.PAUSE:
                self.subscription = paused(asked)
            case ChangeKind.RESUME:
                self.subscription = resumed(asked, self.ids)
                # the same lines, of the items that are written
                delta = DeltaCharge(resume_bill(asked, self.subscription).bill)
            case _:
                self.subscription = replace(before.moved(SubscriptionEvent.CANCELLED), items=(), ended_at=at)
        self._end(before.items, at)
        self._know(self.subscription.items)
        if self.subscription.period != before.period:
            self.terms = self.terms.opened(self.subscription.period)
        self.deltas.append(delta)
        self._issue(delta, InvoiceReason.RESUME, CreditNoteReason.PAUSE)
        return delta.net

    def _asked(self, turn: Turn, at: datetime) -> PlanChangeFacts:
        """A turn with the period that it closes, where it closes one."""
        held = tuple(HeldItem(item, self.versions[item.id]) for item in self.books.items.values())
        asked = facts(
            self.subscription, now=at, turn=turn, account=self.account, debits=self.debits, terms=self.terms, held=held
        )
        span = closed_span(asked)
        if span is None:
            return asked
        within = tuple(each for each in held if each.within(span.period))
        return replace(asked, so_far=SoFar(Closing(span, self.subscription.interval, within, billed=self.debits)))

    def _issue(self, delta: DeltaCharge, reason: InvoiceReason, credit_reason: CreditNoteReason) -> None:
        """Put what a change bills into the books."""
        items = {item.component: item.id for item in self.subscription.items}
        heading = Heading(reason, self.subscription.id, self.subscription.period, items, self.ids.new(), credit_reason)
        self.documents.append(self.books.write(issue(delta.bill, self.account, heading, self.ids)))

    def _know(self, items: Iterable[SubscriptionItem]) -> None:
        """Keep items that began, of the version in force."""
        for item in items:
            self.books.know([item])
            self.versions.setdefault(item.id, self.subscription.version)

    def _end(self, items: Iterable[SubscriptionItem], at: datetime) -> None:
        """Keep items that ended."""
        self.books.know(replace(item, valid_until=at) for item in items)

    @property
    def billed(self) -> Money:
        """Everything so far, before tax: the period's regular lines and every delta."""
        return self.paid_before + Money.total((delta.net for delta in self.deltas), self.account.currency)
