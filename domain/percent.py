"""Percents: how people write a share of a hundred, read exactly and written without a digit too many.

Owns what a percent may be and how it is shown. Does not own what it is of: prices, discounts and tax rates say that.
"""

from decimal import Decimal
from fractions import Fraction

from domain.errors import InvalidInput, quoted

PERCENT_DECIMALS = 4  # 8.8750 % is a tax rate that exists; finer ones do not
_FINEST_EXPONENT = 28  # trailing zeros up to here are read; beyond, a text is an attack and no percent


def share_of(percent: Decimal, path: tuple[str, ...] = ("percent",)) -> Fraction:
    """A percent as an exact share: Decimal("2.9") is 29/1000.

    Raises InvalidInput naming `path` for what is no Decimal, is below 0 or above 100, or has more than
    PERCENT_DECIMALS decimals.
    """
    if type(percent) is Decimal and percent.is_finite() and 0 <= percent <= 100:
        decimals = percent.as_tuple().exponent
        if isinstance(decimals, int) and -decimals <= _FINEST_EXPONENT:
            exact = Fraction(percent)
            if (exact * 10**PERCENT_DECIMALS).denominator == 1:
                return exact / 100
    raise InvalidInput(
        path, f"A percent is 0 to 100 with at most {PERCENT_DECIMALS} decimals, not {quoted(percent)}.", percent
    )


def percent_words(share: Fraction) -> str:
    """A share as a sentence shows it: 29/1000 is "2.9 %", 19/100 is "19 %". It is one that `share_of` gave."""
    whole, part = divmod(share * 100, 1)
    decimals = f"{int(part * 10**PERCENT_DECIMALS):0{PERCENT_DECIMALS}}".rstrip("0")
    return f"{whole}.{decimals} %" if decimals else f"{whole} %"
