"""What discounts take off the lines of a billing period: each computed once as a whole and split over its lines.

It is the step after models, minimums and maximums, and before tax; it works on stated amounts.

Order. Percentages come first, each of what is left, so that "10 % off" is of the price as listed; then fixed amounts,
so that they are worth what they say. Among equals those for one component come before those for everything, because
those can go elsewhere; then the one redeemed earlier, then the smaller id. So the order is total.

Per billing period. A fixed amount and a cap are for one whole billing period. A change in its middle charges a part
of the period, and gets that part of them, less what the lines that stay hold of them over the same time. So they are
never counted twice.

Not owned here: which periods a discount covers (discount.py), and the discount of a credit, which is its original
line's.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from domain.discount import CouponTerms, Discount
from domain.errors import InvalidAmount
from domain.ids import DiscountId
from domain.money import Money, exact_amount, round_half_away, round_signed_parts
from domain.percent import percent_words, share_of

_FINEST_SAID = 10**4
SHARE_DECIMALS = 12  # as finely as a line keeps its basis: the shares of a split are cut to it and still sum


@dataclass(frozen=True, slots=True)
class Discountable:
    """A line that discounts may take from: its stated amount in minor units, and its component if it is of one.

    A MAXIMUM is negative, and takes its part of each discount back.
    """

    stated_minor: int
    component: str | None = None


@dataclass(frozen=True, slots=True)
class DiscountPart:
    """What one discount takes off one line: `minor`, with the sign of the line, so the DISCOUNT line is −minor.

    The parts of one discount are parts of one amount: `exact_minor` (at most twelve decimals) are their exact shares,
    which `round_signed_parts` makes `minor`, in order; `whole_minor` is their sum. `of_minor` is what the line had
    left for it. A part may be 0 where the whole was too small to reach the line: keep it, the others are rounded with
    it.
    """

    line_index: int
    discount_id: DiscountId
    of_minor: int
    exact_minor: Fraction
    minor: int
    whole_minor: int
    sentence: str


def discount_lines(
    lines: Sequence[Discountable],
    discounts: Sequence[Discount],
    currency: str,
    held: Mapping[DiscountId, Fraction | int] | None = None,
    factor: Fraction = Fraction(1),
    said: str | None = None,
) -> tuple[DiscountPart, ...]:
    """What the discounts that cover one billing period take off lines of that period, discount by discount.

    Call it once per billing period and invoice, with:
    - `lines`: the charges that are being written for the period, in stated amounts (those of a change already
      prorated), with its TRUE_UP or MAXIMUM if there is one; never credits, which carry their original's discount;
    - `discounts`: those that cover the period (see `covers`), in any order;
    - `factor`: the time that the lines charge / the whole billing period: 1 for a regular period, remaining / total
      for the charge side of a change. Only fixed amounts and caps look at it; `said` is it exactly in words,
      such as "15 of 30 days";
    - `held`: what discount lines written before hold of each discount over that same time, exact, in minor units: of
      each, net of what was given back, the part of its service that the time covers. Nothing for the first lines of
      a period. For usage charged at a period's close, factor 1 and all that the period's discount lines hold.

    A discount never takes more than its lines have left (law L4): 100 % leaves exactly 0, and what a fixed amount
    cannot use is lost. Returns the parts in the order of discounts and then of lines, none for a line that a discount
    does not reach. Raises InvalidAmount for a factor outside [0, 1].

    Example: 10.00 off; 100.00 a month becomes 300.00 at half. The credit is net of the half of its own 10.00: −45.00.
    The charge is 150.00, factor 1/2, nothing held: less 5.00.
    """
    if not 0 <= factor <= 1:
        raise InvalidAmount("A factor is at least 0 and at most 1.", factor)
    left = [line.stated_minor for line in lines]
    parts: list[DiscountPart] = []
    for discount in sorted(discounts, key=_order):
        already = max(Fraction(0), Fraction((held or {}).get(discount.id, 0)))
        reached = [
            index for index, line in enumerate(lines) if left[index] and discount.terms.takes_from(line.component)
        ]
        whole, shares = _shares(discount.terms, [left[index] for index in reached], already, factor)
        together = f", one of {len(shares)} parts of {Money(whole, currency).spoken()} rounded together"
        minors = round_signed_parts(shares)
        if not any(minors):
            continue
        for index, share, minor in zip(reached, shares, minors, strict=True):
            words = _words(discount.terms, Money(left[index], currency), factor, said, already)
            off = f"{Money(minor, currency).spoken()} off{together if len(shares) > 1 else ''}"
            says = f"{discount.terms.name} ({discount.terms.code}): {words}: {off}."
            parts.append(DiscountPart(index, discount.id, left[index], share, minor, whole, says))
            left[index] -= minor
    return tuple(parts)


def _order(discount: Discount) -> tuple[bool, bool, datetime, DiscountId]:
    terms = discount.terms
    return terms.percent is None, terms.component is None, discount.redeemed_at, discount.id


def _shares(
    terms: CouponTerms, left: Sequence[int], held: Fraction, factor: Fraction
) -> tuple[int, tuple[Fraction, ...]]:
    """The whole of one discount and each line's exact share of it; no shares where it takes nothing."""
    limit = terms.amount or terms.cap
    budget = None if limit is None else max(0, round_half_away(limit.minor * factor - held))
    if terms.percent is not None:
        shares = tuple(minor * share_of(terms.percent) for minor in left)
        whole = round_half_away(sum(shares, Fraction(0)))
        if budget is None or whole <= budget:
            return whole, shares
    whole = min(budget or 0, max(0, sum(left)))
    return whole, _split(whole, left) if whole else ()


def _split(whole: int, left: Sequence[int]) -> tuple[Fraction, ...]:
    """`whole` in proportion to what the lines have left (more than it), cut to SHARE_DECIMALS so that it still sums."""
    finest = 10**SHARE_DECIMALS
    shares = round_signed_parts([Fraction(whole * finest * minor, sum(left)) for minor in left])
    return tuple(Fraction(share, finest) for share in shares)


def _words(terms: CouponTerms, of: Money, factor: Fraction, said: str | None, held: Fraction) -> str:
    """The numbers that a part is made from: "10 % of 120.00 EUR", "10.00 EUR a billing period, 15 of 30 days of it"."""
    limit = terms.amount or terms.cap
    words = "" if terms.percent is None else f"{percent_words(share_of(terms.percent))} of {of.spoken()}"
    if limit is None:
        return words
    words = f"{words}, at most {limit.spoken()} a billing period" if words else f"{limit.spoken()} a billing period"
    if factor != 1:
        words += f", {said or factor} of it here"
    if held:
        # as finely as decides the amount, which is this limit's share less it, rounded once
        fine = Fraction(round_half_away(held * _FINEST_SAID), _FINEST_SAID)
        words += f", {exact_amount(fine, limit.currency)} {limit.currency} of it on lines before"
    return words
