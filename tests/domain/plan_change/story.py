"""A subscription through changes taken at once, in plain values: what the operations do, without a database.

The policy is not asked here: the laws of money hold for any change, allowed or not.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from domain.account import Account
from domain.catalog import PlanVersion
from domain.invoice import InvoiceReason
from domain.invoicing.bill import bill
from domain.invoicing.debited import DebitedLine
from domain.invoicing.documents import Documents, Heading, issue
from domain.invoicing.regular import lines_in_advance
from domain.invoicing.terms import BillingTerms, untaxed
from domain.money import Money
from domain.periods import BillingInterval
from domain.plan_change.course import course_at_once
from domain.plan_change.delta import DeltaCharge, delta_of
from domain.plan_change.effects import move
from domain.subscription import BillingSubscription
from tests.domain.invoicing.books import Books
from tests.make import ACCOUNT, NumberedIds, facts


@dataclass
class Story:
    """A subscription whose present period was charged in advance, and every delta since."""

    subscription: BillingSubscription
    account: Account = ACCOUNT
    terms: BillingTerms = field(default_factory=lambda: untaxed(ACCOUNT))
    deltas: list[DeltaCharge] = field(default_factory=list)
    documents: list[Documents] = field(default_factory=list)
    ids: NumberedIds = field(default_factory=NumberedIds)
    books: Books = field(default_factory=Books)

    def __post_init__(self) -> None:
        """Charge the present period, as its renewal did."""
        period = self.subscription.period
        self.terms = replace(self.terms, account=self.account).opened(period)
        self.books.know(self.subscription.items)
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
        )
        course = course_at_once(asked)
        delta, moved = delta_of(asked), move(asked, course, self.ids)
        self.deltas.append(delta)
        self.subscription = moved.subscription
        self.books.know(replace(item, valid_until=moved.at) for item in moved.closed)
        self.books.know(moved.opened)
        if course.is_new:
            self.terms = self.terms.opened(course.period)
        items = {item.component: item.id for item in moved.subscription.items}
        heading = Heading(InvoiceReason.PLAN_CHANGE, moved.subscription.id, course.period, items, cause=self.ids.new())
        self.documents.append(self.books.write(issue(delta.bill, self.account, heading, self.ids)))
        return delta.net

    @property
    def billed(self) -> Money:
        """Everything so far, before tax: the period's regular lines and every delta."""
        return self.paid_before + Money.total((delta.net for delta in self.deltas), self.account.currency)
