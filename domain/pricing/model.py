"""A price and the closed set of models it may follow; `rate` asks the right one.

To add a model: its file (with `ensure_fits` and `rate`), a member of PriceModel, and the two `case` lines that the
type checker then asks for here. Nothing else in the house knows one model from another.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import assert_never

from domain.errors import InvalidInput, quoted
from domain.ids import PriceId
from domain.money import exponent
from domain.periods import BillingInterval
from domain.pricing import flat, per_unit
from domain.pricing.rated import Rated, recompute
from domain.pricing.tier import PriceTier, ensure_reaching

__all__ = ["Price", "PriceModel", "PriceTier", "Rated", "rate", "recompute"]


class PriceModel(StrEnum):
    """How a quantity becomes an amount."""

    FLAT = "FLAT"
    PER_UNIT = "PER_UNIT"


@dataclass(frozen=True, slots=True)
class Price:
    """What one component of a plan version costs per interval, in one currency. Immutable once published.

    Raises InvalidInput, naming the tier, for tiers with gaps or overlaps or of another model; UnknownCurrency.
    """

    id: PriceId
    component: str
    currency: str
    interval: BillingInterval
    model: PriceModel
    tiers: tuple[PriceTier, ...]

    def __post_init__(self) -> None:
        exponent(self.currency)
        ensure_reaching(self.tiers)
        match self.model:
            case PriceModel.FLAT:
                flat.ensure_fits(self.tiers)
            case PriceModel.PER_UNIT:
                per_unit.ensure_fits(self.tiers)
            case _:
                assert_never(self.model)

    @property
    def is_free(self) -> bool:
        """Whether no quantity at this price ever costs anything."""
        return all(not tier.unit and not tier.flat for tier in self.tiers)


def rate(price: Price, quantity: int) -> Rated:
    """What `quantity` units cost for one whole interval: rounded once, with the numbers it came from.

    Raises InvalidInput(("quantity",), …) for a quantity that is negative, no whole number, or not sold so.
    """
    if type(quantity) is not int or quantity < 0:
        raise InvalidInput(("quantity",), f"A quantity is a whole number from 0, not {quoted(quantity)}.", quantity)
    match price.model:
        case PriceModel.FLAT:
            return flat.rate(price.tiers, price.currency, quantity)
        case PriceModel.PER_UNIT:
            return per_unit.rate(price.tiers, price.currency, quantity)
        case _:
            assert_never(price.model)
