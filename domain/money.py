"""Money: an integer of minor units and a currency; the one rounding; the split that loses nothing.

Finer rates live as Decimal or Fraction until `round_half_away` ends them. There is no float on any path and no second
rounding anywhere in the code.

Not owned here: prices (pricing/), shares of time (proration.py), exchange between currencies (not ours at all).
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import lcm
from types import MappingProxyType
from typing import NewType, Self

from domain.errors import CurrencyMismatch, InvalidAmount, InvalidSplit, MalformedAmount, UnknownCurrency, quoted

Currency = NewType("Currency", str)

_DIGITS_AFTER_POINT: Mapping[int, str] = {
    0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF",
    2: (
        "AED ALL AMD AOA ARS AUD AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BWP BZD CAD CHF CNY COP CRC CZK DKK DOP DZD "
        "EGP ETB EUR FJD GBP GEL GHS GTQ HKD HNL HUF IDR ILS INR JMD KES KGS KHR KYD KZT LAK LBP LKR MAD MDL MKD MMK "
        "MNT MOP MUR MVR MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD SAR SCR SEK SGD THB "
        "TRY TTD TWD TZS UAH USD UYU UZS XCD ZAR ZMW"
    ),
    3: "BHD IQD JOD KWD LYD OMR TND",
}
# ISO 4217 code -> digits after the point; a currency that is not here is refused, never guessed at two
EXPONENTS: Mapping[str, int] = MappingProxyType(
    {code: digits for digits, codes in _DIGITS_AFTER_POINT.items() for code in codes.split()}
)

MAX_MINOR = 10**18 - 1  # eighteen digits: every amount fits a 64-bit column with room for a sum of nine
UNIT_DECIMALS = 6  # a unit amount may be finer than a minor unit, down to a millionth of one

_PLAIN_DECIMAL = re.compile(r"-?(0|[1-9][0-9]*)(?:\.([0-9]+))?")


def exponent(currency: str) -> int:
    """The digits a currency has after the point: 2 for USD, 0 for JPY, 3 for KWD. Raises UnknownCurrency."""
    digits = EXPONENTS.get(currency)
    if digits is None:
        raise UnknownCurrency((), f"{quoted(currency)} is not a currency we bill in.", currency)
    return digits


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in one currency. `minor` counts its smallest unit: Money(1000, "USD") is 10.00 dollars.

    Sums and comparisons need one currency on both sides and raise CurrencyMismatch otherwise. The constructor raises
    UnknownCurrency, and InvalidAmount for what is no int or beyond eighteen digits.
    """

    minor: int
    currency: str

    def __post_init__(self) -> None:
        exponent(self.currency)
        if type(self.minor) is not int:  # a bool is an int too, and no amount
            raise InvalidAmount(f"Minor units are whole, not {quoted(self.minor)}.", self.minor)
        if abs(self.minor) > MAX_MINOR:
            raise InvalidAmount("The amount has more than eighteen digits.", self.minor)

    @classmethod
    def zero(cls, currency: str) -> Self:
        """Nothing, in `currency`."""
        return cls(0, currency)

    @classmethod
    def total(cls, amounts: Iterable["Money"], currency: str) -> Self:
        """The sum of `amounts`, which may be none: that is why the currency is named."""
        minor = 0
        for amount in amounts:
            if amount.currency != currency:
                raise CurrencyMismatch(currency, amount.currency)
            minor += amount.minor
        return cls(minor, currency)

    @classmethod
    def parse(cls, text: str, currency: str) -> Self:
        """Read an amount as `amount` writes it: Money.parse("10.00", "USD"), with exactly the currency's digits.

        "10" in dollars is refused, because nobody can tell whether it meant dollars or cents; so are signs other than
        one minus, exponents, NaN and infinity, spaces, leading zeros, and more than eighteen digits. What is read is
        therefore always what `amount` writes back. Raises MalformedAmount, UnknownCurrency.
        """
        digits = exponent(currency)
        match = _PLAIN_DECIMAL.fullmatch(text) if len(text) <= 20 else None  # a sign, a point, eighteen digits
        if match is None or len(match[2] or "") != digits:
            example = Money(1000, currency).amount()
            raise MalformedAmount((), f"{quoted(text)} is not an amount in {currency} such as {example}.", text)
        minor = int(text.replace(".", ""))
        if abs(minor) > MAX_MINOR or (minor == 0 and text.startswith("-")):
            raise MalformedAmount((), f"{quoted(text)} is not an amount of at most eighteen digits.", text)
        return cls(minor, currency)

    @property
    def is_zero(self) -> bool:
        """Whether nothing is owed either way."""
        return self.minor == 0

    def amount(self) -> str:
        """The amount with the currency's digits and no currency: "10.00", "1000", "1.500", "-0.05"."""
        digits = exponent(self.currency)
        sign = "-" if self.minor < 0 else ""
        if digits == 0:
            return f"{sign}{abs(self.minor)}"
        whole, part = divmod(abs(self.minor), 10**digits)
        return f"{sign}{whole}.{part:0{digits}}"

    def spoken(self) -> str:
        """The amount as a sentence says it: "10.00 USD"."""
        return f"{self.amount()} {self.currency}"

    def _same(self, other: "Money") -> int:
        if self.currency != other.currency:
            raise CurrencyMismatch(self.currency, other.currency)
        return other.minor

    def __add__(self, other: "Money") -> "Money":
        return Money(self.minor + self._same(other), self.currency)

    def __sub__(self, other: "Money") -> "Money":
        return Money(self.minor - self._same(other), self.currency)

    def __neg__(self) -> "Money":
        return Money(-self.minor, self.currency)

    def __lt__(self, other: "Money") -> bool:
        return self.minor < self._same(other)

    def __le__(self, other: "Money") -> bool:
        return self.minor <= self._same(other)

    def __gt__(self, other: "Money") -> bool:
        return self.minor > self._same(other)

    def __ge__(self, other: "Money") -> bool:
        return self.minor >= self._same(other)


