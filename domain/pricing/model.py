"""A price and the closed set of models it may follow; `rate` and `increment` ask the right one.

To add a model: its file (with `ensure_fits` where tiers alone do not say it all, and `reckon`), a member of
PriceModel, and the `case` lines that the type checker then asks for here. Nothing else in the house knows one model
from another.
"""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import assert_never

from domain.errors import InvalidInput
from domain.ids import PriceId
from domain.money import exponent
from domain.periods import BillingInterval
from domain.pricing import flat, graduated, package, per_unit, percentage, volume
from domain.pricing.quantity import exact_quantity, quantity_words
from domain.pricing.rated import Rated, Reckoning, Term, rated, recompute
from domain.pricing.tier import PriceTier, ensure_reaching

__all__ = ["Price", "PriceModel", "PriceTier", "Rated", "Term", "increment", "rate", "recompute"]


class PriceModel(StrEnum):
    """How a quantity becomes an amount."""

    FLAT = "FLAT"
    PER_UNIT = "PER_UNIT"
    GRADUATED = "GRADUATED"
    VOLUME = "VOLUME"
    PACKAGE = "PACKAGE"
    PERCENTAGE = "PERCENTAGE"


@dataclass(frozen=True, slots=True)
class Price:
    """What one component of a plan version costs per interval, in one currency. Immutable once published.

    `tax_inclusive`: its amounts include tax. `package_size`: of a PACKAGE, whose tier's unit amount is the price of a
    package. `percent` (of a PERCENTAGE; 0 to 100, four decimals), `minimum_minor` and `maximum_minor` (its own bounds
    per charge). Raises InvalidInput, naming the field or the tier, for tiers with gaps or overlaps, and for values
    that the model lacks or has no use for; UnknownCurrency.
    """

    id: PriceId
    component: str
    currency: str
    interval: BillingInterval
    model: PriceModel
    tiers: tuple[PriceTier, ...]
    tax_inclusive: bool = False
    package_size: int | None = None
    percent: Decimal | None = None
    minimum_minor: int | None = None
    maximum_minor: int | None = None

    def __post_init__(self) -> None:
        exponent(self.currency)
        ensure_reaching(self.tiers)
        self._ensure_no_use_for()
        match self.model:
            case PriceModel.FLAT:
                flat.ensure_fits(self.tiers)
            case PriceModel.PER_UNIT:
                per_unit.ensure_fits(self.tiers)
            case PriceModel.GRADUATED | PriceModel.VOLUME:
                pass  # any tiers that reach every quantity will do
            case PriceModel.PACKAGE:
                package.ensure_fits(self.tiers, self.package_size)
            case PriceModel.PERCENTAGE:
                percentage.ensure_fits(self.tiers, self.percent, self.minimum_minor, self.maximum_minor)
            case _:
                assert_never(self.model)

    def _ensure_no_use_for(self) -> None:
        """Refuse values of another model: they would be stored, shown, and never charged."""
        for field, model, value in (
            ("package_size", PriceModel.PACKAGE, self.package_size),
            ("percent", PriceModel.PERCENTAGE, self.percent),
            ("minimum_minor", PriceModel.PERCENTAGE, self.minimum_minor),
            ("maximum_minor", PriceModel.PERCENTAGE, self.maximum_minor),
        ):
            if value is not None and self.model is not model:
                raise InvalidInput((field,), f"Only a {model} price has it, not a {self.model} one.", value)

    @property
    def is_free(self) -> bool:
        """Whether no quantity at this price ever costs anything."""
        if self.maximum_minor == 0:
            return True
        return (
            not self.percent and not self.minimum_minor and all(not tier.unit and not tier.flat for tier in self.tiers)
        )


def rate(price: Price, quantity: int | Decimal | Fraction) -> Rated:
    """What `quantity` units cost for one whole interval: rounded once, with the numbers it came from.

    Of a PERCENTAGE the quantity is the amount measured, in minor units. Measured quantities may have six decimals;
    items are bought whole, which is their component's to check. Raises InvalidInput(("quantity",), …) for a quantity
    that is negative, inexact, finer than that, or not sold so (a FLAT price is sold once).
    """
    exact = exact_quantity(quantity)
    if price.model is PriceModel.FLAT:
        return flat.rate(price.tiers, price.currency, exact)
    return rated(exact, _reckon(price, Fraction(0), exact), price.currency)


def increment(price: Price, already: int | Decimal | Fraction, more: int | Decimal | Fraction) -> Rated:
    """What `more` units cost on top of the first `already`: rate(already + more) − rate(already), exact, then rounded.

    For usage that a plan change splits: tiers count on over the whole period, whichever version priced the first part
    (law L7). `quantity` of the answer is `more`. The amount of a VOLUME price may be negative: the tier reached makes
    the first units cheaper too. Raises InvalidInput naming `already` or `quantity`, also for a FLAT price, which
    has no use to count.
    """
    before, exact = exact_quantity(already, "already"), exact_quantity(more)
    reckoning = _reckon(price, before, exact)
    if before and reckoning.terms:
        reckoning = Reckoning(reckoning.terms, f"Counting on from {quantity_words(before)}: {reckoning.words}")
    return rated(exact, reckoning, price.currency)


def _reckon(price: Price, already: Fraction, more: Fraction) -> Reckoning:
    match price.model:
        case PriceModel.FLAT:
            raise InvalidInput(("quantity",), "A flat price does not count what is used.", more)
        case PriceModel.PER_UNIT:
            return per_unit.reckon(price.tiers, price.currency, more)
        case PriceModel.GRADUATED:
            return graduated.reckon(price.tiers, price.currency, already, more)
        case PriceModel.VOLUME:
            return volume.reckon(price.tiers, price.currency, already, more)
        case PriceModel.PACKAGE:
            return package.reckon(price.tiers, price.package_size or 1, price.currency, already, more)
        case PriceModel.PERCENTAGE:
            return percentage.reckon(
                percent=price.percent or Decimal(0),
                fee_minor=price.tiers[0].flat,
                minimum_minor=price.minimum_minor,
                maximum_minor=price.maximum_minor,
                currency=price.currency,
                already=already,
                more=more,
            )
        case _:
            assert_never(price.model)
