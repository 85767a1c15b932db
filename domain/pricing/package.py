"""PACKAGE: sold in whole packages, rounded up. The tier's unit amount is the price of one package."""

from fractions import Fraction
from math import ceil

from domain.errors import InvalidInput
from domain.pricing.quantity import quantity_words
from domain.pricing.rated import Reckoning, Term, term_words
from domain.pricing.tier import PriceTier


def ensure_fits(tiers: tuple[PriceTier, ...], package_size: int | None) -> None:
    """Refuse what is no package price: one tier with a unit amount only, and a size. Raises InvalidInput."""
    if len(tiers) != 1 or tiers[0].unit is None or tiers[0].flat != 0:
        raise InvalidInput(("tiers",), "A package price is one tier with a unit amount and no flat amount.", tiers)
    if type(package_size) is not int or package_size < 1:
        raise InvalidInput(("package_size",), "A package holds at least one unit.", package_size)


def reckon(
    tiers: tuple[PriceTier, ...], package_size: int, currency: str, already: Fraction, more: Fraction
) -> Reckoning:
    """The packages opened for `more` units after the first `already`: a package begun is still used up first."""
    packages = Fraction(ceil((already + more) / package_size) - ceil(already / package_size))
    term = Term(f"packages of {package_size}", packages, Fraction(tiers[0].unit or 0), 0)
    return Reckoning((term,), f"{quantity_words(more)} in packages of {package_size}: {term_words(term, currency)}")
