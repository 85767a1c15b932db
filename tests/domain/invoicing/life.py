"""A subscription through periods, changes, pauses and its end, in plain values: what the operations do, without a
database. Whatever is issued goes into its books, and whatever is decided is read off them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from domain.account import Account
from domain.catalog import PlanVersion
from domain.credit import CreditNoteReason
from domain.ids import ItemId, SubscriptionId
from domain.invoice import REGULAR, InvoiceReason, InvoiceStatus
from domain.invoicing.arrears import HeldItem
from domain.invoicing.bill import Bill
from domain.invoicing.closing import Closing
from domain.invoicing.documents import Documents, Heading, finalise, issue
from domain.invoicing.draft import BillingSpan
from domain.invoicing.ending import cut_at, end_now
from domain.invoicing.pausing import pause, resume, resumed_period
from domain.invoicing.period import BoundaryFacts, close_period
from domain.invoicing.span import first_period, span_of
from domain.invoicing.starting import start
from domain.invoicing.terms import BillingTerms
from domain.invoicing.waiting import WaitingCharge
from domain.money import Money
from domain.periods import BillingInterval, Period, next_period, start_of_day
from domain.plan_change.course import course_at_once
from domain.plan_change.delta import delta_of
from domain.plan_change.early_close import early_close, ended_span
from domain.plan_change.effects import move
from domain.subscription import BillingSubscription, SubscriptionItem, SubscriptionStatus
from tests.domain.invoicing.books import Books
from tests.domain.invoicing.making import measure
from tests.make import MONTH, NumberedIds, an_id, facts


@dataclass(repr=False)
class Life:
    """One subscription and all that was ever issued for it."""

    terms: BillingTerms
    plan: PlanVersion
    on: date = date(2026, 4, 1)
    interval: BillingInterval = MONTH
    quantities: Mapping[str, int] = field(default_factory=dict)
    anchor_on: date | None = None
    books: Books = field(default_factory=Books)
    ids: NumberedIds = field(default_factory=NumberedIds)
    events: dict[str, list[tuple[datetime, int | str]]] = field(default_factory=dict)
    versions: dict[ItemId, PlanVersion] = field(default_factory=dict)
    closed: list[tuple[BillingSpan, BillingInterval]] = field(default_factory=list)
    spans: list[BillingSpan] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Sign up at the start of the day."""
        zone = self.account.zone
        first = first_period(self.on, zone, self.interval, self.anchor_on)
        begins = start_of_day(self.on, zone)
        self.subscription = BillingSubscription(
            id=SubscriptionId(an_id("subscription")),
            account_id=self.account.id,
            version=self.plan,
            status=SubscriptionStatus.ACTIVE,
            interval=self.interval,
            anchor=first.anchor,
            period=first.period,
            started_at=begins,
            items=self._items(self.plan, self.interval, self.plan.quantities(dict(self.quantities)), begins),
        )
        self._know()
        opened = start(self.subscription, self.terms, begins)
        self.terms = opened.terms
        self.write(opened.bill, InvoiceReason.SIGN_UP)

    @property
    def account(self) -> Account:
        """Who is billed."""
        return self.terms.account

    @property
    def period(self) -> Period:
        """The present billing period."""
        return self.subscription.period

    def use(self, component: str, at: datetime, value: int | str = 1) -> None:
        """An event, counted from now on whenever it is looked at."""
        self.events.setdefault(component, []).append((at, value))

    def renew(self, charges: tuple[WaitingCharge, ...] = (), late: bool = True) -> Documents:
        """Close the period and open the next one."""
        span, at = span_of(self.subscription), self.period.end
        closing = self.closing(span)
        self.subscription = replace(
            self.subscription,
            period=next_period(self.subscription.anchor, self.subscription.interval, self.subscription.period),
        )
        found = close_period(
            BoundaryFacts(
                at,
                self.terms,
                closing=closing,
                opening=self.subscription,
                late=tuple(self.closing(span, interval) for span, interval in self.closed) if late else (),
                charges=charges,
            )
        )
        self.closed.append((span, closing.interval))
        self.terms = found.terms
        return self.write(found.bill, InvoiceReason.RENEWAL, CreditNoteReason.USAGE_CORRECTION)

    def closing(self, span: BillingSpan, interval: BillingInterval | None = None) -> Closing:
        """A period as the facts of today close it."""
        items = tuple(HeldItem(item, self.versions[item.id]) for item in self.books.items.values())
        items = tuple(held for held in items if held.within(span.period))
        billed = tuple(line for line in self.books.debits if span.period.contains(line.service.start))
        usage = measure(items, span.period, self.events)
        it = self.subscription
        return Closing(span, interval or it.interval, items, usage, billed, it.trial_end_at)

    def change(
        self,
        at: datetime,
        target: PlanVersion | None = None,
        *,
        interval: BillingInterval | None = None,
        **quantities: int,
    ) -> Documents:
        """Take a change at once."""
        asked = facts(
            self.subscription,
            target,
            now=at,
            interval=interval,
            quantities=quantities,
            account=self.account,
            debits=self.books.debits,
            terms=self.terms,
        )
        course, delta = course_at_once(asked), delta_of(asked)
        moved = move(asked, course, self.ids)
        self._close(moved.closed, at)
        old = ended_span(asked)
        cut = None if old is None else self.closing(old)
        if course.is_new:
            self.terms = self.terms.opened(course.period)
        self.subscription = moved.subscription
        self._know()
        if old is not None and cut is not None:
            self.closed.append((old, cut.interval))
            self.write(early_close(asked, delta, cut), InvoiceReason.PLAN_CHANGE)
        return self.write(delta.bill, InvoiceReason.PLAN_CHANGE, cause=True)

    def pause(self, at: datetime) -> Documents:
        """Give the rest back."""
        bill = pause(self.books.debits, self.terms, at)
        self._close(self.subscription.items, at)
        self.subscription = replace(self.subscription, status=SubscriptionStatus.PAUSED, paused_at=at)
        return self.write(bill, InvoiceReason.RESUME, CreditNoteReason.PAUSE, cause=True)

    def resume(self, at: datetime) -> Documents:
        """Charge to the next boundary."""
        old, period = span_of(self.subscription), resumed_period(self.subscription, at)
        closing = None if period == self.period else self.closing(old)
        if closing is not None:
            self.closed.append((old, closing.interval))
        self.subscription = replace(
            self.subscription,
            status=SubscriptionStatus.ACTIVE,
            period=period,
            items=self._items(self.subscription.version, self.subscription.interval, self.subscription.quantities, at),
        )
        self._know()
        found = resume(self.subscription, self.terms, at, closing)
        self.terms = found.terms
        return self.write(found.bill, InvoiceReason.RESUME, cause=True)

    def end(self, at: datetime, gives_back_unused: bool = True) -> Documents:
        """End at once."""
        self._close(self.subscription.items, at)
        span = cut_at(span_of(self.subscription), at)
        assert span is not None
        bill = end_now(self.closing(span), self.terms, at, gives_back_unused=gives_back_unused)
        return self.write(bill, InvoiceReason.CANCELLATION, CreditNoteReason.CANCELLATION, cause=True)

    def write(
        self,
        bill: Bill,
        reason: InvoiceReason,
        credit_reason: CreditNoteReason = CreditNoteReason.PLAN_CHANGE,
        *,
        cause: bool = False,
    ) -> Documents:
        """Issue a bill, its drafts final at once: the tests of drafts make their own."""
        items = {item.component: item.id for item in self.subscription.items}
        heading = Heading(
            reason,
            self.subscription.id,
            self.period,
            items,
            self.ids.new() if cause else REGULAR,
            credit_reason,
        )
        due = {invoice.id: invoice.total.minor for invoice in self.books.invoices}
        for note in self.books.notes:
            due[note.invoice_id] -= note.to_invoice_minor
        issued = issue(bill, self.account, heading, self.ids, due)
        if issued.invoice is not None and issued.invoice.status is InvoiceStatus.DRAFT:
            assert issued.invoice.finalise_at is not None
            issued = replace(issued, invoice=finalise(issued.invoice, self.account, issued.invoice.finalise_at))
        return self.books.write(issued)

    def _items(
        self, version: PlanVersion, interval: BillingInterval, quantities: Mapping[str, int], since: datetime
    ) -> tuple[SubscriptionItem, ...]:
        return tuple(
            SubscriptionItem(ItemId(self.ids.new()), component, price.id, quantity, since)
            for component, quantity in quantities.items()
            if (price := version.price(component, self.account.currency, interval)) is not None
        )

    def _know(self) -> None:
        self.books.know(self.subscription.items)
        self.versions |= {
            item.id: self.subscription.version for item in self.subscription.items if item.id not in self.versions
        }

    def _close(self, items: tuple[SubscriptionItem, ...], at: datetime) -> None:
        self.books.know(replace(item, valid_until=at) for item in items)

    def stated(self) -> Money:
        """Everything asked for before tax (where prices are without), less everything given back."""
        asked = sum(line.stated.minor for line in self.books.lines)
        back = sum(
            line.amount.minor + (line.tax_minor if line.tax_inclusive else 0)
            for note in self.books.notes
            for line in note.lines
        )
        return Money(asked - back, self.account.currency)
