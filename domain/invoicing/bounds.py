"""The minimum and maximum of a closed period, over everything it was charged on whichever invoices (law L5).

Owns which charges count and which version's bounds were in force for how long. Does not own the arithmetic of a bound
(pricing/bounds.py).
"""

from collections.abc import Sequence
from fractions import Fraction

from domain.catalog import BASE, PlanVersion
from domain.invoice import LineExplanation, LineKind
from domain.invoicing.arrears import HeldItem
from domain.invoicing.debited import DebitedLine
from domain.invoicing.draft import BillingSpan, DraftLine
from domain.money import Money, round_half_away
from domain.periods import BillingInterval, Period
from domain.pricing.bounds import Bound, BoundKind, prorated_bound, settle

_BOUNDED = frozenset({LineKind.CHARGE, LineKind.PRORATION_CHARGE, LineKind.USAGE, LineKind.PRORATION_CREDIT})
"""Kinds of lines that a plan's prices charge, and that its bounds are therefore about; a credit is told of a void
invoice alone (debits.py)."""


def bound_line(
    items: Sequence[HeldItem],
    billed: Sequence[DebitedLine],
    closing: Sequence[DraftLine],
    span: BillingSpan,
    currency: str,
    interval: BillingInterval,
) -> DraftLine | None:
    """The TRUE_UP or MAXIMUM of a closed period; None where it keeps to its bounds, or has none.

    `billed` are the period's charges on earlier invoices, `closing` those now being written, both before discounts and
    tax in stated amounts; what finance added by hand counts on neither. A version's bounds count for its time in force;
    time without any (a pause) counts for none.
    """
    if not any(held.version.bounds for held in items):
        return None
    versions = versions_in_force(items, span.window)
    parts = [
        (_bound_of(version, currency, interval), window.seconds / span.whole.seconds) for version, window in versions
    ]
    bound = prorated_bound(parts)
    if bound == Bound():
        return None
    priced = [line for line in billed if line.kind in _BOUNDED]
    charged = charged_before(priced, span.period) + sum(line.stated.minor for line in closing)
    settled = settle(Money(round_half_away(charged), currency), bound)
    if settled.kind is None:
        return None
    last = versions[-1][0]
    kind = LineKind.TRUE_UP if settled.kind is BoundKind.TRUE_UP else LineKind.MAXIMUM
    name = "minimum" if kind is LineKind.TRUE_UP else "maximum"
    return DraftLine(
        component=None,
        item_id=None,
        plan_version_id=last.id,
        price_id=None,
        kind=kind,
        description=f"{last.plan.name}: to the {name} of the period",
        quantity=1,
        unit_minor=None,
        stated=settled.amount,
        service=span.period,
        explanation=LineExplanation(kind.value, settled.sentence, Fraction(settled.amount.minor), terms=settled.terms),
        tax_inclusive=_is_inclusive(last, currency, interval),
        span=span,
    )


def versions_in_force(items: Sequence[HeldItem], period: Period) -> list[tuple[PlanVersion, Period]]:
    """Which plan version was in force over which parts of a period, in order; every plan has a base."""
    bases = [(held, held.within(period)) for held in items if held.item.component == BASE]
    found = [(held.version, window) for held, window in bases if window is not None]
    return sorted(found, key=lambda each: each[1].start)


def charged_before(billed: Sequence[DebitedLine], period: Period) -> Fraction:
    """What a period's charges on earlier invoices come to, before discounts, in minor units.

    Less what was given back of each because its service went unused, which a discount makes smaller than it was before
    that. What finance waived is not less, nor what it forgave with a void invoice, as far as that was had: a minimum
    does not claim back a courtesy.
    """
    total = Fraction(0)
    for line in billed:
        if not period.contains(line.service.start):
            continue
        given_back = line.credited.minor - line.waived_minor
        if line.is_forgiven:
            total += line.stated.minor * (line.share_within(period) if line.is_in_advance else 1)
        elif line.debited.minor:
            total += line.stated.minor - Fraction(given_back * line.stated.minor, line.debited.minor)
        else:
            total += line.stated.minor * line.share_within(period)
    return total


def _bound_of(version: PlanVersion, currency: str, interval: BillingInterval) -> Bound:
    for bound in version.bounds:
        if (bound.currency, bound.interval) == (currency, interval):
            return Bound(bound.minimum_minor, bound.maximum_minor)
    return Bound()


def _is_inclusive(version: PlanVersion, currency: str, interval: BillingInterval) -> bool:
    """Whether the version's bounds include tax: as the prices they bound do."""
    price = version.price(BASE, currency, interval)
    return price is not None and price.tax_inclusive
