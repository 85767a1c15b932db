"""Shares of a period: the factor, and the two sides of a change's delta.

The factor is remaining / total in real seconds, an exact fraction, so a month with a change of the clocks is shared
by the time that really passed. A credit looks at what a line debited over the line's own service period, a charge at
the new amount over the billing period; neither ever asks for a "current price".

Not owned here: what the new amount is (pricing/), which lines a change touches (plan_change/), usage, which is never
prorated.
"""

from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from domain.errors import InvalidAmount, OutsidePeriod
from domain.money import Money, round_half_away
from domain.periods import Period, seconds_between

_DAY_S = 86_400


@dataclass(frozen=True, slots=True)
class Prorated:
    """A share of an amount, and why: `exact_minor` is basis_minor × part_s / whole_s, rounded once to `amount`.

    A credit is negative, and so is its basis. Where the share would be more than the line has left, `left_minor`
    (same sign) is the amount instead; None where no line stands behind. `words` say to a customer what it is a share
    of; `sentence` adds what it came to, for whoever does not round it together with others.
    """

    currency: str
    basis_minor: int
    part_s: Fraction
    whole_s: Fraction
    left_minor: int | None
    words: str

    @property
    def is_capped(self) -> bool:
        """The share itself would be more than the line has left."""
        # both are negative: the one nearer zero is the smaller credit
        return self.left_minor is not None and self.basis_minor * self.part_s / self.whole_s < self.left_minor

    @property
    def exact_minor(self) -> Fraction:
        """The share before its rounding, in minor units."""
        if self.left_minor is not None and self.is_capped:
            return Fraction(self.left_minor)
        return self.basis_minor * self.part_s / self.whole_s

    @property
    def amount(self) -> Money:
        """The share by itself, rounded."""
        return Money(round_half_away(self.exact_minor), self.currency)

    @property
    def sentence(self) -> str:
        """The words and what they come to."""
        return f"{self.words}: {self.amount.spoken()}{', all that the line has left' if self.is_capped else ''}."


def factor(period: Period, at: datetime) -> Fraction:
    """The share of `period` that remains at `at` (UTC): 1 at its start, 0 at its end, an exact fraction between.

    Raises OutsidePeriod for an instant before the start or after the end.
    """
    return _remaining_s(period, at) / period.seconds


def charge_for(new: Money, billing: Period, at: datetime) -> Prorated:
    """The charge of a change at `at`: the new amount for what remains of the billing period.

    Raises OutsidePeriod for an instant that is not in the period (its end included: nothing remains then).
    """
    return _charge(new, _remaining_s(billing, at), billing.seconds, "the remaining ")


def charge_over(new: Money, part: Period, whole: Period) -> Prorated:
    """The charge of a part of a billing period: the amount of the whole, for the part's share of its seconds.

    For the rest of a period it is `charge_for`. Raises OutsidePeriod for a part that is not inside the whole.
    """
    if not whole.covers(part):
        raise OutsidePeriod("Only a part of a period is charged for a share of it.", (part, whole))
    return _charge(new, part.seconds, whole.seconds, "the remaining " if part.end == whole.end else "")


def _charge(new: Money, part_s: Fraction, whole_s: Fraction, rest: str) -> Prorated:
    words = f"Charge for {rest}{share_words(part_s, whole_s)} of {new.spoken()}"
    return Prorated(new.currency, new.minor, part_s, whole_s, None, words)


def credit_for(debited: Money, unused: Period, service: Period, already_credited: Money | None = None) -> Prorated:
    """The credit of a line, zero or negative: what it debited, for the part of its own service that goes unused.

    `debited` is the line's amount net of its discount, zero or more, and `service` the span that line covers: a line
    of an earlier change covers only the rest of its period. `unused` is most often the rest of it, and a piece before
    that when the rest was given back earlier. `already_credited` (zero or more) is what the line gave back before; a
    credit never exceeds what is left. Raises OutsidePeriod, CurrencyMismatch, and InvalidAmount for a negative line or
    one that gave back more than it took.
    """
    if not service.covers(unused):
        raise OutsidePeriod("Only a part of a line's own service can go unused.", (unused, service))
    left = debited - (already_credited or Money.zero(debited.currency))
    if not 0 <= left.minor <= debited.minor:
        raise InvalidAmount("A line gives back at most what it debited.", (debited, already_credited))
    words = f"Credit for the unused {share_words(unused.seconds, service.seconds)} of {debited.spoken()}"
    return Prorated(debited.currency, -debited.minor, unused.seconds, service.seconds, -left.minor, words)


def _remaining_s(period: Period, at: datetime) -> Fraction:
    if not period.start <= at <= period.end:
        raise OutsidePeriod("The instant is not in the period it is measured against.", (period, at))
    return seconds_between(at, period.end)


def share_words(part_s: Fraction, whole_s: Fraction) -> str:
    """A share of time in words: "15 of 30 days" where both are whole days, else seconds, which are always exact."""
    if part_s % _DAY_S == 0 and whole_s % _DAY_S == 0:
        return f"{part_s // _DAY_S} of {whole_s // _DAY_S} days"
    return f"{_decimal(part_s)} of {_decimal(whole_s)} seconds"


def _decimal(seconds: Fraction) -> str:
    whole, microseconds = divmod(round_half_away(seconds * 1_000_000), 1_000_000)
    return f"{whole}.{microseconds:06}".rstrip("0").rstrip(".")
