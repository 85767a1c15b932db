"""A priced quantity that can be checked: the amount beside the numbers it was made from.

Owns the arithmetic's form as data and its recomputation (law L8). Does not own which numbers a model puts in.
"""

from dataclasses import dataclass
from fractions import Fraction

from domain.errors import InvalidInput
from domain.money import MAX_MINOR, Money, round_half_away


@dataclass(frozen=True, slots=True)
class Rated:
    """What a quantity costs and why: amount = round_half_away(quantity × unit + flat).

    `unit`, `flat` and `product` are in minor units and exact, `product` being the amount before its one rounding;
    `unit` is None where the price does not depend on the quantity. `sentence` says the same to a customer.
    """

    quantity: int
    unit: Fraction | None
    flat: int
    product: Fraction
    amount: Money
    sentence: str


def exact_product(quantity: int, unit: Fraction | None, flat: int) -> Fraction:
    """The amount before rounding, in minor units. Raises InvalidInput where no ledger could hold it."""
    product = Fraction(flat) if unit is None else quantity * unit + flat
    if abs(product) > MAX_MINOR:
        raise InvalidInput(("quantity",), f"{quantity} units come to more than an invoice can hold.", quantity)
    return product


def recompute(rated: Rated) -> Money:
    """The amount again, from quantity, unit and flat alone; equal to `rated.amount` or the explanation is wrong."""
    return Money(round_half_away(exact_product(rated.quantity, rated.unit, rated.flat)), rated.amount.currency)
