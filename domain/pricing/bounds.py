"""The step after the models: a period's minimum commitment and its maximum, and the line that keeps to them.

A bound holds over everything that is charged for one billing period, on whichever invoices, before discounts and tax
(law L5). Where a plan version was in force for a part of the period only, its bounds count for that part.

Not owned here: which lines count towards a period (invoicing), and the bounds of one percentage charge, which are
its price's own (percentage.py).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from domain.errors import InvalidAmount, InvalidInput
from domain.money import MAX_MINOR, Money, round_half_away
from domain.pricing.rated import Term


@dataclass(frozen=True, slots=True)
class Bound:
    """What a period comes to at least and at most, in minor units; None: no such bound.

    Raises InvalidInput naming `minimum_minor` or `maximum_minor` for one that is negative or no whole number, and for
    a minimum above the maximum.
    """

    minimum_minor: int | None = None
    maximum_minor: int | None = None

    def __post_init__(self) -> None:
        for field, minor in (("minimum_minor", self.minimum_minor), ("maximum_minor", self.maximum_minor)):
            if minor is not None and not (type(minor) is int and 0 <= minor <= MAX_MINOR):
                raise InvalidInput((field,), "A bound is a whole number of minor units from 0.", minor)
        if (
            self.minimum_minor is not None
            and self.maximum_minor is not None
            and self.minimum_minor > self.maximum_minor
        ):
            raise InvalidInput(("minimum_minor",), "The minimum is at most the maximum.", self.minimum_minor)


class BoundKind(StrEnum):
    """Which bound asks for a line; the names are those of the kinds of lines."""

    TRUE_UP = "TRUE_UP"
    MAXIMUM = "MAXIMUM"


@dataclass(frozen=True, slots=True)
class BoundCharge:
    """What brings a period to its bound: positive for a TRUE_UP, negative for a MAXIMUM.

    `kind` None: the period keeps to its bounds by itself, the amount is zero and no line is due. The sum of `terms` is
    the amount: the bound, less what was charged.
    """

    kind: BoundKind | None
    amount: Money
    terms: tuple[Term, ...]
    sentence: str


def prorated_bound(parts: Sequence[tuple[Bound, Fraction]]) -> Bound:
    """The bound of a whole period out of the bounds in force and each one's share of the period's time.

    Each side is summed exactly and rounded once. A part without a minimum asks for nothing in its time; one without a
    maximum, however short, lifts the maximum of the whole, because what it charges has no end. Time without a bound
    at all (a pause) is left out: shares may sum to less than 1. Raises InvalidAmount for a share below 0 or a sum
    above 1.
    """
    in_force = [(bound, share) for bound, share in parts if share != 0]
    if any(share < 0 for _, share in in_force) or sum(share for _, share in in_force) > 1:
        raise InvalidAmount("The shares of a period are at least 0 and sum to at most 1.", tuple(parts))
    minimums = [bound.minimum_minor * share for bound, share in in_force if bound.minimum_minor is not None]
    maximums = [bound.maximum_minor * share for bound, share in in_force if bound.maximum_minor is not None]
    return Bound(
        round_half_away(sum(minimums, Fraction(0))) if minimums else None,
        round_half_away(sum(maximums, Fraction(0))) if in_force and len(maximums) == len(in_force) else None,
    )


def settle(charged: Money, bound: Bound) -> BoundCharge:
    """What is due on top of `charged` so that the period keeps to its bound.

    `charged` is the sum of all lines of the period on all its invoices, credits included, before discounts and tax,
    in stated amounts. Settling again, with the answer among what was charged, asks for nothing more.
    """
    if bound.minimum_minor is not None and charged.minor < bound.minimum_minor:
        return _charge(BoundKind.TRUE_UP, "minimum", bound.minimum_minor, charged)
    if bound.maximum_minor is not None and charged.minor > bound.maximum_minor:
        return _charge(BoundKind.MAXIMUM, "maximum", bound.maximum_minor, charged)
    return BoundCharge(None, Money.zero(charged.currency), (), f"{charged.spoken()} is within the period's bounds.")


def _charge(kind: BoundKind, name: str, bound_minor: int, charged: Money) -> BoundCharge:
    limit = Money(bound_minor, charged.currency)
    amount = limit - charged
    terms = (Term(name, Fraction(1), None, limit.minor), Term("charged before", Fraction(1), None, -charged.minor))
    says = f"The period's {name} of {limit.spoken()}, less {charged.spoken()} charged = {amount.spoken()}."
    return BoundCharge(kind, amount, terms, says)
