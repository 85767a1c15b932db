"""Everything that is billed at a boundary of one subscription: what the closed period owes, what the next one asks.

What a renewal writes is what `upcomingInvoice` shows and what the audit derives again: the same function over the same
facts. Owns which lines belong to a boundary and their order. Does not own any of them, nor what they become (bill.py).
"""

from dataclasses import dataclass
from datetime import datetime

from domain.invoicing.bill import Bill, bill
from domain.invoicing.closing import Closing, closing_lines
from domain.invoicing.debited import DebitedLine
from domain.invoicing.draft import DraftLine
from domain.invoicing.late import late_lines
from domain.invoicing.regular import lines_in_advance
from domain.invoicing.terms import BillingTerms, Coverage
from domain.invoicing.waiting import WaitingCharge, charge_line
from domain.subscription import BillingSubscription


@dataclass(frozen=True, slots=True)
class BoundaryFacts:
    """A boundary of one subscription, at an instant of the account's own time.

    `closing` None: no period ends (a sign-up). `opening` is the subscription as it enters its next period, with that
    period; None: it has ended. `late` are periods closed before whose use has changed since, as it
    counts now, with all their charges. `charges` is what finance left to the next invoice.
    """

    at: datetime
    terms: BillingTerms
    closing: Closing | None = None
    opening: BillingSubscription | None = None
    late: tuple[Closing, ...] = ()
    charges: tuple[WaitingCharge, ...] = ()


@dataclass(frozen=True, slots=True)
class BoundaryLines:
    """What a boundary bills: its drafts, the terms they are billed on, and the coverage that discounts use up."""

    at: datetime
    drafts: tuple[DraftLine, ...]
    terms: BillingTerms
    coverage: tuple[Coverage, ...]
    held: tuple[DebitedLine, ...]

    @property
    def bill(self) -> Bill:
        """The documents of the boundary."""
        return bill(self.drafts, self.terms, self.at, self.held)


def close_period(facts: BoundaryFacts) -> BoundaryLines:
    """The lines of a boundary: in arrears, late, waiting, then in advance. Same facts, same lines (law L18)."""
    zone, currency = facts.terms.account.zone, facts.terms.currency
    terms, coverage = facts.terms, tuple[Coverage, ...]()
    lines: list[DraftLine] = []
    held: tuple[DebitedLine, ...] = ()
    if facts.closing is not None:
        lines += closing_lines(facts.closing, currency, zone)
        held = facts.closing.billed
    for late in facts.late:
        lines += late_lines(late, currency, zone)
        held = (*held, *late.billed)
    lines += [charge_line(charge, zone) for charge in facts.charges]
    if facts.opening is not None:
        period = facts.opening.period
        lines += lines_in_advance(facts.opening, currency, period)
        coverage, terms = terms.opening(period), terms.opened(period)
    return BoundaryLines(facts.at, tuple(lines), terms, coverage, held)
