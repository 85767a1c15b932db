"""FLAT: one fee for the thing itself, whatever happens inside. Its quantity is always 1."""

from fractions import Fraction

from domain.errors import InvalidInput
from domain.money import Money
from domain.pricing.quantity import quantity_words
from domain.pricing.rated import Rated, Term
from domain.pricing.tier import PriceTier


def ensure_fits(tiers: tuple[PriceTier, ...]) -> None:
    """Refuse tiers that are no flat price: it is one tier with a flat amount only. Raises InvalidInput."""
    if len(tiers) != 1 or tiers[0].unit is not None:
        raise InvalidInput(("tiers",), "A flat price is one tier with a flat amount and no unit amount.", tiers)


def rate(tiers: tuple[PriceTier, ...], currency: str, quantity: Fraction) -> Rated:
    """The fee. Raises InvalidInput for any quantity but 1: two of a flat thing are two items."""
    if quantity != 1:
        sold = quantity_words(quantity)
        raise InvalidInput(("quantity",), f"A flat price is sold once, not {sold} times.", quantity)
    fee = Money(tiers[0].flat, currency)
    return Rated(quantity, (Term("flat fee", quantity, None, fee.minor),), fee, f"A flat fee of {fee.spoken()}.")
