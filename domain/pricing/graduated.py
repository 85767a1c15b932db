"""GRADUATED: each tier prices its own units. The 101st unit costs what tier 2 says, the first 100 what tier 1 does.

A tier's flat amount is due once a unit falls in it; no unit, no flat.
"""

from fractions import Fraction

from domain.pricing.rated import Reckoning, Term, sum_words
from domain.pricing.tier import PriceTier, spans, tier_words


def reckon(tiers: tuple[PriceTier, ...], currency: str, already: Fraction, more: Fraction) -> Reckoning:
    """The units after the first `already`, `more` of them, each in the tier it falls in: one term a tier reached.

    A tier that was reached before has had its flat amount then.
    """
    terms: list[Term] = []
    reached = already + more
    for index, (below, tier) in enumerate(spans(tiers)):
        from_unit = max(already, Fraction(below))
        to_unit = reached if tier.up_to is None else min(reached, Fraction(tier.up_to))
        if to_unit > from_unit:
            flat = tier.flat if already <= below else 0
            unit = None if tier.unit is None else Fraction(tier.unit)
            terms.append(Term(tier_words(tiers, index), to_unit - from_unit, unit, flat))
    return Reckoning(tuple(terms), sum_words(terms, currency))
