"""A priced quantity that can be checked: the amount beside the numbers it was made from.

Owns the arithmetic's form as data, its one rounding, its sentence and its recomputation (law L8). Does not own which
terms a model puts in.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from domain.errors import InvalidInput
from domain.money import MAX_MINOR, Money, exact_amount, round_half_away
from domain.pricing.quantity import quantity_words


@dataclass(frozen=True, slots=True)
class Term:
    """One step of the arithmetic: quantity × unit + flat, in minor units, exact; `label` says which step it is.

    `unit` is None where the step does not depend on the quantity. A step that takes away has a negative unit.
    """

    label: str
    quantity: Fraction
    unit: Fraction | None
    flat: int

    @property
    def exact_minor(self) -> Fraction:
        """What the step comes to before any rounding."""
        return self.quantity * (self.unit or 0) + self.flat


@dataclass(frozen=True, slots=True)
class Reckoning:
    """What a model makes of a quantity, before the rounding: its terms, and the words for them without the result."""

    terms: tuple[Term, ...]
    words: str

    @property
    def exact_minor(self) -> Fraction:
        """The sum of the terms."""
        return exact_sum(self.terms)


@dataclass(frozen=True, slots=True)
class Rated:
    """What a quantity costs and why: amount = round_half_away(the sum of the terms).

    `terms` are in minor units and exact; no term, no money. `sentence` says the same to a customer, with the numbers.
    The amount is negative only for an increment that makes what came before cheaper (see `increment`).
    """

    quantity: Fraction
    terms: tuple[Term, ...]
    amount: Money
    sentence: str

    @property
    def product(self) -> Fraction:
        """The amount before its one rounding, in minor units."""
        return exact_sum(self.terms)

    @property
    def unit(self) -> Fraction | None:
        """The price of a unit where one holds for all of them: then product = quantity × unit + flat. Else None."""
        if len(self.terms) == 1 and self.terms[0].quantity == self.quantity:
            return self.terms[0].unit
        return None

    @property
    def flat(self) -> int:
        """The fixed amounts of all terms together, in minor units."""
        return sum(term.flat for term in self.terms)


def exact_sum(terms: Sequence[Term]) -> Fraction:
    """What terms come to together, before rounding, in minor units."""
    return sum((term.exact_minor for term in terms), Fraction(0))


def rated(quantity: Fraction, reckoning: Reckoning, currency: str) -> Rated:
    """The reckoning rounded, once, and told. Raises InvalidInput where no ledger could hold the product."""
    product = reckoning.exact_minor
    if abs(product) > MAX_MINOR:
        raise InvalidInput(
            ("quantity",), f"{quantity_words(quantity)} units come to more than an invoice can hold.", quantity
        )
    amount = Money(round_half_away(product), currency)
    result = f"{exact_amount(product, currency)} {currency}"
    rounded = "" if product == amount.minor else f", rounded to {amount.spoken()}"
    makes = " =" if reckoning.terms else ":"
    return Rated(quantity, reckoning.terms, amount, f"{reckoning.words}{makes} {result}{rounded}.")


def term_words(term: Term, currency: str) -> str:
    """A term as a sentence shows it: "100 × 0.10 EUR", "100 × 0.10 EUR + 5.00 EUR flat", "5.00 EUR flat"."""
    flat = f"{Money(term.flat, currency).spoken()} flat"
    if term.unit is None and term.flat:
        return flat
    units = f"{quantity_words(term.quantity)} × {exact_amount(term.unit or 0, currency)} {currency}"
    return f"{units} + {flat}" if term.flat else units


def sum_words(terms: Sequence[Term], currency: str) -> str:
    """Terms as a sum: "100 × 0.10 EUR + 50 × 0.05 EUR"; "Nothing used" where there is none."""
    return " + ".join(term_words(term, currency) for term in terms) or "Nothing used"


def less(whole: Reckoning, before: Reckoning, already: Fraction, currency: str) -> Reckoning:
    """An increment for models whose units have no price of their own: the whole, less what came before."""
    taken = before.exact_minor
    count = quantity_words(already)
    term = Term(f"less the first {count}", Fraction(1), -taken, 0)
    words = f"{whole.words}, less {exact_amount(taken, currency)} {currency} for the first {count}"
    return Reckoning((*whole.terms, term), words)


def recompute(rated: Rated) -> Money:
    """The amount again, from the terms alone; equal to `rated.amount` or the explanation is wrong."""
    return Money(round_half_away(exact_sum(rated.terms)), rated.amount.currency)
