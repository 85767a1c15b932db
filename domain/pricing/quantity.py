"""Quantities: whole ones of what is sold by the piece, and measured ones down to a millionth.

Owns what a quantity may be and how it is shown. Which quantities a model is sold in is the model's own business.
"""

from decimal import Decimal
from fractions import Fraction

from domain.errors import InvalidInput, quoted
from domain.money import MAX_MINOR

QUANTITY_DECIMALS = 6  # as finely as a meter measures
_FINEST_EXPONENT = 28  # trailing zeros up to here are read; beyond, a text is an attack and no measurement


def exact_quantity(quantity: int | Decimal | Fraction, field: str = "quantity") -> Fraction:
    """A quantity as an exact fraction.

    Raises InvalidInput naming `field` for one that is negative, of another type (a float or a bool too), not finite,
    finer than QUANTITY_DECIMALS decimals, or of more than eighteen digits.
    """
    if type(quantity) in (int, Decimal, Fraction) and _is_in_bounds(quantity):
        exact = Fraction(quantity)
        if (exact * 10**QUANTITY_DECIMALS).denominator == 1:
            return exact
    raise InvalidInput(
        (field,),
        f"A quantity is a number from 0 with at most {QUANTITY_DECIMALS} decimals, not {quoted(quantity)}.",
        quantity,
    )


def _is_in_bounds(quantity: int | Decimal | Fraction) -> bool:
    if isinstance(quantity, Decimal):
        decimals = quantity.as_tuple().exponent
        if not isinstance(decimals, int) or -decimals > _FINEST_EXPONENT:  # no number at all, or absurdly fine
            return False
    return 0 <= quantity <= MAX_MINOR


def quantity_words(quantity: Fraction) -> str:
    """A quantity as a sentence shows it: "150", "0.5", "1.000001". It is one that `exact_quantity` gave."""
    whole, part = divmod(quantity, 1)
    decimals = f"{int(part * 10**QUANTITY_DECIMALS):0{QUANTITY_DECIMALS}}".rstrip("0")
    return f"{whole}.{decimals}" if decimals else f"{whole}"
