"""Parts of one amount: whether they share it out by largest remainder, losing no unit.

Owns the question for parts that stand in one document, in a known order, and for parts that are spread over several
documents, where only ties among equal remainders are free. The split itself is domain/money's.
"""

from collections.abc import Sequence
from fractions import Fraction

from domain.money import round_half_away, round_signed_parts


def whole_of(exact: Sequence[Fraction]) -> int:
    """What parts come to together: their exact sum, rounded once."""
    return round_half_away(sum(exact, Fraction(0)))


def is_shared_out(exact: Sequence[Fraction], parts: Sequence[int]) -> bool:
    """Whether `parts` are what these exact shares are split into, whoever of equals got the unit."""
    derived = round_signed_parts(exact)
    return _shape(exact, derived) == _shape(exact, parts)


def _shape(exact: Sequence[Fraction], parts: Sequence[int]) -> list[tuple[Fraction, bool, int]]:
    """Each part by its remainder, its sign and where it was rounded to; equals are interchangeable."""
    return sorted(
        (share - share.__floor__(), share < 0, part - share.__floor__())
        for share, part in zip(exact, parts, strict=True)
    )
