"""A billing period that has ended, and what it owes at that end: quantities in arrears, use, its minimum or maximum.

Owns which facts a closed period is billed from. Does not own what was charged in advance for it, nor the next period.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from domain.invoice import REGULAR
from domain.invoicing.arrears import HeldItem, UsageSlice, served_lines, usage_line
from domain.invoicing.begun import counted_from_start
from domain.invoicing.bounds import bound_line
from domain.invoicing.debited import DebitedLine
from domain.invoicing.draft import BillingSpan, DraftLine
from domain.money import Money
from domain.periods import BillingInterval
from domain.taxing import credited_tax


@dataclass(frozen=True, slots=True)
class Closing:
    """A billing period that ends at a boundary.

    `items` are all item versions that were in force in it, `usage` what its windows counted (arrears.usage_windows),
    `billed` its charges on earlier invoices, `trial_left_at` when the subscription's trial ended, if it had one.
    `forgiven` are those on invoices that are void and were not issued again: they bring it to its bounds all the same,
    or a minimum would ask for them again.
    """

    span: BillingSpan
    interval: BillingInterval
    items: tuple[HeldItem, ...]
    usage: tuple[UsageSlice, ...] = ()
    billed: tuple[DebitedLine, ...] = ()
    trial_left_at: datetime | None = None
    forgiven: tuple[DebitedLine, ...] = ()

    @property
    def charged(self) -> tuple[HeldItem, ...]:
        """The item versions for the time they are charged for (begun.py)."""
        return counted_from_start(self.items, self.span.period, self.interval, self.trial_left_at)

    @property
    def own(self) -> tuple[DebitedLine, ...]:
        """The charges of this period: no time of an item that is of the one before (begun.py), none beyond its end."""
        return self._within(self.billed)

    @property
    def asked(self) -> tuple[DebitedLine, ...]:
        """The same with what was forgiven: what its bounds look at."""
        return (*self.own, *self._within(self.forgiven))

    def _within(self, lines: Sequence[DebitedLine]) -> tuple[DebitedLine, ...]:
        items, end = {held.item.id for held in self.charged}, self.span.period.end
        return tuple(
            replace(line, in_force_until=min(line.ends_at, end)) if line.is_in_advance else line
            for line in lines
            if not line.is_in_advance or line.item_id in items
        )


def credited_in(closing: Closing, credits_now: Sequence[DraftLine], at: datetime) -> Closing:
    """The period as it stands once these credits are given for what was charged beyond `at`, where it ends early.

    A bound looks at what a period was charged in all: so at what remains of it.
    """
    given = Counter({draft.credited.line_id: 0 for draft in credits_now if draft.credited})
    for draft in credits_now:
        if draft.credited is not None:
            given[draft.credited.line_id] -= draft.stated.minor
    billed = tuple(
        replace(
            line,
            credited=Money(line.credited.minor + given[line.line_id], line.credited.currency),
            credited_tax_minor=line.credited_tax_minor + _tax_of(line, given[line.line_id]),
            in_force_until=min(line.ends_at, at) if line.is_in_advance else line.in_force_until,
        )
        for line in closing.billed
    )
    return replace(closing, billed=billed)


def _tax_of(line: DebitedLine, stated_minor: int) -> int:
    """The tax that comes back with a credit of a line: what follows must not give it back again."""
    if stated_minor == 0:
        return 0
    before, tax_before = line.credited.minor, line.credited_tax_minor
    return credited_tax(line.debited.minor, line.tax_minor, before, tax_before, stated_minor)


def closing_lines(closing: Closing, currency: str, zone: str) -> Sequence[DraftLine]:
    """What a closed period owes: quantities in arrears, use, and what brings all of it to its bounds.

    They are regular lines whatever document they end on (an end at once, a resume), so that no period is billed twice.
    """
    charged = closing.charged
    lines = [*served_lines(charged, closing.span, zone)]
    lines += [line for usage in closing.usage if (line := usage_line(usage, closing.span, zone)) is not None]
    bound = bound_line(charged, closing.asked, lines, closing.span, currency, closing.interval)
    return [replace(line, cause=REGULAR) for line in (lines if bound is None else [*lines, bound])]
