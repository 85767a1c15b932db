"""PERCENTAGE: a share of an amount that a meter measured in minor units, with an optional fixed fee and bounds.

The tier's flat amount is the fixed fee. Fee, minimum and maximum are due once the amount is more than 0.
"""

from decimal import Decimal
from fractions import Fraction

from domain.errors import InvalidInput
from domain.money import Money, exact_amount
from domain.percent import percent_words, share_of
from domain.pricing.bounds import Bound
from domain.pricing.rated import Reckoning, Term, less, sum_words
from domain.pricing.tier import PriceTier


def ensure_fits(
    tiers: tuple[PriceTier, ...], percent: Decimal | None, minimum_minor: int | None, maximum_minor: int | None
) -> None:
    """Refuse what is no percentage: a percent, one tier for the fixed fee, bounds in order. Raises InvalidInput."""
    if len(tiers) != 1 or tiers[0].unit is not None:
        raise InvalidInput(("tiers",), "A percentage has one tier, with the fixed fee and no unit amount.", tiers)
    if percent is None:
        raise InvalidInput(("percent",), "A percentage says which percent.", percent)
    share_of(percent)
    Bound(minimum_minor, maximum_minor)


def reckon(
    percent: Decimal,
    fee_minor: int,
    minimum_minor: int | None,
    maximum_minor: int | None,
    currency: str,
    already: Fraction,
    more: Fraction,
) -> Reckoning:
    """The share of the whole amount; of an increment less what the first `already` minor units came to."""

    def of(amount: Fraction) -> Reckoning:
        return _bounded(share_of(percent), fee_minor, minimum_minor, maximum_minor, currency, amount)

    return less(of(already + more), of(already), already, currency) if already else of(more)


def _bounded(
    share: Fraction, fee: int, minimum: int | None, maximum: int | None, currency: str, amount: Fraction
) -> Reckoning:
    if amount == 0:
        return Reckoning((), sum_words((), currency))
    term = Term(percent_words(share), amount, share, fee)
    words = f"{percent_words(share)} of {exact_amount(amount, currency)} {currency}"
    if fee:
        words += f" + {Money(fee, currency).spoken()} flat"
    for label, bound in (("at least", minimum), ("at most", maximum)):
        gap = Fraction(bound or 0) - term.exact_minor
        if bound is not None and (gap > 0 if label == "at least" else gap < 0):
            told = f"{label} {Money(bound, currency).spoken()}"
            return Reckoning((term, Term(told, Fraction(1), gap, 0)), f"{words} ({told})")
    return Reckoning((term,), words)