def round_half_away(exact: Fraction | int) -> int:
    """THE rounding: to the nearest whole minor unit, a half away from zero; symmetric, so credits mirror charges.

    Fraction(5, 2) gives 3 and Fraction(-5, 2) gives -3. Raises InvalidAmount for a float or any inexact type.
    """
    if not isinstance(exact, Fraction | int):
        raise InvalidAmount(f"Only exact numbers are rounded, not {quoted(exact)}.", exact)
    whole, rest = divmod(abs(exact.numerator), exact.denominator)
    nearest = whole + (2 * rest >= exact.denominator)
    return -nearest if exact < 0 else nearest


def allocate(total_minor: int, weights: Sequence[int | Fraction]) -> tuple[int, ...]:
    """Split `total_minor` over `weights` by largest remainder: the parts sum to the total, no unit is lost.

    Each part is its exact share rounded down or up (towards or away from zero), the units left over going to the
    largest remainders and, among equals, to the earliest part. A negative total is split as its mirror image.
    Returns one part a weight, in order. Raises InvalidSplit for a negative weight, or for a total other than zero
    over weights that sum to nothing.
    """
    if any(weight < 0 for weight in weights):
        raise InvalidSplit("Weights are never negative.", tuple(weights))
    scale = lcm(*(weight.denominator for weight in weights))
    whole_weights = [weight.numerator * (scale // weight.denominator) for weight in weights]
    weight_sum = sum(whole_weights)
    if weight_sum == 0:
        if total_minor == 0:
            return (0,) * len(weights)
        raise InvalidSplit("An amount cannot be split over nothing.", tuple(weights))
    shares = [divmod(abs(total_minor) * weight, weight_sum) for weight in whole_weights]
    left = abs(total_minor) - sum(whole for whole, _ in shares)
    receivers = set(sorted(range(len(shares)), key=lambda index: -shares[index][1])[:left])
    sign = -1 if total_minor < 0 else 1
    return tuple(sign * (whole + (index in receivers)) for index, (whole, _) in enumerate(shares))


def round_parts(exact: Sequence[Fraction]) -> tuple[int, ...]:
    """Round the parts of one amount so that they sum to the rounded whole: each down or up, by largest remainder.

    Unlike `allocate` a part that is already whole never moves, so no part exceeds its own bound when that is a whole
    number of minor units (a credit and what its line has left). Parts are all of one sign; raises InvalidSplit
    otherwise. Returns one part an input, in order; among equal remainders the earliest part gets the unit.
    """
    numerators, denominator = _over_one_denominator(exact)
    if any(each < 0 for each in numerators) and any(each > 0 for each in numerators):
        raise InvalidSplit("The parts of one amount have one sign.", tuple(exact))
    total = abs(round_half_away(Fraction(sum(numerators), denominator)))
    shares = [divmod(abs(each), denominator) for each in numerators]
    left = total - sum(whole for whole, _ in shares)
    receivers = set(sorted(range(len(shares)), key=lambda index: -shares[index][1])[:left]) if left else ()
    sign = -1 if any(each < 0 for each in numerators) else 1
    return tuple(sign * (whole + (index in receivers)) for index, (whole, _) in enumerate(shares))


def _over_one_denominator(exact: Sequence[Fraction]) -> tuple[list[int], int]:
    """Fractions as integers over their common denominator: whole numbers are added and compared far faster."""
    denominator = lcm(*(part.denominator for part in exact))
    return [part.numerator * (denominator // part.denominator) for part in exact], denominator


def round_signed_parts(exact: Sequence[Fraction]) -> tuple[int, ...]:
    """Round the parts of one amount where credits and charges stand together, so that they sum to the rounded whole.

    Each part goes down or up to a neighbouring whole number, so it is less than one unit from its exact share, keeps
    its sign or becomes zero, and does not move at all when it is whole; a zero stays zero. The units left over go to
    the largest remainders above the floor and, among equals, to positive parts first and then to the earliest. Parts
    of one sign are rounded as `round_parts` does. The negated parts give the negated result. Returns one part an
    input, in order.
    """
    if not any(part.numerator < 0 for part in exact):
        return round_parts(exact)
    numerators, denominator = _over_one_denominator(exact)
    total = round_half_away(Fraction(sum(numerators), denominator))
    # counted from the floor a credit is not the mirror of a charge: so the side that is owed decides, and a sum of
    # nothing goes by its first part
    owed = total or next(each for each in numerators if each)
    if owed < 0:
        return tuple(-part for part in round_signed_parts([-part for part in exact]))
    shares = [divmod(each, denominator) for each in numerators]
    order = sorted(range(len(exact)), key=lambda index: (-shares[index][1], numerators[index] < 0))
    receivers = set(order[: total - sum(floor for floor, _ in shares)])
    return tuple(floor + (index in receivers) for index, (floor, _) in enumerate(shares))


def exact_amount(minor: Decimal | Fraction | int, currency: str) -> str:
    """An amount that may be finer than a minor unit, in the currency's main unit, with every digit it has.

    1250 cents is "12.50", Fraction(1, 8) of a cent "0.00125": never fewer digits than the currency has, never a
    trailing zero more. Raises InvalidAmount for one whose digits never end, such as a third.
    """
    digits = exponent(currency)
    exact = Fraction(minor)
    decimals = _decimals_of(exact)
    whole, part = divmod(abs(exact.numerator) * 10**decimals // exact.denominator, 10 ** (digits + decimals))
    shown = f"{part:0{digits + decimals}}" if digits + decimals else ""
    sign = "-" if exact < 0 else ""
    return f"{sign}{whole}.{shown}" if shown else f"{sign}{whole}"


def _decimals_of(exact: Fraction) -> int:
    """The fewest decimals that write `exact` whole. Raises InvalidAmount where none do."""
    rest, twos, fives = exact.denominator, 0, 0
    while rest % 2 == 0:
        rest, twos = rest // 2, twos + 1
    while rest % 5 == 0:
        rest, fives = rest // 5, fives + 1
    if rest != 1:
        raise InvalidAmount("The amount has no last digit.", exact)
    return max(twos, fives)


def fine_amount(minor: Decimal | Fraction | int, currency: str) -> str:
    """An amount that may be finer than a minor unit, in the currency's main unit, as a unit price is shown.

    Decimal("0.25") cents is "0.0025"; 1250 cents is "12.50": never fewer digits than the currency has, never a
    trailing zero more. Raises InvalidAmount for more than UNIT_DECIMALS decimals of a minor unit.
    """
    if (Fraction(minor) * 10**UNIT_DECIMALS).denominator != 1:
        raise InvalidAmount(f"A unit amount has at most {UNIT_DECIMALS} decimals of a minor unit.", minor)
    return exact_amount(minor, currency)


def read_fine_amount(text: str, currency: str) -> Decimal:
    """Read an amount as `fine_amount` writes it, into minor units: "0.0025" in dollars is Decimal("0.25").

    It has the currency's digits, and at most UNIT_DECIMALS more. Raises MalformedAmount, UnknownCurrency.
    """
    digits = exponent(currency)
    match = _PLAIN_DECIMAL.fullmatch(text) if len(text) <= 20 + UNIT_DECIMALS else None
    if match is None or not digits <= len(match[2] or "") <= digits + UNIT_DECIMALS:
        example = fine_amount(1025, currency)
        message = f"{quoted(text)} is not a unit amount in {currency} such as {example}, at most {UNIT_DECIMALS} finer."
        raise MalformedAmount((), message, text)
    sign, figures, last = Decimal(text).as_tuple()
    # put together by hand: scaleb would round to its context
    return Decimal((sign if any(figures) else 0, figures, int(last) + digits))
