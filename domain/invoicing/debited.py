"""A line that was charged, as later decisions look at it: what it debited, over which service, what it gave back.

Owns what a line has left. Does not own credits themselves (prorating.py, documents.py).
"""

from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction

from domain.ids import DiscountId, InvoiceId, ItemId, LineId, PlanVersionId, PriceId
from domain.invoice import LineKind
from domain.money import Money
from domain.periods import Period, seconds_between
from domain.tax import AppliedTax, TaxTreatment

RECOUNT = "RECOUNT"
"""The rule in the explanation of an adjustment that follows use counted late."""
COUNTED = frozenset({LineKind.USAGE, LineKind.TRUE_UP, LineKind.MAXIMUM})
"""Kinds of lines that the count of a closed period decides, and that a later count is held against."""
UNTAXED = AppliedTax(TaxTreatment.NOT_TAXED, None, "Not taxed", Fraction(0), "Not taxed.")


@dataclass(frozen=True, slots=True)
class Taken:
    """What one discount took from a line: `minor` is zero or positive, in stated minor units."""

    discount_id: DiscountId
    minor: int


@dataclass(frozen=True, slots=True)
class DebitedLine:
    """A charge on a finalised invoice (or one that will be final), with the discounts beneath it.

    `stated` is before discounts, `tax_minor` is its tax with theirs. `credited` and `credited_tax_minor` are what
    credits of any kind have given back, in the same terms as `debited`; `waived_minor` is the part of `credited` that
    finance gave as it saw fit. `recounted_minor` is what recounting its use gave back, before discounts, and
    `is_recount` marks a charge that a recount added. `is_forgiven` marks one of a void invoice that was not issued
    again: it counts as asked for, and gives nothing back; nor does a MAXIMUM, which is negative. `credited_from` is the
    earliest instant whose service has been credited, `in_force_until` where its item ended. None: nowhere yet.
    """

    line_id: LineId
    invoice_id: InvoiceId
    item_id: ItemId | None
    plan_version_id: PlanVersionId | None
    price_id: PriceId | None
    component: str | None
    description: str
    quantity: Fraction | int
    stated: Money
    credited: Money
    service: Period
    credited_from: datetime | None = None
    kind: LineKind = LineKind.CHARGE
    taken: tuple[Taken, ...] = ()
    tax_inclusive: bool = False
    tax_minor: int = 0
    credited_tax_minor: int = 0
    taxed: AppliedTax = field(default=UNTAXED)
    waived_minor: int = 0
    recounted_minor: int = 0
    is_recount: bool = False
    is_forgiven: bool = False
    in_force_until: datetime | None = None

    @property
    def is_in_advance(self) -> bool:
        """Whether it may charge for time to come: a component's own charge, for a period or the rest of one."""
        return self.component is not None and self.kind in (LineKind.CHARGE, LineKind.PRORATION_CHARGE)

    @property
    def is_counted(self) -> bool:
        """Whether the count of a closed period decided it: use, a bound, a recount of either."""
        return self.kind in COUNTED or self.is_recount

    @property
    def discount_minor(self) -> int:
        """What its discounts took, zero or positive."""
        return sum(each.minor for each in self.taken)

    @property
    def debited(self) -> Money:
        """What it asked for: stated, net of its discounts."""
        return Money(self.stated.minor - self.discount_minor, self.stated.currency)

    @property
    def left(self) -> Money:
        """What it can still give back, in stated amounts."""
        if self.is_forgiven:
            return Money.zero(self.stated.currency)
        return self.debited - self.credited

    @property
    def ends_at(self) -> datetime:
        """Where its service stops counting: its end, or earlier where it was credited or its item ended."""
        return min(each for each in (self.service.end, self.credited_from, self.in_force_until) if each is not None)

    def share_within(self, window: Period) -> Fraction:
        """The share of its service that counts and lies inside `window`."""
        start, end = max(self.service.start, window.start), min(self.ends_at, window.end)
        return seconds_between(start, end) / self.service.seconds if start < end else Fraction(0)
