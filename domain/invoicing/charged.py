"""What a billing period has been charged so far, before tax: what a spend cap is held against.

Owns which lines count: those whose service began in the period, less their discounts and whatever came back of them.
Use is charged when its period closes, and counts from then on; charges by hand belong to no period.
"""

from collections.abc import Iterable

from domain.invoicing.debited import DebitedLine
from domain.money import Money
from domain.periods import Period


def charged_in(period: Period, debits: Iterable[DebitedLine], currency: str) -> Money:
    """The sum of what the lines of one billing period stand at, before tax; `debits` may reach beyond it."""
    return Money(sum(_net_minor(each) for each in debits if period.contains(each.service.start)), currency)


def _net_minor(line: DebitedLine) -> int:
    stands = line.debited.minor - line.credited.minor
    return stands - (line.tax_minor - line.credited_tax_minor) if line.tax_inclusive else stands
