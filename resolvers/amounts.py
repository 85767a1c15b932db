"""Money of computed answers, as the graph's Money reads it: rows bring theirs already written."""

from dataclasses import dataclass
from fractions import Fraction

from domain.money import Money, exact_amount


@dataclass(frozen=True, slots=True)
class Amount:
    """The two fields of the graph's Money, and of its UnitPrice."""

    amount: str
    currency_code: str


def amount(money: Money) -> Amount:
    """A domain value as the graph's Money reads it."""
    return Amount(money.amount(), money.currency)


def fine_amount(minor: Fraction | int, currency: str) -> Amount:
    """An exact amount in minor units as the graph's UnitPrice reads it, with every digit it has."""
    return Amount(exact_amount(minor, currency), currency)
