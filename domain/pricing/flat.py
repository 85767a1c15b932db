"""FLAT: one fee for the thing itself, whatever happens inside. Its quantity is always 1."""

from domain.errors import InvalidInput
from domain.money import Money
from domain.pricing.rated import Rated, exact_product
from domain.pricing.tier import PriceTier


def ensure_fits(tiers: tuple[PriceTier, ...]) -> None:
    """Refuse tiers that are no flat price: it is one tier with a flat amount only. Raises InvalidInput."""
    if len(tiers) != 1 or tiers[0].unit is not None:
        raise InvalidInput(("tiers",), "A flat price is one tier with a flat amount and no unit amount.", tiers)


def rate(tiers: tuple[PriceTier, ...], currency: str, quantity: int) -> Rated:
    """The fee. Raises InvalidInput for any quantity but 1: two of a flat thing are two items."""
    if quantity != 1:
        raise InvalidInput(("quantity",), f"A flat price is sold once, not {quantity} times.", quantity)
    fee = Money(tiers[0].flat, currency)
    product = exact_product(quantity, None, fee.minor)
    return Rated(quantity, None, fee.minor, product, fee, f"A flat fee of {fee.spoken()}.")
