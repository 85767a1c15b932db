"""The tax of an invoice: computed once a rate over its lines, then split over them, losing no unit.

Where a price includes tax, tax = gross × rate / (1 + rate) and net = gross − tax; else tax = net × rate. Rounded parts
are never summed: that is how other systems are off by one. Where both sorts of price meet under one rate there are two
totals: one rounding over both would be the stated rule of neither, so that nobody could check it from its base.

Not owned here: which rate counts (tax.py), which lines an invoice has (invoicing).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from domain.errors import InvalidAmount
from domain.money import Money, exact_amount, round_half_away, round_signed_parts
from domain.percent import percent_words
from domain.tax import AppliedTax, TaxTreatment


@dataclass(frozen=True, slots=True)
class Taxable:
    """A line to tax: its stated amount in minor units, negative for a credit or a discount, and how it is taxed.

    `is_inclusive`: the stated amount includes the tax.
    """

    stated_minor: int
    is_inclusive: bool
    applied: AppliedTax


@dataclass(frozen=True, slots=True)
class TaxTotal:
    """The tax of all lines that share a rate, a treatment and an inclusiveness: `tax` is rounded once, over their sum.

    `base` is the net sum, `stated` what the lines state: base + tax where they include it, else base. `exact_minor` is
    the tax before its rounding. A treatment without tax has a total of zero and the sentence that it must carry.
    """

    applied: AppliedTax
    is_inclusive: bool
    stated: Money
    base: Money
    exact_minor: Fraction
    tax: Money
    sentence: str


@dataclass(frozen=True, slots=True)
class TaxedLines:
    """The totals, in the order of their first lines, and each line's own tax in minor units, in the order of lines."""

    taxes: tuple[TaxTotal, ...]
    splits: tuple[int, ...]


_Group = tuple[TaxTreatment, object, Fraction, bool]


def tax_lines(lines: Sequence[Taxable], currency: str) -> TaxedLines:
    """The tax of one document's lines.

    A line's part is less than one minor unit from its own exact tax, has its sign, and is zero for a line of zero; the
    parts of a total sum to it, also where credits and charges stand together. Net of a line is stated − its part where
    it is inclusive, else stated.
    """
    groups: dict[_Group, list[int]] = {}
    for index, line in enumerate(lines):
        key = (line.applied.treatment, line.applied.rate_id, line.applied.percent, line.is_inclusive)
        groups.setdefault(key, []).append(index)
    taxes: list[TaxTotal] = []
    splits = [0] * len(lines)
    for members in groups.values():
        share = _share(lines[members[0]])
        exact = [lines[index].stated_minor * share for index in members]
        for index, part in zip(members, round_signed_parts(exact), strict=True):
            splits[index] = part
        stated = Money(sum(lines[index].stated_minor for index in members), currency)
        taxes.append(_total(lines[members[0]], stated, sum(exact, Fraction(0))))
    return TaxedLines(tuple(taxes), tuple(splits))


def _share(line: Taxable) -> Fraction:
    """The share of its stated amount that is a line's tax, before any rounding."""
    share = line.applied.percent / 100
    return share / (1 + share) if line.is_inclusive else share


def _total(first: Taxable, stated: Money, exact: Fraction) -> TaxTotal:
    tax = Money(round_half_away(exact), stated.currency)
    base = stated - tax if first.is_inclusive else stated
    return TaxTotal(first.applied, first.is_inclusive, stated, base, exact, tax, _sentence(first, stated, exact, tax))


def _sentence(line: Taxable, stated: Money, exact: Fraction, tax: Money) -> str:
    applied = line.applied
    if applied.treatment is not TaxTreatment.STANDARD:
        return applied.sentence
    rate = percent_words(applied.percent / 100)
    if line.is_inclusive:
        # the exact amount may have no last digit, so the fraction stands for it
        parts, whole = (
            percent_words(each / 100).removesuffix(" %") for each in (applied.percent, 100 + applied.percent)
        )
        makes = " =" if exact == tax.minor else ", rounded to"
        return f"{applied.name}: {rate} is in the price, {stated.spoken()} × {parts}/{whole}{makes} {tax.spoken()}."
    result = f"{exact_amount(exact, stated.currency)} {stated.currency}"
    rounded = "" if exact == tax.minor else f", rounded to {tax.spoken()}"
    return f"{applied.name}: {rate} of {stated.spoken()} = {result}{rounded}."


_IN_THE_PRICE, _ON_TOP = ", in the price", ", on top of the price"


def tax_label(total: TaxTotal, totals: Sequence[TaxTotal]) -> str:
    """What a total is called on its document: its tax's name, and which sort of price, where the rate has both."""
    name, applied = total.applied.name, total.applied
    alike = [each for each in totals if _rate_of(each.applied) == _rate_of(applied)]
    if len(alike) == 1 or not applied.percent:
        return name
    return f"{name}{_IN_THE_PRICE if total.is_inclusive else _ON_TOP}"


def tax_name(label: str) -> str:
    """The name of a tax, out of what a total was called."""
    return label.removesuffix(_IN_THE_PRICE).removesuffix(_ON_TOP)


def _rate_of(applied: AppliedTax) -> tuple[object, TaxTreatment]:
    return applied.rate_id, applied.treatment


def credited_tax(
    line_net: int, line_tax: int, credited_net_before: int, credited_tax_before: int, credit_net: int
) -> int:
    """The tax that comes back with a credit of `credit_net` of a line whose net amount and tax are given.

    All in minor units, with the sign of the line (a discount line is negative, and so is what it gives back).
    Rounded cumulatively: the tax of all that was credited so far, this credit included, less what came back before. So
    crediting a line whole, in however many steps, gives back exactly its tax, and never more on the way. It serves
    stated amounts as well as net ones, as long as all three are of one sort. Raises InvalidAmount for a credit of more
    than the line has left, or of the other sign.
    """
    sign = -1 if line_net < 0 or (line_net == 0 and line_tax < 0) else 1
    left = line_net - credited_net_before - credit_net
    if min(sign * credit_net, sign * credited_net_before, sign * left) < 0:
        raise InvalidAmount("A line gives back at most what it has left.", (line_net, credited_net_before, credit_net))
    left_tax = line_tax - credited_tax_before
    if left == 0:
        return left_tax
    due = round_half_away(Fraction(line_tax * (line_net - left), line_net)) - credited_tax_before
    # what an earlier credit gave back may be a unit off this path, because it was split with other lines
    return max(0, min(due, left_tax)) if sign > 0 else min(0, max(due, left_tax))
