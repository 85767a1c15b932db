"""VOLUME: the tier that the quantity reaches prices all units. So one unit more may cost less altogether.

The flat amount of that tier, and of no other, is due with it; no unit, no flat.
"""

from fractions import Fraction

from domain.pricing.rated import Reckoning, Term, less, sum_words
from domain.pricing.tier import PriceTier, spans, tier_words


def reckon(tiers: tuple[PriceTier, ...], currency: str, already: Fraction, more: Fraction) -> Reckoning:
    """All units at the tier reached; of an increment less what the first `already` came to, which may be more."""
    whole = _all(tiers, currency, already + more)
    return less(whole, _all(tiers, currency, already), already, currency) if already else whole


def _all(tiers: tuple[PriceTier, ...], currency: str, quantity: Fraction) -> Reckoning:
    if quantity == 0:
        return Reckoning((), sum_words((), currency))
    index = next(index for index, (_, tier) in enumerate(spans(tiers)) if tier.up_to is None or quantity <= tier.up_to)
    tier, label = tiers[index], tier_words(tiers, index)
    term = Term(label, quantity, None if tier.unit is None else Fraction(tier.unit), tier.flat)
    return Reckoning((term,), f"{sum_words((term,), currency)} ({label})")
