"""PER_UNIT: every unit costs the same, such as seats. Rounded once, on the product."""

from fractions import Fraction

from domain.errors import InvalidInput
from domain.money import Money, fine_amount, round_half_away
from domain.pricing.rated import Rated, exact_product
from domain.pricing.tier import PriceTier


def ensure_fits(tiers: tuple[PriceTier, ...]) -> None:
    """Refuse tiers that are no per-unit price: it is one tier with a unit amount only. Raises InvalidInput."""
    if len(tiers) != 1 or tiers[0].unit is None or tiers[0].flat != 0:
        raise InvalidInput(("tiers",), "A per-unit price is one tier with a unit amount and no flat amount.", tiers)


def rate(tiers: tuple[PriceTier, ...], currency: str, quantity: int) -> Rated:
    """quantity × unit amount. Raises InvalidInput where the product is more than an invoice can hold."""
    unit = Fraction(tiers[0].unit or 0)
    product = exact_product(quantity, unit, 0)
    amount = Money(round_half_away(product), currency)
    exact = fine_amount(product, currency)
    sentence = f"{quantity} × {fine_amount(unit, currency)} {currency} = {exact} {currency}"
    rounded = "" if product == amount.minor else f", rounded to {amount.spoken()}"
    return Rated(quantity, unit, 0, product, amount, f"{sentence}{rounded}.")
