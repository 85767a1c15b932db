"""Everything that is billed at a boundary of one subscription: what the closed period owes, what the next one asks.

What a renewal writes is what `upcomingInvoice` shows and what the audit derives again: the same function over the same
facts. Owns which lines belong to a boundary and their order. Does not own any of them, nor what they become (bill.py).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from domain.invoicing.bill import Bill, bill
from domain.invoicing.closing import Closing, closing_lines
from domain.invoicing.debited import DebitedLine
from domain.invoicing.draft import DraftLine
from domain.invoicing.late import late_lines
from domain.invoicing.prorating import charge_rest
from domain.invoicing.regular import lines_in_advance
from domain.invoicing.span import span_of
from domain.invoicing.terms import BillingTerms, Coverage
from domain.invoicing.waiting import WaitingCharge, charge_lines
from domain.periods import Period
from domain.subscription import BillingSubscription


@dataclass(frozen=True, slots=True)
class BoundaryFacts:
    """A boundary of one subscription, at an instant of the account's own time.

    `closing` None: no period ends (a sign-up). `opening` is the subscription as it enters its next period, with that
    period; None: it has ended. `opening_from`: it enters there, in the middle (a resume). `reopens`: the period was
    open before, so that it uses up no discount. `late` are periods closed before whose use has changed since, as it
    counts now, with all their charges. `charges` is what finance left to the next invoice.
    """

    at: datetime
    terms: BillingTerms
    closing: Closing | None = None
    opening: BillingSubscription | None = None
    opening_from: datetime | None = None
    reopens: bool = False
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
        held = facts.closing.own
    for late in facts.late:
        lines += late_lines(late, currency, zone)
        held = (*held, *late.own)
    lines += charge_lines(facts.charges, lines, zone)
    if facts.opening is not None:
        before = facts.closing.billed if facts.closing is not None else ()
        lines += opening_lines(facts.opening, currency, facts.opening_from, before)
        if not facts.reopens:
            coverage, terms = terms.opening(facts.opening.period), terms.opened(facts.opening.period)
    return BoundaryLines(facts.at, tuple(lines), terms, coverage, held)


def opening_lines(
    subscription: BillingSubscription,
    currency: str,
    since: datetime | None = None,
    before: Sequence[DebitedLine] = (),
) -> tuple[DraftLine, ...]:
    """What a period that opens charges in advance: in full, or by its share for a stub or from `since` on.

    `before` are charges of the period that closes. Where a new zone has brought the boundary forward they serve beyond
    it: then an item's line begins where its last one ends. It is for the same days, and costs as much.
    """
    period = subscription.period
    span = span_of(subscription, period if since is None else Period(since, period.end))
    whole = lines_in_advance(subscription, currency, span.whole)
    if span.window == span.whole:
        return tuple(_after(line, before) for line in whole)
    return charge_rest(whole, span, subscription.anchor.zone)


def _after(line: DraftLine, before: Sequence[DebitedLine]) -> DraftLine:
    """The line without the time that an earlier one of its item serves."""
    served = (each.ends_at for each in before if each.is_in_advance and each.item_id == line.item_id)
    start = max((line.service.start, *served))
    if not line.service.start < start < line.service.end:
        return line
    return replace(line, service=Period(start, line.service.end))
