"""PER_UNIT: every unit costs the same, such as seats. Rounded once, on the product."""

from fractions import Fraction

from domain.errors import InvalidInput
from domain.pricing.rated import Reckoning, Term, term_words
from domain.pricing.tier import PriceTier


def ensure_fits(tiers: tuple[PriceTier, ...]) -> None:
    """Refuse tiers that are no per-unit price: it is one tier with a unit amount only. Raises InvalidInput."""
    if len(tiers) != 1 or tiers[0].unit is None or tiers[0].flat != 0:
        raise InvalidInput(("tiers",), "A per-unit price is one tier with a unit amount and no flat amount.", tiers)


def reckon(tiers: tuple[PriceTier, ...], currency: str, more: Fraction) -> Reckoning:
    """`more` × unit amount, whatever was used before."""
    term = Term("units", more, Fraction(tiers[0].unit or 0), 0)
    return Reckoning((term,), term_words(term, currency))
