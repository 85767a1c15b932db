"""A tier of a price: up to which quantity it reaches and what it asks there.

Owns what any tier must satisfy. Which tiers a model wants is the model's own file's business.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from domain.errors import InvalidInput, quoted
from domain.money import MAX_MINOR, UNIT_DECIMALS

MAX_TIERS = 20  # the graph shows a price's tiers whole, without pages


@dataclass(frozen=True, slots=True)
class PriceTier:
    """Up to and including `up_to` units (None: without end), `unit` each plus `flat` once a unit falls in.

    `unit` and `flat` are in minor units; a unit may be finer than one, down to UNIT_DECIMALS decimals, and None means
    that units cost nothing apart. Raises InvalidInput for a negative, infinite or too fine amount.
    """

    up_to: int | None
    unit: Decimal | None
    flat: int = 0

    def __post_init__(self) -> None:
        if self.up_to is not None and not (type(self.up_to) is int and self.up_to >= 1):
            raise InvalidInput(("up_to",), "A tier reaches at least one unit, and a whole one.", self.up_to)
        if type(self.flat) is not int or not 0 <= self.flat <= MAX_MINOR:
            raise InvalidInput(("flat",), f"A flat amount is never negative or endless, not {self.flat}.", self.flat)
        if self.unit is not None and not _is_unit_amount(self.unit):
            raise InvalidInput(
                ("unit",),
                f"A unit amount is zero or more with at most {UNIT_DECIMALS} decimals, not {quoted(self.unit)}.",
                self.unit,
            )


def _is_unit_amount(unit: Decimal) -> bool:
    if type(unit) is not Decimal or not unit.is_finite() or not 0 <= unit <= MAX_MINOR:
        return False
    decimals = unit.as_tuple().exponent
    return isinstance(decimals, int) and -decimals <= UNIT_DECIMALS


def ensure_reaching(tiers: tuple[PriceTier, ...]) -> None:
    """Refuse tiers that leave a quantity without a tier, or with two. Raises InvalidInput naming the tier."""
    if not tiers:
        raise InvalidInput(("tiers",), "A price has at least one tier.", tiers)
    if len(tiers) > MAX_TIERS:
        raise InvalidInput(("tiers",), f"A price has at most {MAX_TIERS} tiers.", len(tiers))
    reached = 0
    for index, tier in enumerate(tiers):
        is_last = index == len(tiers) - 1
        if (tier.up_to is None) != is_last:
            raise InvalidInput(("tiers", str(index), "up_to"), "The last tier, and no other, has no end.", tier)
        if tier.up_to is not None and tier.up_to <= reached:
            raise InvalidInput(("tiers", str(index), "up_to"), "Each tier ends above the one before.", tier)
        reached = tier.up_to or reached


def spans(tiers: Sequence[PriceTier]) -> Iterator[tuple[int, PriceTier]]:
    """Each tier with the number of units below it: it prices those after that, up to and including its own end."""
    below = 0
    for tier in tiers:
        yield below, tier
        below = tier.up_to or below


def tier_words(tiers: Sequence[PriceTier], index: int) -> str:
    """ "tier 2: 101 to 1000": how the arithmetic names a tier. The last one is "tier 3: 1001 and more"."""
    first = (tiers[index - 1].up_to or 0) + 1 if index else 1
    last = tiers[index].up_to
    if last is None:
        return f"tier {index + 1}: {first} and more"
    return f"tier {index + 1}: {first}" if last == first else f"tier {index + 1}: {first} to {last}"
